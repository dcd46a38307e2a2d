"""A run as a table of text or Markdown: medians, ratios, and whether each goal is reached.

Where a goal stands, the least and the most of all rounds stand beside its medians.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.figures import Figure, Run

HEAD = ("What", "minga", "nio", "maubot", "÷ nio", "÷ maubot", "Goal", "", "Rounds")
OURS, NIO, MAUBOT = HEAD[1:4]


def rows(run: Run, point: int = 0, older: str = "") -> list[tuple[str, ...]]:
    """Return a row for each figure, or for each of one point.

    With `older`, the name of a bot, two cells follow: its value, and ours divided by it.
    """
    return [_row(figure, older) for figure in run.figures if point in (0, figure.point)]


def _row(figure: Figure, older: str) -> tuple[str, ...]:
    bots = [_value(figure, bot) for bot in (OURS, NIO, MAUBOT)]
    ratios = [_ratio(figure, beside) for beside in (NIO, MAUBOT)]
    outcome = {None: "", True: "✓", False: "✗"}[figure.outcome(OURS)]
    goal = str(figure.goal) if figure.goal else ""
    others = [
        f"{name}: {median_text(figure, name)}"
        for name in figure.rounds
        if name not in (*HEAD, older)
    ]
    name = f"{figure.name} ({', '.join(others)})" if others else figure.name
    last = (_value(figure, older), _ratio(figure, older)) if older else ()
    return (f"{figure.point}. {name}", *bots, *ratios, goal, outcome, _rounds(figure), *last)


def _rounds(figure: Figure) -> str:
    """Return how many rounds ours had, or whoever is measured instead."""
    shown = [OURS] if OURS in figure.rounds else figure.rounds
    return str(max((len(figure.rounds[bot]) for bot in shown), default=0))


def _value(figure: Figure, bot: str) -> str:
    spread = _spread(figure.values(bot), _number) if figure.goal else ""
    return median_text(figure, bot) + spread


def _ratio(figure: Figure, beside: str) -> str:
    found = figure.ratio(OURS, beside)
    if found is None:
        return "–"
    is_judged = figure.goal is not None and figure.goal.beside == beside
    spread = _spread(figure.ratios(OURS, beside), _times) if is_judged else ""
    return _times(found) + spread


def _spread(values: Sequence[float], text: Callable[[float], str]) -> str:
    """Return the least and the most of the values, if they differ as they are shown."""
    ends = list(dict.fromkeys(text(end(values)) for end in (min, max))) if values else []
    return f" [{'–'.join(ends)}]" if len(ends) > 1 else ""


def median_text(figure: Figure, bot: str) -> str:
    """Return the median over a bot's rounds with its unit; a dash if it has none, and "missing" if
    none of them could be measured. Beside MB, of which goals speak, stand MiB."""
    if not figure.values(bot):
        return "missing" if figure.rounds.get(bot) else "–"
    median = figure.median(bot)
    more = f" ({_number(median * 10**6 / 2**20)} MiB)" if figure.unit == "MB" else ""
    return f"{_number(median)} {figure.unit}{more}".strip()


def _number(value: float) -> str:
    """Return a number with three digits that count."""
    if value and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}".replace(",", " ")


def _times(value: float) -> str:
    return f"{value:.2f}"


def text_table(run: Run, older: str = "") -> str:
    """Return the table for a terminal, with two more columns for an `older` bot of this name."""
    head = (*HEAD, older, f"÷ {older}") if older else HEAD
    lines = [head, *rows(run, older=older)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown_table(lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> str:
    """Return a table of Markdown."""
    table = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in table) + "\n"
