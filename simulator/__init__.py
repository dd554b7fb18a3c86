"""A stand-in for SMSO: the webhooks of a month, or of this minute, without anyone's telephone."""
