"""What is put behind the same server, to be compared: one application a module."""
