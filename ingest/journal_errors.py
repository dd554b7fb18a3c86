"""What can go wrong with the journal. Pure."""

from __future__ import annotations


class JournalError(Exception):
    """A webhook was not, or may not have been, made durable: it must not be acknowledged.

    JournalError
    ├── JournalOverloadedError     too many webhooks are waiting
    ├── JournalUnavailableError    the file could not be opened, read, written or synced
    └── JournalDamagedError        the file says what cannot be; a human must act
    """


class JournalOverloadedError(JournalError):
    """Too many webhooks are waiting for the journal."""


class JournalUnavailableError(JournalError):
    """The journal could not be opened, read, written or synced."""


class JournalDamagedError(JournalError):
    """The journal contradicts itself or the event log."""
