"""Two networks connect, keep in touch and part."""
