"""The signed log of all changes of the site, and its check."""
