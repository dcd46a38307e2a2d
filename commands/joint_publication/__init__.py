"""Making a joint decision public: only when all networks that it names said yes."""

from commands.joint_publication import (
    agreement,
    heard_words,
    own_yes,
    public_joint_decision,
    services,
)
from commands.joint_publication.declaration import feature

__all__ = ["agreement", "feature", "heard_words", "own_yes", "public_joint_decision", "services"]
