"""A person's rights: see what is kept of them, have it deleted, and limit how long it is kept."""

from __future__ import annotations

from commands.rights import forget_me, forgetting_words, message_deletion, my_data, retention
from commands.rights.declaration import feature

__all__ = ["feature", "forget_me", "forgetting_words", "message_deletion", "my_data", "retention"]
