"""What a capability declares and what it gets."""
