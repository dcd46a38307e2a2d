"""The files of which pages are made, and the error for one that a network may not have."""

from __future__ import annotations

from bot.api import Line

PAGE, STYLE = "page.html", "style.css"
PARTS = ("home.html", "list.html", "item.html", "withdrawn.html", "check.html")
NAMES = (PAGE, *PARTS, STYLE)
"""All files that a network may replace."""


class UnfitTemplate(Exception):
    """A template asks for more than it may have. `line` says which and why."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.in_english())
        self.line = line
