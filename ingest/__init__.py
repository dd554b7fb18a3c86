"""The writing side: from an HTTP request to a sealed event."""
