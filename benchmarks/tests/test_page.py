"""The page has every figure, its pictures in words too, and what broke off."""

from __future__ import annotations

from benchmarks import limits_page, page
from benchmarks.figures import Figure, Goal, Part, Rounds, Run, Whole, read_run
from benchmarks.page import TITLES
from benchmarks.pictures import KEPT, PICTURES, Picture

SLOW: Rounds = {"minga": [10.0], "nio": [20.0], "maubot": [None]}
WHY = "1000 devices, round 1: @maubot did not answer in 600 s."


def run() -> Run:
    trip = {"minga": [10.0], "nio": [10.0], "maubot": [20.0]}
    figures = [
        Figure(1, "round trip", "ms", trip, Goal(1.05, "nio")),
        Figure(1, "its part: sync", "ms", {"minga": [4.0]}),
        Figure(4, "100 devices: first answer in a new room", "s", trip),
        Figure(4, "1000 devices: first answer in a new room", "s", SLOW, None, [WHY]),
        Figure(4, "1000 devices: usual answer", "s", SLOW, None, [WHY]),
        Figure(2, "answered", "", trip, incomparable={"nio": "it lost many"}),
        Figure(2, "lost", "", trip, incomparable={"nio": "it lost many"}),
        Figure(6, "100 votes: command", "ms", {"minga": [1.5]}),
    ]
    notes = {"benchmarks.in_process.votes": ["a vote: 1.00 times"]}
    whole = Part("long", "make bench-long ONLY=all", "2026-11-28T20:05:00", "abc", "2 cores", 61.4)
    whole.figures, whole.notes = figures, notes
    return Run({"all": whole, "start": Part("long", "", broken="TimeoutError")})


def test_the_page_has_figures_pictures_in_words_and_what_broke_off() -> None:
    said = page.compose(run())
    assert "| round trip | 10 ms | 10 ms | 20 ms | 1.00 | 0.50 | ≤ 1.05 × nio | ✓ | 1 |" in said
    assert "(ms). round trip: minga 10, nio 10, maubot 20 ms.](benchmarks/round-trip.svg)" in said
    assert "`make bench-long ONLY=all`, long form, 2026-11-28, commit abc, 2 cores, 61 s." in said
    assert "- start: TimeoutError" in said
    assert "| usual answer | 10 s | 20 s | missing | 0.50 | – |" in said.replace(
        "1000 devices: ", ""
    )
    assert said.count(f"- Missing: {WHY}\n") == 1
    assert said.count("- No ratio beside nio: it lost many.\n") == 1
    assert "```text\na vote: 1.00 times\n```" in said
    assert all(f"## {point}. {title}\n" in said for point, title in TITLES.items())


def test_each_picture_knows_its_figures_and_where_they_stand() -> None:
    shown = {picture.name: picture.choose(run().figures) for picture in PICTURES}
    assert {name for name, figures in shown.items() if figures} == {
        *("round-trip", "parts", "devices", "growth")
    }
    devices, growth = (_picture(name) for name in ("devices", "growth"))
    assert devices.place(shown["devices"][0]) == growth.place(shown["growth"][0]) == 100
    assert (devices.label(shown["devices"][0]), growth.label(shown["growth"][0])) == ("", "votes")


def test_the_page_in_the_documents_is_that_of_the_kept_figures() -> None:
    assert page.PAGE.read_text("utf-8") == page.compose(read_run(KEPT))
    limits = limits_page.PAGE.read_text("utf-8")
    assert limits == limits_page.with_figures(limits, read_run(KEPT))


def test_the_limits_have_a_dash_for_what_was_not_measured() -> None:
    limits = limits_page.with_figures(limits_page.PAGE.read_text("utf-8"), run())
    row = "| a room of 1,000 signed devices: first answer, usual answer | 10 s, 10 s |"
    assert row in limits
    assert "| answers in encrypted rooms, eight people in four rooms | – | – |" in limits


def test_the_page_says_how_long_each_form_took() -> None:
    made = Run(wholes={"long": Whole(4012, 1, "2026-11-30T14:30:00+00:00", "abc", "2 cores")})
    line = "`make bench-long`: 66 min 52 s (2026-11-30, commit abc, 2 cores; 1 parts broke off)."
    assert line in page.compose(made)
    assert "Not measured yet." in page.compose(made)


def _picture(name: str) -> Picture:
    return next(picture for picture in PICTURES if picture.name == name)
