"""An organisation's own list: the people on it are let in without questions."""
