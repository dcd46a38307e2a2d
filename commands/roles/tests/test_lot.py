"""The draw by lot, counted again with nothing but SHA-256."""

from __future__ import annotations

import re
import subprocess
from hashlib import sha256

from bot.types import UserId
from commands.roles import lot

PEOPLE = [UserId(f"@p{n}:test") for n in range(40)]
SECRET = "5a" * 32
WORDS = {PEOPLE[3]: "girasol", PEOPLE[1]: "río"}


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_the_draw_is_what_anybody_counts_again() -> None:
    seed = sha(f"{SECRET}\n@p1:test río\n@p3:test girasol")
    order = sorted(PEOPLE, key=lambda who: sha(f"{seed} {who}"))
    assert lot.draw_order(SECRET, WORDS, PEOPLE) == order
    assert lot.draw_order(SECRET, WORDS, reversed(PEOPLE)) == order
    assert lot.promise(SECRET) == sha(SECRET)
    sheet = lot.sheet_lines(SECRET, WORDS, order)
    marks = [m.groups() for line in sheet if (m := re.fullmatch(r"([0-9a-f]{64}) (@\S+)", line))]
    assert [who for _mark, who in marks] == order
    assert [mark for mark, _who in marks] == sorted(mark for mark, _who in marks)


def test_the_line_of_the_sheet_says_the_promise_in_a_shell() -> None:
    sheet = lot.sheet_lines(SECRET, WORDS, PEOPLE)
    line = next(line for line in sheet if line.startswith("printf") and SECRET in line)
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)  # noqa: S603, S607
    assert done.stdout.split()[0] == lot.promise(SECRET)


def test_every_word_changes_who_is_drawn_and_everybody_is_drawn_as_often() -> None:
    drawn = [lot.draw_order(SECRET, {PEOPLE[0]: f"palabra {n}"}, PEOPLE)[0] for n in range(4000)]
    counts = [drawn.count(who) for who in PEOPLE]
    expected = len(drawn) / len(PEOPLE)
    # Pearson's chi-squared with 39 degrees of freedom: 72.1 has a chance of 0.1 %.
    assert sum((count - expected) ** 2 / expected for count in counts) < 72.1
