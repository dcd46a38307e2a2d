"""Declare the drafts: texts that a room writes together, amends and adopts."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("drafts", Path(__file__).parent, needs=("library", "poll_book"))

ADOPT_JOB = feature.job("adopt")
AMEND_JOB = feature.job("amend")

DRAFTS = Topic(
    "drafts",
    words("borradores", "rascunhos", "drafts", "enmiendas | emendas | amendments"),
    _("Texts written together"),
)
DRAFT_EXAMPLE = _("For example: `!draft charter` and below it the paragraphs, one a line")
AMEND_EXAMPLE = _("For example: `!amend charter 3: We meet every month`")
MOST_DRAFTS = 50
"""How many drafts a room can have open at once."""
MOST_OPEN = 50
"""How many amendments of one draft can be open at once."""
MOST_VERSIONS = 500
SHOWN_AT_ONCE = 10
LONGEST_COMMENT = 500
MOST_COMMENTS = 200
