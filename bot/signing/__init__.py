"""What is hashed, signed or sealed."""
