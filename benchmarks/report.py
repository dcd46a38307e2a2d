"""A run as a table of text or Markdown: medians, ratios, and whether each goal is reached."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Figure, Run

HEAD = ("What", "minga", "nio", "maubot", "÷ nio", "÷ maubot", "Goal", "")
OURS, NIO, MAUBOT = HEAD[1:4]


def rows(run: Run, point: int = 0) -> list[tuple[str, ...]]:
    """Return a row for each figure, or for each of one point."""
    return [_row(figure) for figure in run.figures if point in (0, figure.point)]


def _row(figure: Figure) -> tuple[str, ...]:
    bots = [
        f"{_number(figure.median(bot))} {figure.unit}".strip() if figure.rounds.get(bot) else "–"
        for bot in (OURS, NIO, MAUBOT)
    ]
    ratios = [_ratio(figure.ratio(OURS, beside)) for beside in (NIO, MAUBOT)]
    outcome = {None: "", True: "✓", False: "✗"}[figure.outcome(OURS)]
    goal = str(figure.goal) if figure.goal else ""
    others = [
        f"{name}: {_number(figure.median(name))} {figure.unit}".strip()
        for name in figure.rounds
        if name not in HEAD
    ]
    name = f"{figure.name} ({', '.join(others)})" if others else figure.name
    return (f"{figure.point}. {name}", *bots, *ratios, goal, outcome)


def _number(value: float) -> str:
    """Return a number with three digits that count."""
    if value and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}".replace(",", " ")


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def text_table(run: Run) -> str:
    """Return the table for a terminal."""
    lines = [HEAD, *rows(run)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown_table(lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> str:
    """Return a table of Markdown."""
    table = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in table) + "\n"
