"""What goes wrong in the front door itself."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot do what it was asked; the message is one line that says why.

    CommandError
    ├── AlertsError     an alert cannot be sent, or there is nobody to send it to
    ├── AnswerError     the answer to a query cannot be put where it should go
    ├── ServeError      the server cannot be started
    └── StoppedError    Ctrl-C; exit code 130, as for any program that it ends
    """

    exit_code = 1


class AlertsError(CommandError):
    """An alert cannot be sent, or there is nobody to send it to."""


class AnswerError(CommandError):
    """The answer to a query cannot be put where it should go."""


class ServeError(CommandError):
    """The server cannot be started."""


class StoppedError(CommandError):
    """Ctrl-C stopped the query; the exit code is 130."""

    exit_code = 130
