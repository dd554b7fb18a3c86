"""A second way to every figure, in plain Python from the raw webhooks, held against the first."""
