"""Two bots of one network that was split: who has which room, through kills."""
