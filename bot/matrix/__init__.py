"""The only package that imports matrix-nio."""
