"""A network that becomes two: which rooms go to another bot, and what goes with them."""
