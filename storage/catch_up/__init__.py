"""What of a room is still to be read: gaps, missing keys, ids that are not known yet."""
