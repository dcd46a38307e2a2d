"""Collect and check what is saved: typed names and words, web links and files."""
