"""Questions of the bot: how one is kept, what answers it, and dialogues of several."""
