"""What an inbound event goes through, one stage after the other."""
