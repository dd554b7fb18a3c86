"""What goes wrong in the front door itself."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot do what it was asked; the message is one line that says why.

    CommandError
    └── ServeError    the server cannot be started
    """


class ServeError(CommandError):
    """The server cannot be started."""
