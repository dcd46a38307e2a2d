"""What a need and an offer are about, and whether they fit. Pure."""
