"""What a capability declares of its data: rows about people and rooms, log lines, erasure."""
