"""The contract between writing and reading: what an event is, where it lies, how it is kept."""
