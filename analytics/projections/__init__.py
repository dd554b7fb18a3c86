"""Tables derived from the event log that can be deleted and made again from it."""
