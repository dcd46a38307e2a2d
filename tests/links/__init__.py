"""Several networks in one process: linked, sharing, deciding, and attacked."""
