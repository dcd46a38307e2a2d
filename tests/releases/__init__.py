"""What each release leaves for the tests and for who installs it: data, hashes, signatures."""
