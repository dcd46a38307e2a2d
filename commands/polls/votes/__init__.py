"""How votes are read, cast and counted."""
