"""300 people in an hour, 500 knocks of one server, and who stops once they were let in."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.testing.talk import PostedEvent, Talk, moment_in_words
from bot.types import Membership, RoomId
from commands.doors.knocks import MOST_KNOCKS, PER_SERVER, WAITING_TOLD
from commands.doors.tests.test_doors import DOOR, DORA, MODS, a_door, acts, knocks, types
from commands.doors.tests.test_vouches import vouched_door

NOW = timedelta(0)


def is_edit(post: PostedEvent) -> bool:
    return bool(post.content.get("m.relates_to", {}).get("rel_type") == "m.replace")


async def test_three_hundred_people_in_an_hour_flood_nobody(talk: Talk) -> None:
    await vouched_door(talk, 1)
    heard: Counter[RoomId] = Counter()
    people = [f"@p{n}:servidor{n % 10}.org" for n in range(300)]
    for n, person in enumerate(people):
        await talk.moves(person, Membership.KNOCK, DOOR)
        await talk.wait(timedelta(seconds=12))
        await talk.tells(person, f"soy la persona {n}")
        heard.update(post.room for post in await talk.said() if not is_edit(post))
    await talk.wait(timedelta(minutes=11))
    heard.update(post.room for post in await talk.said() if not is_edit(post))
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT step, count(*) AS n FROM doors_request GROUP BY step")
        answers = await tx.all("SELECT count(*) AS n FROM doors_answer")
    assert [(row["step"], row["n"]) for row in rows] == [("deciding", 300)]
    assert answers[0]["n"] == 300
    assert 10 <= heard[MODS] <= 20 and 10 <= heard[DOOR] <= 20, heard
    named = "\n".join(post.plain for post in talk.gateway.posted.values() if post.room == DOOR)
    assert all(person in named for person in people)  # any of them can be vouched for
    asked = Counter(p.room for p in talk.gateway.posted.values() if "1 de 1" in p.plain)
    for person in people:
        assert asked[await talk.private(person)] == 1, person


async def test_five_hundred_knocks_of_one_server_are_limited_and_shown(talk: Talk) -> None:
    await a_door(talk)
    for n in range(500):
        await talk.moves(f"@p{n}:malo.org", Membership.KNOCK, DOOR)
    await knocks(talk)
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT person FROM doors_request")
    assert len(rows) == 51 and DORA in {row["person"] for row in rows}  # who is no part of it
    told = [p for p in talk.gateway.posted.values() if "gente de malo.org toca" in p.plain]
    assert [p.room for p in told] == [MODS]
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "Fuera de “Vestíbulo”: 450 personas de malo.org" in listed


async def test_after_a_week_many_who_are_stuck_are_few_lines(talk: Talk) -> None:
    await a_door(talk)
    for n in range(30):
        await talk.moves(f"@p{n}:lejos.org", Membership.KNOCK, DOOR)
    await talk.wait(NOW)
    await talk.said()
    await talk.wait(timedelta(days=7, seconds=1))
    told = [p.plain for p in await talk.said(MODS) if not is_edit(p)]
    assert [one.count("en la pregunta 1 de 1") for one in told] == [20, 10]


async def let_in(talk: Talk, rules: bool) -> None:
    await a_door(talk)
    if rules:
        await talk.answer("ana", "!reglas cambiar Nos escuchamos.")
        await talk.answer("ana", "sí")
        await talk.wait(timedelta(minutes=1))
    await knocks(talk)
    said = await types(talk, DORA, "soy Dora")
    number = 2 if rules else 1
    assert f"{number}: Dora" in said
    await talk.answer("carla", f"!admitir {number}", room=MODS)
    await talk.wait(timedelta(seconds=1))
    await talk.said()


async def heard(talk: Talk) -> str:
    return "\n".join(post.plain for post in await talk.said())


async def test_who_has_yet_to_accept_the_rules_is_reminded_once(talk: Talk) -> None:
    await let_in(talk, rules=True)
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    since = moment_in_words(talk.clock.at - timedelta(seconds=1), now=talk.clock.at)
    assert f"falta que acepte las reglas, desde el {since}" in listed
    await talk.restart()
    await talk.wait(timedelta(days=2))
    assert "Falta un paso" in await heard(talk)
    await talk.wait(timedelta(days=5))
    said = await talk.said(MODS)
    assert "puede entrar desde hace una semana, y falta que acepte" in said[0].plain
    await talk.wait(timedelta(days=14))
    assert "reglas" not in await heard(talk)


async def test_who_does_not_accept_the_invitations_is_reminded_and_listed(talk: Talk) -> None:
    await let_in(talk, rules=False)
    assert acts(talk, "invite") == [(DOOR, DORA)]
    await talk.moves(DORA, Membership.INVITE, DOOR, by="@minga:test")
    await talk.said()
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "@dora:lejos.org: con invitación desde" in listed and "Vestíbulo" in listed
    await talk.wait(timedelta(days=2))
    assert "Todavía te esperan invitaciones: Vestíbulo" in await heard(talk)
    await talk.restart()
    await talk.wait(timedelta(days=5, seconds=5))
    assert "y todavía no está en: Vestíbulo" in await heard(talk)


async def test_who_came_in_is_reminded_of_nothing(talk: Talk) -> None:
    await let_in(talk, rules=False)
    await talk.moves(DORA, Membership.INVITE, DOOR, by="@minga:test")
    await talk.moves(DORA, Membership.JOIN, DOOR)
    await talk.said()
    assert "con invitación" not in await talk.answer("carla", "!solicitudes", room=MODS)
    await talk.wait(timedelta(days=2))
    await talk.wait(timedelta(days=6))
    assert "invitaciones" not in await heard(talk)


async def requests(talk: Talk) -> int:
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT count(*) AS n FROM doors_request")
    return int(row["n"]) if row else 0


async def test_who_knocks_and_goes_away_all_the_time_costs_next_to_nothing(talk: Talk) -> None:
    await a_door(talk)
    for _turn in range(20):
        await talk.moves(DORA, Membership.KNOCK, DOOR)
        await talk.moves(DORA, Membership.LEAVE, DOOR)
    assert await requests(talk) == MOST_KNOCKS
    await talk.sent()
    await talk.moves(DORA, Membership.KNOCK, DOOR)  # and stays this time
    assert await talk.said() == []
    await talk.wait(timedelta(days=1, minutes=3))
    assert await requests(talk) == MOST_KNOCKS + 1
    assert any("1 de" in post.plain for post in await talk.said())


async def test_a_server_that_knocks_with_ever_new_names_waits_outside(talk: Talk) -> None:
    await a_door(talk)
    for n in range(PER_SERVER + 20):
        await talk.moves(f"@p{n}:malo.org", Membership.KNOCK, DOOR)
        await talk.moves(f"@p{n}:malo.org", Membership.LEAVE, DOOR)
    assert await requests(talk) == PER_SERVER
    await talk.moves("@dora:otra.org", Membership.KNOCK, DOOR)
    assert await requests(talk) == PER_SERVER + 1, "others come to the door as before"


async def test_a_crowd_of_one_server_is_told_once_and_so_are_its_newcomers(talk: Talk) -> None:
    await a_door(talk)
    for n in range(PER_SERVER):
        await talk.moves(f"@p{n}:matrix.org", Membership.KNOCK, DOOR)
        await talk.moves(f"@p{n}:matrix.org", Membership.LEAVE, DOOR)
    await talk.sent()
    told = 0
    for n in range(WAITING_TOLD + 5):
        person = f"@n{n}:matrix.org"
        await talk.moves(person, Membership.KNOCK, DOOR)
        heard = [post.plain for post in await talk.said()]
        assert sum("invítala" in one for one in heard) == (n == 0), "the moderators, once"
        told += sum("puedo tardar" in one for one in heard)
    assert told == WAITING_TOLD
    await talk.wait(timedelta(days=1, minutes=3))
    assert await requests(talk) == PER_SERVER + PER_SERVER - (PER_SERVER - WAITING_TOLD - 5)
