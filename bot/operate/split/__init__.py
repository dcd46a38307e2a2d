"""`minga split`: a network becomes two, with a bot each (docs/decisions/0048)."""
