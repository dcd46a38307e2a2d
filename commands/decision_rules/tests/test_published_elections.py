"""Real elections counted by both of our programs: a folder of `.blt` files.

`MINGA_BLT=folder .venv/bin/python -m pytest -s` and this file; without a folder a small one is
counted. None is in the repository: the 1,100 Scottish council elections since 2007 are in
https://github.com/mggg/scot-elex.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

from bot.api import Number
from commands.decision_rules.ballots import PollQuestion, Profile, make_ballot, sum_ballots
from commands.decision_rules.seat_count import UNIT, count_stv
from commands.decision_rules.tests.paper_count import PaperCount

FOLDER = os.environ.get("MINGA_BLT", "")
SMALL = """4 2
-3
6 1 2 0
3 2 0
2 3 2 0
2 4 1 0
0
"Ana"
"Bea"
"Carla"
"Dora"
"A small one"
"""


def read_blt(text: str) -> tuple[PollQuestion, Profile]:
    """Return the election of a file in the format of OpenSTV: lines of weight and ranking."""
    lines = [line.replace(",", " ").split() for line in text.splitlines()]  # some have commas
    count, seats = map(int, lines[0])
    gone = frozenset(-int(one) for one in lines[1] if one.startswith("-"))
    cast = []
    for line in lines[2 if gone else 1 :]:
        if line == ["0"]:
            break
        weight, *ranked, end = map(int, line)
        assert end == 0, line
        cast.append((make_ballot({place: at for at, place in enumerate(ranked, 1)}), weight))
    labels = tuple(f"P{place}" for place in range(1, count + 1))
    asked = PollQuestion(Number(57), labels, "Ward", seats=seats, withdrawn=gone)
    return asked, sum_ballots(cast)


def check_both(question: PollQuestion, profile: Profile) -> int:
    """Compare each vote of each round. Return how many rounds there were."""
    found, second = count_stv(profile, question), PaperCount(question, profile)
    assert sorted(second.run()) == sorted(one.place for one in found.won)
    ours = [{p: Decimal(u) / UNIT for p, u in one.units} for one in found.rounds]
    assert ours == second.stages
    return len(ours)


def test_a_file_is_read_as_it_is_meant() -> None:
    question, profile = read_blt(SMALL)
    assert (question.seats, len(question.labels), question.withdrawn) == (2, 4, frozenset({3}))
    assert profile == {((1, 1), (2, 2)): 6, ((2, 1),): 3, ((2, 2), (3, 1)): 2, ((1, 2), (4, 1)): 2}
    assert [one.place for one in count_stv(profile, question).won] == [1, 2]


def test_two_programs_agree_on_each_vote_of_each_round_of_published_elections(
    tmp_path: Path,
) -> None:
    if not FOLDER:
        (tmp_path / "small.blt").write_text(SMALL.replace("-3\n", ""))
    files = sorted(Path(FOLDER or tmp_path).rglob("*.blt"))
    assert files, FOLDER
    rounds = sum(check_both(*read_blt(file.read_text(errors="replace"))) for file in files)
    sys.stdout.write(f"{len(files)} elections, {rounds} rounds alike\n")
