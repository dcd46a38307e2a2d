"""The files of a secret vote, and the tool that checks them."""
