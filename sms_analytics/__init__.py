"""The front door: command line, settings, server and scheduler."""
