"""Ratios are those of interleaved rounds, and a run comes back from its JSON as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.figures import Figure, Goal, Part, Rounds, Run, read_run
from benchmarks.report import HEAD, markdown_table, rows, text_table


def figure(goal: Goal | None = None) -> Figure:
    rounds = {"minga": [10.0, 40.0, 30.0], "nio": [5.0, 40.0, 10.0], "maubot": []}
    return Figure(1, "round trip", "ms", rounds, goal)


def made(*figures: Figure) -> Run:
    return Run({"round-trip": Part("short", "make bench", figures=list(figures))})


def test_a_ratio_is_the_median_over_rounds_and_not_the_ratio_of_medians() -> None:
    assert figure().ratio("minga", "nio") == 2.0  # of 2, 1 and 3; the medians give 30 / 10
    assert figure().median("minga") == 30.0


def test_without_a_value_there_is_no_ratio() -> None:
    nothing = Figure(2, "lost", "", {"minga": [0.0], "nio": [0.0]})
    assert nothing.ratio("minga", "nio") is None
    assert figure().ratio("minga", "maubot") is None
    assert figure().ratio("minga", "nobody") is None


def test_beside_who_is_incomparable_there_is_no_ratio_and_no_goal_is_reached() -> None:
    made_of = figure().rounds
    apart = Figure(1, "trip", "ms", made_of, Goal(9, "nio"), incomparable={"nio": "it lost many"})
    assert (apart.ratio("minga", "nio"), apart.outcome("minga")) == (None, False)
    assert (apart.median("nio"), rows(made(apart))[0][4]) == (10.0, "–")


def test_a_round_without_a_value_counts_for_nobody() -> None:
    trip: Rounds = {
        "minga": [10.0, 40.0, 30.0],
        "nio": [5.0, None, 10.0],
        "maubot": [None, None, None],
    }
    lame = Figure(1, "round trip", "ms", trip, Goal(2.0, "nio"), ("round 2: nio fell silent.",))
    assert (lame.median("nio"), lame.ratio("minga", "nio")) == (7.5, 2.5)  # of 2 and 3
    assert lame.ratio("minga", "maubot") is None
    assert Figure(1, "round trip", "ms", {"minga": [None]}, Goal(9.0)).outcome("minga") is False
    assert rows(made(lame))[0][1:4] == ("30 ms [10–40]", "7.5 ms [5–10]", "missing")


def test_a_part_that_breaks_off_leaves_the_figures_from_before() -> None:
    run = made(figure())
    run.take("round-trip", Part("short", "make bench", "2026-11-30T09:00", "abc", broken="Away"))
    assert run.figures == [figure()]
    assert run.broken == {"round-trip": "Away (2026-11-30, commit abc)"}
    run.take("round-trip", Part("short", "make bench", figures=[figure(Goal(1))]))
    assert (run.figures, run.broken) == ([figure(Goal(1))], {})
    run.take("start", Part("short", "make bench", broken="Away"))
    assert run.broken == {"start": "Away"}


@pytest.mark.parametrize(
    ("goal", "reached"),
    [
        (Goal(2.0, "nio"), True),
        (Goal(1.9, "nio"), False),
        (Goal(30.0), True),
        (Goal(29.0), False),
        (Goal(30.0, at_least=True), True),
        (Goal(31.0, at_least=True), False),
        (Goal(1.0, "maubot"), False),
        (None, None),
    ],
)
def test_a_goal_is_held_against_the_ratio_or_the_value(
    goal: Goal | None, reached: bool | None
) -> None:
    assert figure(goal).outcome("minga") is reached


def test_one_round_with_a_loss_or_without_a_value_reaches_no_goal() -> None:
    for rounds, reached in (([0.0, 0.0, 0.0], True), ([0.0, 1.0, 0.0], False)):
        assert Figure(2, "lost", "", {"minga": rounds}, Goal(0)).outcome("minga") is reached
    gap = Figure(5, "memory", "MB", {"minga": [1.0, None, 1.0]}, Goal(2))
    assert gap.outcome("minga") is False


def test_a_run_comes_back_from_its_json(tmp_path: Path) -> None:
    apart = Figure(2, "lost", "", {"minga": [0.0]}, incomparable={"nio": "it lost many"})
    run = made(figure(Goal(1.05, "nio")), figure(), apart)
    run.write(tmp_path / "kept" / "run.json")
    assert read_run(tmp_path / "kept" / "run.json") == run


def test_the_json_says_where_when_and_all_rounds(tmp_path: Path) -> None:
    said = json.loads(made(figure(Goal(1.05, "nio"))).to_json())
    assert set(said) == {"version", "parts", "wholes"}
    part = said["parts"]["round-trip"]
    assert set(part) == {
        *("form", "command", "began", "commit", "machine", "seconds"),
        *("broken", "figures", "notes"),
    }
    (one,) = part["figures"]
    assert set(one) == {
        *("point", "name", "unit", "rounds", "goal", "missing", "incomparable"),
    }
    assert one["rounds"]["minga"] == [10.0, 40.0, 30.0]
    assert one["goal"] == {"value": 1.05, "beside": "nio", "at_least": False}
    said["version"] = 0
    (tmp_path / "old.json").write_text(json.dumps(said))
    with pytest.raises(ValueError, match="another version"):
        read_run(tmp_path / "old.json")


def test_the_table_has_medians_ratios_and_the_outcome() -> None:
    run = made(figure(Goal(1.05, "nio")))
    values = ("30 ms [10–40]", "10 ms [5–40]", "–", "2.00 [1.00–3.00]", "–")
    assert rows(run) == [("1. round trip", *values, "≤ 1.05 × nio", "✗", "3")]
    alone = Figure(2, "answers", "/s", {"minga": [9.0], "nobody": [11.0, 12.0, 13.0]})
    (row,) = rows(made(alone))
    assert (row[:2], row[8]) == (("2. answers (nobody: 12 /s)", "9 /s"), "1")
    (row,) = rows(made(Figure(5, "first /sync", "s", {"homeserver": [1.0, 2.0]})))
    assert row[8] == "2"
    head, line = text_table(run).splitlines()
    assert head.split() == [word for cell in HEAD for word in cell.split()]
    assert line.startswith("1. round trip  30 ms [10–40]")
    assert markdown_table(rows(run)).count("|") == 3 * (len(HEAD) + 1)


def test_the_least_and_the_most_stand_where_a_goal_does() -> None:
    def cells(goal: Goal | None, *values: float) -> tuple[str, ...]:
        rounds: Rounds = {"minga": values, "nio": [2.0] * len(values)}
        return rows(made(Figure(5, "memory", "MB", rounds, goal)))[0][1:5]

    assert cells(Goal(2), 1.0, 3.0) == ("2 MB (1.91 MiB) [1–3]", "2 MB (1.91 MiB)", "–", "1.00")
    assert cells(Goal(2, "nio"), 1.0, 3.0)[3] == "1.00 [0.50–1.50]"
    assert cells(None, 1.0, 3.0)[0] == "2 MB (1.91 MiB)"
    assert cells(Goal(2), 1.0)[0] == cells(Goal(2), 1.0, 1.001)[0] == "1 MB (0.954 MiB)"


def test_an_older_commit_of_ours_has_its_value_and_ratio_in_two_more_columns() -> None:
    older = "minga at 796e93f"
    trip = {"minga": [10.0, 30.0], older: [10.0, 20.0], "nio": [5.0, 15.0]}
    run = made(Figure(1, "round trip", "ms", trip))
    assert rows(run, older=older) == [
        ("1. round trip", "20 ms", "10 ms", "–", "2.00", "–", "", "", "2", "15 ms", "1.25")
    ]
    assert text_table(run, older).splitlines()[0].endswith("minga at 796e93f  ÷ minga at 796e93f")
