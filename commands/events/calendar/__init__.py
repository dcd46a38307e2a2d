"""Events as calendar files, pictures, digests and copies in linked networks."""
