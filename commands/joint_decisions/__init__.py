"""Joint decisions: several linked networks vote on the same terms, and all see one result."""

from commands.joint_decisions import joint_proposal, proof, room_messages, services, steps
from commands.joint_decisions.declaration import feature

__all__ = ["feature", "joint_proposal", "proof", "room_messages", "services", "steps"]
