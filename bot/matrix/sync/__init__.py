"""From the homeserver's sync to the inbox: gaps, order, translation."""
