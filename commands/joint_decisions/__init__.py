"""Joint decisions: several linked networks vote on the same terms, and all see one result."""

from commands.joint_decisions import (
    heard_words,
    joint_proposal,
    proof,
    received_proposal,
    restored_result,
    room_messages,
    services,
    steps,
)
from commands.joint_decisions.declaration import feature

__all__ = [
    "feature",
    "heard_words",
    "joint_proposal",
    "proof",
    "received_proposal",
    "restored_result",
    "room_messages",
    "services",
    "steps",
]
