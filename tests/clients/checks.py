"""What matters most to somebody who reads the bot in a client, each with ok or not ok."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from commands.poll_book import bar_chart
from tests.clients.page import ClientPage

READABLE = 4.5
"""WCAG 2.2 AA for text of ordinary size."""
MOST_HELP_LINES = 10
LEAST_PIXELS = 11.0
"""CSS pixels of the smallest letters that many people read."""
MOST_HIDDEN = 2 * bar_chart.MARGIN / bar_chart.WIDTH
"""The part of a picture that is empty on purpose: narrow clients cut off its sides."""


@dataclass(slots=True)
class Report:
    """`checked` keeps the order of the scene."""

    checked: list[tuple[str, bool, str]] = field(default_factory=list)

    def note(self, what: str, found: str, *, ok: bool) -> None:
        """Add a check and print it. `found` says what was seen."""
        self.checked.append((what, ok, found))
        print(f"{'ok    ' if ok else 'not ok'}  {what}: {found}", flush=True)  # noqa: T201

    @property
    def failed(self) -> int:
        return sum(not ok for _what, ok, _found in self.checked)

    def page(self) -> str:
        """The checks as lines of a text file."""
        return "".join(
            f"{'ok    ' if ok else 'not ok'}  {what}: {found}\n" for what, ok, found in self.checked
        )


async def check_help(report: Report, client: ClientPage, words: str) -> None:
    looks, lines = await client.looks(words), await client.lines(words)
    bold = await client.said(words).locator(client.body).last.locator("strong, b").count()
    report.note(
        "help is short, readable and has bold subjects",
        f"{len(lines)} lines, {bold} bold, contrast {looks.contrast:.1f}",
        ok=len(lines) <= MOST_HELP_LINES and bold > 0 and looks.contrast >= READABLE,
    )


async def check_options(
    report: Report, client: ClientPage, words: str, options: tuple[str, ...]
) -> None:
    lines = await client.lines(words)
    alone = [one for one in options if any(one in line and "·" not in line for line in lines)]
    report.note(
        "options stand one a line", f"{len(alone)} of {len(options)}", ok=alone == [*options]
    )


async def check_one_result(report: Report, client: ClientPage, first: str, votes: int) -> None:
    """Everything in the timeline that says how many voted for an option, native polls too."""
    told = re.compile(rf"{first}(?:: (?=\d)|\s+(?=\d+ voto))(\d+)")
    said = [int(count) for text in await client.bodies() for count in told.findall(text)]
    report.note(
        "one vote has one result", f"it is said {len(said)} times: {said}", ok=said == [votes]
    )


async def check_ordinary(report: Report, client: ClientPage, what: str, words: str) -> None:
    """As dark and upright as what a person writes."""
    looks, person = await client.looks(words), await client.own_looks()
    report.note(
        f"{what} is no small print",
        f"contrast {looks.contrast:.1f}, a person's {person.contrast:.1f}"
        + (", in italics" if looks.italic else ""),
        ok=not looks.italic and looks.contrast >= person.contrast - 0.1,
    )


async def check_picture(report: Report, client: ClientPage, caption: str) -> None:
    """Its smallest letters as the client shows them, whether all of it is seen, its caption."""
    shown = await client.shown_picture()
    letters = bar_chart.TYPE * shown.scale
    report.note(
        f"the picture of a result can be read at {client.narrowest} px",
        f"letters of {letters:.1f} px, {shown.hidden:.0%} cut off",
        ok=letters >= LEAST_PIXELS and shown.hidden <= MOST_HIDDEN,
    )
    lines = caption.strip().splitlines()
    report.note("its caption is one line", repr(caption), ok=len(lines) == 1)
