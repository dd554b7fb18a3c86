"""The same fold, events to one row a message, by several engines: one program a module.

Each is run as `python -m benchmarks.folds.NAME EVENTS OUT` in a process of its own, and prints
one line of JSON: the seconds that it took, without imports, and what it counted.
"""
