"""`python -m benchmarks.page`: docs/benchmarks.md from the figures of the run that is kept."""

from __future__ import annotations

import subprocess

from benchmarks import limits_page
from benchmarks.bots import PEERS
from benchmarks.figures import Run, Whole, read_run
from benchmarks.limits_page import with_figures
from benchmarks.pictures import FOLDER, KEPT, PICTURES, ROOT
from benchmarks.report import markdown_table, rows

PAGE = ROOT / "docs/benchmarks.md"
HEAD = """# Measured beside other bots

`make bench-long` measures all of this and writes this page; `make bench` is the short form. Under
each heading stand the command, the day, the commit and the machine of its figures. Raw figures,
each round by itself: `benchmarks/results.json`.

Beside ours run two bots that only say again what they hear: one on plain matrix-nio (0.26.0, the
library that ours stood on), one on maubot (0.6.0, with encryption by libolm). All are on the same
Synapse, with SQLite, on the same machine, which is also the members'. Rounds are in turns: a ratio
is the median over the rounds of ours divided by the other in the same round; there is none where
the other had less to do. Processor time and memory are what the kernel counts of the process. ✓ and
✗ say whether a goal was reached; beside its medians the least and the most of all rounds stand in
brackets.

Goals of memory are in MB, which are 10⁶ bytes; the same in MiB (2²⁰ bytes) stands beside. Tracing
wraps functions of the bot from outside (`benchmarks/tracing.py`): where it is off there is nothing
of it to be called, and that none of it is loaded is what is counted. Traffic is what passes to and
from a plain client, with the heads of its requests, without TLS and compression. Of the image what
it adds to its base is measured, made by the steps of `Dockerfile`; its base, Python's slim image of
Debian, is not: there is no container engine here. What the tests take is of `make test-cost`.
"""
TITLES = {
    1: "Round trip of a command in an encrypted room, and its parts",
    2: "A burst of commands from eight people in four rooms",
    3: "What waits after an outage",
    4: "First answer in rooms with many signed devices",
    5: "Start in a large network",
    6: "Growth, and single parts without a homeserver",
    7: "An idle hour in a large network",
    8: "Start of the process, and what is installed",
    9: "The tests: processor time of all, and of the dearest files",
}


NOTES = {
    1: """\
Asked in turns, each bot's processor time is taken over twenty commands, with what it does between
them while the others are asked, and divided by twenty. With tracing off and on ours alone is asked,
after a start.
""",
    2: """\
Each round has one burst for every bot, in rooms where no other bot is. Right before it the
homeserver alone takes as much: the same commands by the same people in rooms without a bot, and
meanwhile as many answers, encrypted beforehand, by an account that reads nothing. A bot's share is
its rate divided by that one; `nobody` is the median of all.
""",
    4: """\
Each round has a new room and people whom no bot knows. Asked after two seconds of rest, a bot gives
the usual answers, and the first one after its process was killed and started again. A round has
several of each and counts by their medians; ours is started again more often than the others
(`LONG_DEVICES` in `benchmarks/__main__.py`), for a goal judges what it does then.
""",
    5: """\
Every start is of a bot that was in all rooms before and kept its data and its place in the sync: it
asks the homeserver for what came since, a single command (the one on nio for all rooms' state too).
Warm, the homeserver goes on; cold, it was just started again, and no file of it or of the bots is
in the kernel's memory. The goal is two seconds more than the median of the homeserver's own first
/sync, as cold, and from no place: all rooms with their members and what was last said.
""",
    6: """\
All of this runs on the fake gateway of the tests: there is no homeserver, no encryption and no key
store. The command is a tap on a poll, the list of this month's events, the newest resources, or
what is open; every tap must count, and every other command be answered. How often the database is
asked for a message is held by `tests/run/test_statement_counts.py`, on that gateway too, and how
often the key store is by `tests/matrix/test_key_store_counts.py`.
""",
}
"""What must be known of how a point is measured."""


def compose(run: Run) -> str:
    """Return the page of a run."""
    texts = [HEAD, *(_whole(form, whole) for form, whole in run.wholes.items())]
    for point, title in TITLES.items():
        made = [part for part in run.parts.values() if point in {f.point for f in part.figures}]
        lines = [(row[0].partition(". ")[2], *row[1:]) for row in rows(run, point)]
        texts += [f"## {point}. {title}\n", NOTES.get(point, "")]
        texts += [f"{part}.\n" for part in made]
        table = markdown_table(lines) if lines else "Not measured yet.\n"
        texts += [table, _reasons(run, point), _picture(run, point)]
    if run.broken:
        texts.append("## What broke off\n")
        texts += [f"- {name}: {error}\n" for name, error in run.broken.items()]
    texts.append("## What the single parts said\n")
    for module, said in ((m, s) for part in run.parts.values() for m, s in part.notes.items()):
        texts.append(f"`python -m {module}`\n\n```text\n" + "\n".join(said) + "\n```\n")
    return "\n".join(text for text in texts if text)


def _whole(form: str, whole: Whole) -> str:
    """Return how long a form took in one go."""
    command = {"long": "make bench-long", "short": "make bench"}[form]
    minutes, seconds = divmod(whole.seconds, 60)
    broken = f"; {whole.broken} parts broke off" if whole.broken else ""
    when = whole.ended.partition("T")[0]
    return (
        f"All parts of the {form} form in one go, `{command}`: {minutes} min {seconds} s"
        f" ({when}, commit {whole.commit}, {whole.machine}{broken}).\n"
    )


def _reasons(run: Run, point: int) -> str:
    """Return why figures and ratios of a point are missing, each reason once."""
    figures = [figure for figure in run.figures if figure.point == point]
    every = [f"Missing: {reason}" for figure in figures for reason in figure.missing]
    every += [
        f"No ratio beside {bot}: {reason}."
        for figure in figures
        for bot, reason in figure.incomparable.items()
    ]
    return "".join(f"- {reason}\n" for reason in dict.fromkeys(every))


def _picture(run: Run, point: int) -> str:
    shown = []
    for picture in PICTURES:
        figures = picture.choose(run.figures)
        if figures and figures[0].point == point:
            words = picture.describe(figures).replace("[", "(").replace("]", ")")
            shown.append(f"![{words}]({FOLDER.name}/{picture.name}.svg)\n")
    return "\n".join(shown)


def publish() -> None:
    """Draw the pictures and write the page of the run that is kept, and its figures elsewhere."""
    subprocess.run([PEERS, "-m", "benchmarks.plots"], cwd=ROOT, check=True)  # noqa: S603
    run = read_run(KEPT)
    PAGE.write_text(compose(run), "utf-8")
    limits_page.PAGE.write_text(with_figures(limits_page.PAGE.read_text("utf-8"), run), "utf-8")


if __name__ == "__main__":
    publish()
