"""What `minga doctor` looks at, and what it says."""
