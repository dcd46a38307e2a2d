"""The only package that knows Matrix: its encryption and its HTTP."""
