"""The files of a secret vote, and what checks them."""
