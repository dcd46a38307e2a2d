"""The broken set-ups that a review tried by hand, and what `minga doctor` says of each."""
