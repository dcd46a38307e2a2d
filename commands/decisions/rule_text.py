"""Describe the rule of a poll in a few words, for minutes and tables."""

from __future__ import annotations

from bot.api import Line
from commands.decision_rules import kinds
from commands.poll_book.poll import Poll


def describe_rule(poll: Poll, *, names_kind: bool = True) -> Line:
    """Return the decision's kind, method, threshold, quorum and secrecy in words."""
    asked = poll.rule
    quorum = str(asked.quorum) if asked.quorum else ""
    return kinds.describe_rule(
        asked.kind, poll.question, quorum, secret=asked.secret, names_kind=names_kind
    )
