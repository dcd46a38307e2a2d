"""Real parts: Synapse (two, federating), Element's engine, plain nio, faults between them."""
