"""Lists of expected people, made by an organisation: they are let in without questions."""
