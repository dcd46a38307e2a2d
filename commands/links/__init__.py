"""Networks that share and decide together, each on its own homeserver."""
