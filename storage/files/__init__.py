"""What keeps the files of the data folder safe: lock, backup, upkeep, earlier runs."""
