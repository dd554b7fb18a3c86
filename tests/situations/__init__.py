"""One folder a situation: what came, and what must be said of it, worked out by hand.

    NAME/README.md         two lines: the situation, and the rule that decides it
    NAME/webhooks.ndjson   recorded webhooks, as `sms-analytics import` takes them
    NAME/definitions.toml  what differs from the default: as_of, time_zone, …; between, for macros
    NAME/expect.VIEW.csv   the rows of a view or macro, with only the columns that matter here

In a CSV an empty cell is NULL, a fraction may be written 2/3, and ~ says that a number is rounded.
"""
