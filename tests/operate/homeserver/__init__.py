"""The folder that `minga init --with-homeserver` writes, without starting anything of it."""
