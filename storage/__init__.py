"""Everything on disk, encrypted. Imports only `bot.types`."""
