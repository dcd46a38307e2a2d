"""Signed messages between networks: envelopes, chains, what is missing, what is refused."""
