"""Whatever people type and in whatever order, nobody is promised what is somebody else's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.testing.talk import START_TIME, Talk, dated
from commands.lending import feature
from commands.lending.loans import Loan, LoanSide, LoanState, first_clash

WHO = st.sampled_from(("ana", "bea", "carla"))
OTHERS = st.sampled_from(("bea", "carla"))
DAY = st.integers(0, 5)  # after the beginning
SPAN = st.tuples(DAY, DAY).map(lambda two: f"del {{+{min(two)}}} al {{+{max(two)}}}")
UNTIL = st.one_of(SPAN, DAY.map(lambda day: f"hasta {{+{day}}}"))
LOAN = st.integers(1, 4)  # which of the loans of this run

Line = tuple[str, str]


def handed(whom: str, span: str, *, back: bool) -> list[Line]:
    """A loan as it should go."""
    lines = [
        ("ana", f"!presto {{thing}} a @{whom} {span}"),
        (whom, "!recibido {last}"),
        ("ana", "!recibido {last}"),
    ]
    return [*lines, (whom, "!devuelto {last}"), ("ana", "!devuelto {last}")] if back else lines


ONE = st.one_of(
    st.tuples(st.just("ana"), WHO, UNTIL).map(
        lambda t: (t[0], f"!presto {{thing}} a @{t[1]} {t[2]}")
    ),
    st.tuples(OTHERS, UNTIL).map(lambda t: (t[0], f"!pido {{thing}} {t[1]}")),
    st.tuples(WHO, LOAN).map(lambda t: (t[0], f"!recibido {{loan{t[1]}}}")),
    st.tuples(WHO, LOAN).map(lambda t: (t[0], f"!devuelto {{loan{t[1]}}}")),
    st.tuples(st.just("ana"), LOAN, UNTIL).map(lambda t: (t[0], f"!presto {{loan{t[1]}}} {t[2]}")),
    st.tuples(WHO, LOAN, UNTIL).map(lambda t: (t[0], f"!pido {{loan{t[1]}}} {t[2]}")),
    st.tuples(WHO, LOAN).map(lambda t: (t[0], f"!pido {{loan{t[1]}}} no")),
    st.tuples(WHO, st.sampled_from(("sí", "no"))).map(lambda t: (t[0], t[1])),
    st.integers(1, 40).map(lambda hours: ("", str(hours))),
)
SOME = st.builds(handed, OTHERS, UNTIL, back=st.booleans())
LINES = st.lists(st.one_of(ONE.map(lambda one: [one]), SOME), min_size=3, max_size=8).map(
    lambda parts: [line for part in parts for line in part]
)


FULL = [
    *handed("bea", "hasta {+1}", back=False),
    *handed("carla", "del {+2} al {+3}", back=False),
    ("bea", "!devuelto {loan1}"),
    ("ana", "!devuelto {loan1}"),
    ("bea", "!pido {thing} hasta {+5}"),
]
"""Whatever chance brings, each state is reached, and a thing is promised twice in vain."""


TURNED = [
    *handed("bea", "del {+0} al {+0}", back=False),
    ("ana", "!presto {thing} a @bea del {+1} al {+1}"),
    ("ana", "!presto {loan2} del {+0} al {+0}"),
    ("ana", "!presto {loan2} hasta {+0}"),
]
"""A loan to come that would have ended before it began; found by chance."""


async def loans(talk: Talk, thing: str) -> list[tuple[int, str, float, float, str]]:
    async with talk.machine.db.reading() as tx:
        rows = await tx.all(
            "SELECT l.item, l.state, l.starts, l.until, l.borrower FROM lending_loan l"
            " JOIN item i ON i.number = l.thing WHERE i.title = ? ORDER BY l.item",
            thing,
        )
    return [tuple(row) for row in rows]


async def play(talk: Talk, thing: str, lines: list[Line]) -> set[str]:
    """What the loans of this thing were meanwhile; there is never more than one at a time."""
    seen: set[str] = set()
    for who, line in lines:
        if not who:
            await talk.wait(timedelta(hours=int(line)))
            continue
        numbers = [str(one[0]) for one in await loans(talk, thing)]
        named = {f"loan{n}": (numbers + ["9999"] * 4)[n - 1] for n in range(1, 5)}
        named["last"] = numbers[-1] if numbers else "9999"
        if line in ("sí", "no"):
            await talk.tells(who, line)
        else:
            await talk.says(who, dated(line).format(thing=thing, **named))
        said = [post.plain for post in await talk.said()]
        assert not any("referencia" in one for one in said), (line, said)
        found = await loans(talk, thing)
        seen |= {one[1] for one in found}
        live = [one for one in found if one[1] in ("booked", "out")]
        assert sum(one[1] == "out" for one in live) <= 1, live
        for one, other in combinations(live, 2):
            assert one[3] <= other[2] or other[3] <= one[2], (line, one, other)
    return seen


def test_no_two_people_have_it_at_once(tmp_path: Path) -> None:
    runs = count()
    with asyncio.Runner() as runner:
        talk = runner.run(Talk.start(tmp_path / "minga.db", [feature]))
        seen: set[str] = set()

        @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @example(FULL)
        @example(TURNED)
        @given(LINES)
        def check(lines: list[Line]) -> None:
            talk.clock.at = START_TIME.at
            thing = f"cosa{next(runs)}"
            seen.update(runner.run(play(talk, thing, [("ana", f"!presto {thing}"), *lines])))

        try:
            check()
        finally:
            runner.run(talk.close())
        assert {"wanted", "booked", "out", "over"} <= seen, "all of it was tried"


WHEN = st.integers(0, 20).map(lambda hour: datetime(2026, 11, 25, hour, tzinfo=UTC))


@given(st.lists(st.tuples(WHEN, WHEN, st.booleans()), max_size=4), WHEN, WHEN, WHEN)
def test_what_is_out_is_in_the_way_until_it_is_back(
    spans: list[tuple[datetime, datetime, bool]], start: datetime, end: datetime, now: datetime
) -> None:
    found = [
        Loan(
            n,  # type: ignore[arg-type]
            0,  # type: ignore[arg-type]
            "",  # type: ignore[arg-type]
            LoanState.OUT if out else LoanState.BOOKED,
            min(a, b),
            max(a, b),
            False,
            "",
            LoanSide.BOTH,
        )
        for n, (a, b, out) in enumerate(spans)
    ]
    start = max(start, now)
    end = max(start, end) + timedelta(minutes=1)
    taken = any(
        (start < one.until or start <= now)  # type: ignore[operator]
        if one.state is LoanState.OUT
        else (one.starts < end and start < one.until)  # type: ignore[operator]
        for one in found
    )
    assert (first_clash(found, start, end, now) is not None) == taken
