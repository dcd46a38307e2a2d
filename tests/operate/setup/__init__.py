"""What `minga init` asks, checks and makes."""
