"""What the machine does in rooms by itself, without any capability."""
