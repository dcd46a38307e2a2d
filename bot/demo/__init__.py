"""What `make demo` needs: an embedded homeserver and a chat in the terminal."""
