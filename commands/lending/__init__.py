"""Lending: things of people, rooms and the network, their loans, and who waits for them."""

from __future__ import annotations

from commands.lending import (
    borrow_command,
    confirmations,
    due_jobs,
    handover,
    lend_command,
    lent_no_more,
    loan_lists,
    services,
)
from commands.lending.declaration import feature

__all__ = [
    "borrow_command",
    "confirmations",
    "due_jobs",
    "feature",
    "handover",
    "lend_command",
    "lent_no_more",
    "loan_lists",
    "services",
]

ORDER = ("lend", "borrow", "received", "returned", "loans")
"""The commands in the order the help lists them."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
