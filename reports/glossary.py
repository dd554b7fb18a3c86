"""The definitions shown beside the figures, in words. Pure."""

from __future__ import annotations

from analytics.door import CatalogueInfo

SEEN = (
    "Rates are over messages seen: a message for which no webhook ever came is not "
    "counted, because nothing here knows of it."
)


def outcomes(about: CatalogueInfo) -> str:
    """Define the outcomes of messages."""
    return (
        "A message counts on the day it was sent, in the report time zone. Its outcome is "
        "the first final status that was ingested: delivered, undelivered, expired or "
        f"error. Without one it is pending for {about.horizon_hours} hours after it was "
        "sent, and unknown after that. A day that still has pending messages is "
        "provisional. Delivery rate = delivered ÷ messages; receipt coverage = messages "
        f"with a final status ÷ messages. {SEEN}"
    )


LATENCY = (
    "Latency = delivered_at − sent_at, both by SMSO's clock, which ticks in seconds. Only "
    "messages whose final status is delivered and that have both times; a negative one "
    "counts as a clock anomaly and is left out. p95 is the time within which 95 % of them "
    "arrived, by linear interpolation. On provisional days the slowest are still on their "
    "way, so the figures can rise."
)
HISTOGRAM = (
    "Messages whose final status is delivered and whose latency is known, by latency. A "
    "bin takes in its lower edge and leaves out its upper one. The bins grow wider, from "
    "one second to a day, so compare the line rather than the areas."
)


def networks(about: CatalogueInfo) -> str:
    """Define a network and its rates."""
    return (
        "A network is the pair of mcc and mnc that SMSO reports for the number; the "
        "number's prefix never decides it, since numbers are ported. One that was renamed "
        "is one line, under its latest name; in SQL it is a row for each name. Delivery rate "
        "= delivered ÷ messages, with its Wilson 95 % interval; networks whose intervals "
        "overlap are not ranked. Within 10 s = delivered within 10 s ÷ messages sent at "
        "least 10 s ago. Change is in percentage points, settled days against the period "
        "before, and grey where it may be noise. Reply rate = delivered messages answered "
        f"within {about.reply_window_hours} h ÷ delivered messages older than that. {SEEN}"
    )


def campaigns(about: CatalogueInfo) -> str:
    """Define a campaign."""
    return (
        "A campaign is the name in the webhook's URL: ?campaign=NAME, or the last part of "
        "its path. Delivery rate = delivered ÷ messages, with its Wilson 95 % interval. "
        f"Reply rate = delivered messages answered within {about.reply_window_hours} h ÷ "
        f"delivered messages older than that. {SEEN}"
    )


def replies(about: CatalogueInfo) -> str:
    """Define replies and the reply rate."""
    window = about.reply_window_hours
    return (
        "A reply is a distinct number, time, text and reference, and counts on the day it "
        "was received. Explicit: it names a known message. Inferred: the latest message "
        f"to that number within {window} h before it. Unsolicited: neither. Reply rate = "
        f"delivered messages with a reply within {window} h ÷ delivered messages older "
        "than that, by the day sent. Time to reply = received_at − delivered_at. Opt-out: "
        "the whole text is one of the configured words."
    )


def weekly(about: CatalogueInfo, what: str) -> str:
    """Define a heat map of the week."""
    return (
        f"{what}, taken together by weekday and hour of the report time zone ({about.time_zone})."
    )


def best_hour(about: CatalogueInfo) -> str:
    """Define when it is best to send."""
    return (
        "By the hour of the day sent, in the report time zone: delivered messages answered within "
        f"{about.reply_window_hours} h ÷ delivered messages older than that, and the time to the "
        "first reply, of hours all of whose messages are older. An hour is named only where its "
        "95 % interval (Wilson's of the rate; of the median, from the ranks of the times) meets "
        "that of no other hour with 30 messages or replies, and where it differs from each beyond "
        "chance, all hours, parts of the day and networks of the card taken together; else a part "
        "of the day (from 00, 06, 12 or 18 h), on the same terms. Who is written to at which hour "
        "is not left to chance, so an hour may be answered more for what was sent then."
    )


RECIPIENTS = (
    "Time to reply = received_at − delivered_at of the message that the reply answers; a reply "
    "earlier than its delivery is left out here and counted under data quality."
)
CONVERSATIONS = (
    "A conversation is all messages to and replies from one number with no silence longer than "
    "24 hours (a setting), and at most 7 days long. A turn is a run of one side: two turns are a "
    "message and its reply. First reply = the first reply − our first message before it. A "
    "conversation is open while another message or reply would still belong to it."
)
LAG = (
    "Receipt lag = when a delivered receipt reached us − delivered_at. It is our clock less "
    "SMSO's, and so is never mixed with latency; a long lag means late news, not late delivery."
)
HONESTY = (
    "A reply is proof of delivery. Counted are replies to messages that are undelivered, expired, "
    "error or unknown, or that came before delivered_at; of the messages not delivered, those "
    "with a reply; and the share of latencies of 0 or 1 s, sooner than a phone answers. An "
    "inferred reply may answer an earlier message: those that name theirs count more. These are "
    "indicators, and no proof of fraud."
)
CURVE = (
    "The share of all messages sent that were delivered within a time, by Aalen and Johansen's "
    "estimator: a message that still waits counts for as long as it was watched, and one that "
    "ended otherwise will never be delivered. So a bad hour is seen before its receipts are "
    "complete. A line ends where it rises no more. The 95 % intervals are Wilson's, of as many "
    "messages as would vary as much: what still waits counts for less."
)
LAST_HOUR = (
    "Messages sent in the hour before these figures. The share delivered within a time is Aalen "
    "and Johansen's estimate, as in the curve of arrivals: a message that still waits counts for "
    "as long as it was watched, so the hour is judged before its receipts are complete. It is "
    "worse or better only where its 95 % interval and that of the period do not overlap."
)
FLOWS = (
    "A number moved when a message or a reply shows it on another network than before: it was "
    "ported, or SMSO tells otherwise. Its prefix decides nothing. Delivery rate = delivered ÷ "
    "messages to these numbers in the 30 days before and after the move, no further than the "
    "next one. A message without a final status may still be told to be delivered: a change is "
    "only coloured if it is clear whatever these turn out to be. The last column is the difference "
    "of the two networks for everybody, on settled days: a move may explain as much."
)
CHANGES = (
    "The change of a rate, split exactly. Did better or worse: the change of a network's own rate, "
    "weighed by the mean of its two shares of the messages. Traffic: the change of its share, "
    "weighed by how far its rate is from the rate of all. Both, over all networks, add up to the "
    "change, and the same with the periods exchanged. A network without messages on one side takes "
    "its rate from the other. Only settled days are compared: those before the first that still "
    "has pending messages. What one network did is beyond chance when the interval of its change "
    "leaves out zero, wide enough for as many comparisons as there are networks. Hours of the day "
    "split the same change another way."
)
RESTATEMENTS = (
    "Delivery rate = delivered ÷ messages of a day sent, as it read by the receipts that had come, "
    "by our clock: at the end of that day, of the next one, and now. Of several final statuses the "
    "first to come stands, so a day is restated only by what had been missing: receipts, or "
    "messages that no webhook had spoken of. The view has every day on which anything came."
)
QUALITY = (
    "Counts of things that are wrong with the data rather than with the network, over the "
    "days of the period. They are shown on every report so that the one is not taken for "
    "the other."
)
