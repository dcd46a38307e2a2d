"""Two thousand schedules across the clock changes of twelve zones, with kills and outages.

Each rings once, none early, and what comes late says so. A usual run takes a part of them;
`make storm` (MINGA_FULL=1) takes all.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.api import Answer, Context, Job, Number, UserId, dates, items
from bot.testing.talk import ROOM, Talk, user_id
from commands.event_reminders import delivery
from commands.events import store
from commands.events.consequences import follow_change
from commands.events.declaration import feature
from commands.events.event import Event, dates_after

FULL = bool(os.environ.get("MINGA_FULL"))
SCHEDULES = 2_000 if FULL else 120
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = {
    "America/Santiago": "2026-09-06",  # ahead at midnight: 00:00 is skipped
    "America/Asuncion": "2026-10-04",
    "America/New_York": "2026-11-01",
    "America/Havana": "2026-11-01",  # back at 01:00
    "America/St_Johns": "2026-11-01",  # not a whole hour from UTC
    "Europe/Madrid": "2026-10-25",
    "Europe/Lisbon": "2026-10-25",
    "Atlantic/Azores": "2026-10-25",
    "Africa/Casablanca": "2026-02-15",
    "Australia/Lord_Howe": "2026-10-04",  # by half an hour
    "Pacific/Auckland": "2026-09-27",
    "Pacific/Chatham": "2026-09-27",  # and three quarters
}
MEMBERS = [f"m{n}" for n in range(12)]
_LEADS = [timedelta(minutes=m) for m in (5, 30, 60, 90, 180, 1440)]
_MAKE = "sweep for a test"
_plans: list[Event] = []


def schedules(rng: random.Random) -> Iterator[Event]:
    """Events whose dates lie around the night in which the clocks of their zone change."""
    for n in range(SCHEDULES):
        zone = list(ZONES)[n % len(ZONES)]
        night = datetime.fromisoformat(ZONES[zone])
        start = night + timedelta(minutes=rng.randrange(-20 * 60, 28 * 60, 5))
        series = rng.random() < 0.3
        yield Event(
            item=Number(0),
            room=ROOM,
            author=user_id("ana"),
            title=f"Plan {n}",
            start=start - (2 * DAY if series else timedelta(0)),
            zone=zone,
            rule="FREQ=DAILY;COUNT=4" if series else None,
            length=timedelta(days=3),  # what comes late after an outage still rings
            remind=(rng.choice(_LEADS),),
            uid=f"sweep-{n}",
        )


async def make(ctx: Context, _job: Job) -> Answer:
    """All of them, as a command would make each; one person comes to each."""
    effects = []
    for n, plan in enumerate(_plans):
        number = await items.add(
            ctx.db, "events", "event", ROOM, user_id("ana"), plan.title, ctx.said_at
        )
        event = replace(plan, item=number)
        await store.save_event(ctx.db, event, ctx.said_at)
        effects += await follow_change(ctx, event, None)
        _plans[n] = event
        await ctx.db.run(
            "INSERT INTO attendance_answer (item, person, date, says, guests, place)"
            " VALUES (?, ?, '', 'yes', 0, 1)",
            number,
            user_id(MEMBERS[n % len(MEMBERS)]),
        )
    return effects


@pytest.mark.parametrize("seed", [1, 2, 3] if FULL else [1])
async def test_each_rings_once_none_early_and_late_ones_say_so(talk: Talk, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    talk.clock.at = datetime(2026, 2, 1, tzinfo=UTC)
    await talk.room(ROOM, "Sala", ["ana", *MEMBERS], {"ana": 50})
    await talk.set("tap_poll", "no")
    async with talk.machine.db.transaction() as tx:
        for n, one in enumerate(MEMBERS):
            zone = list(ZONES)[n]
            await tx.run("INSERT INTO person (person, zone) VALUES (?, ?)", user_id(one), zone)
            await tx.run(
                "INSERT INTO event_reminders_quiet VALUES (?, '00:00', '00:00')", user_id(one)
            )
    _plans[:] = schedules(rng)
    feature.jobs[_MAKE] = make
    async with talk.machine.db.transaction() as tx:
        at = talk.clock.at.timestamp()
        await tx.run(
            "INSERT INTO job (feature, name, room, due, try_at, payload)"
            " VALUES ('events', ?, ?, ?, ?, '{}')",
            _MAKE,
            ROOM,
            at,
            at,
        )
    await talk.wait(timedelta(0))
    due = {
        (plan.item, when.at - plan.remind[0]): UserId(user_id(MEMBERS[n % len(MEMBERS)]))
        for n, plan in enumerate(_plans)
        for when in dates_after(plan, talk.clock.at, 400)
        if plan.remind
    }
    assert len({plan.zone for plan in _plans}) == 12
    rung = await swept(talk, rng, sorted({at for _item, at in due}))
    assert Counter(len(found) for found in rung.values()) == {1: len(due)}
    assert set(rung) == set(due)
    lates = 0
    for key, [(now, late, person)] in rung.items():
        assert now >= key[1], "none early"
        assert late == (now - key[1] > delivery.LATE_AFTER), "late ones say so, and no others"
        assert person == due[key]
        lates += late
    assert 0 < lates < len(due)


Rung = dict[tuple[Number, datetime], list[tuple[datetime, bool, str]]]


async def swept(talk: Talk, rng: random.Random, moments: list[datetime]) -> Rung:
    """Time passes: minute for minute where something is due, with kills and outages between."""
    rung: Rung = {}
    seen = 0
    for at in moments:
        step = at - MINUTE  # just before, so that what rings early is seen
        for now in (step, at) if rng.random() < 0.3 else (at,):
            if now <= talk.clock.at:
                continue
            await talk.wait_until(now)
            seen = await _listen(talk, rung, seen)
        fate = rng.random()
        if fate < 0.15:
            await talk.restart()
        elif fate < 0.2:
            await talk.restart(timedelta(minutes=rng.randrange(1, 300)))
            await talk.wait(timedelta(0))
        elif fate < 0.25:
            talk.gateway.broken = True
            await talk.wait(timedelta(minutes=rng.randrange(1, 300)))
            talk.gateway.broken = False
            await talk.wait(timedelta(0))
        seen = await _listen(talk, rung, seen)
    await talk.wait(4 * DAY)
    await _listen(talk, rung, seen)
    return rung


async def _listen(talk: Talk, rung: Rung, seen: int) -> int:
    """What was written since: about which reminder, when, and whether it says that it is late."""
    async with talk.machine.db.reading() as tx:
        rows = await tx.all(
            "SELECT id, person, item, slot, payload FROM letter WHERE id > ? AND person IS NOT NULL"
            " ORDER BY id",
            seen,
        )
        for row in rows:
            event = await store.get_event(tx, Number(row["item"]))
            assert event is not None and event.remind
            begins = _begins(event, row["slot"])
            body = json.loads(row["payload"])["content"]["body"]
            key = (event.item, begins - event.remind[0])
            late = body.startswith("Con retraso")
            rung.setdefault(key, []).append((talk.clock.at, late, row["person"]))
            seen = row["id"]
    return seen


def _begins(event: Event, slot: str | None) -> datetime:
    """Which date a letter is about."""
    wall = datetime.fromisoformat(slot.split(" ")[1]) if slot else event.start
    return dates.to_utc(wall, event.zone)
