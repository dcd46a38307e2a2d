"""Everything on disk, encrypted. Of `bot` it imports only `bot.types`."""
