"""The roll of a poll: who is on it, what they may vote for, and that it is found at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.api import (
    Answer,
    Context,
    Feature,
    Membership,
    Number,
    RoomId,
    Topic,
    UnfitValue,
    UserError,
    UserId,
    items,
    verbatim,
    words,
)
from bot.testing.parts import with_needs
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from commands.poll_book import roll, voter_store
from commands.poll_book.people import BOTS
from commands.poll_book.voter_store import Organisation, Seat, SeatRole, Voter
from storage.database import Tx

ANA, BEA, CARLA, DANI = map(user_id, ("ana", "bea", "carla", "dani"))
probe = Feature("probe", Path(__file__).parent / "nothing-more")
TOPIC = Topic("probe", words("prueba", "prova", "probe"), verbatim("Probe"))


@probe.command(
    words("fija", "fixa", "fix"), help=verbatim("fix"), example=verbatim("`!fix`"), topic=TOPIC
)
async def opens(ctx: Context, *, text: str = "") -> Answer:
    """Open something with a roll, as a poll does, and say who is on it."""
    voters = await roll.build_roll(ctx, ctx.room, roll.parse_voters(text.removeprefix("votan:")))
    number = await items.add(ctx.db, "polls", "poll", ctx.room, ctx.who, text, ctx.said_at)
    await roll.write_roll(ctx.db, number, voters)
    return verbatim(f"{number}: " + " ".join(sorted(v.name or v.key for v in voters)))


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [*with_needs("polls"), probe]


async def put(talk: Talk, *every: Organisation) -> None:
    async with talk.machine.db.transaction() as tx:
        for one in every:
            await voter_store.put_organisation(tx, ROOM, one, START_TIME.at)


async def seats(talk: Talk, person: UserId, poll: int = 1) -> list[tuple[str, str]]:
    async with talk.machine.db.reading() as tx:
        found = await roll.seats_of(tx, Number(poll), person)
    return [(seat.voter.name or seat.voter.key, seat.role.value) for seat in found]


SUR = Organisation(None, "Cooperativa Sur", ANA, BEA, 20)
NORTE = Organisation(None, "Norte", BEA, None, 3)


# --- who is on it ---------------------------------------------------------------------------------


async def test_who_is_in_the_room_is_on_the_roll_and_nobody_who_comes_later(talk: Talk) -> None:
    assert await talk.answer("ana", "!fija") == f"1: {ANA} {BEA} {CARLA}"
    await talk.moves("dani", Membership.JOIN)
    assert await seats(talk, BEA) == [(BEA, "delegate")]
    assert await seats(talk, DANI) == []
    async with talk.machine.db.reading() as tx:
        assert (await roll.roll_size(tx, Number(1)), await roll.roll_weight(tx, Number(1))) == (
            3,
            3,
        )
        (seat,) = await roll.seats_of(tx, Number(1), BEA)
        assert (seat.voter, seat.role) == (Voter(BEA, "", 1, BEA), SeatRole.DELEGATE)
        assert await roll.seats_of(tx, Number(1), DANI) == ()


@pytest.mark.parametrize("name", ["botero", "abbot", "talbot", "bot"])
async def test_nobody_loses_the_vote_by_a_name(talk: Talk, name: str) -> None:
    await talk.moves(name, Membership.JOIN)
    assert f"@{name}:test" in await talk.answer("ana", "!fija votan: personas")
    assert f"@{name}:test" in await talk.answer("ana", f"!fija votan: @{name}:test")


async def test_bots_and_who_is_only_invited_are_never_on_it(talk: Talk) -> None:
    for name in ("weatherbot", "abbott", "relay"):
        await talk.moves(name, Membership.JOIN)
    await talk.moves("dani", Membership.INVITE)
    await talk.moves("eva", Membership.KNOCK)
    await talk.set("bots", "@relay:test @weatherbot:test")
    said = await talk.answer("ana", "!fija votan: personas")
    assert said == f"1: @abbott:test {ANA} {BEA} {CARLA}"
    assert "no votan" in await talk.answer("ana", "!fija votan: @weatherbot:test")
    assert "no votan" in await talk.answer("ana", "!fija votan: @relay:test")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@relay:test", "@relay:test"),
        ("@a:x, @b:y.z @a:x", "@a:x @b:y.z"),
        ("no", ""),
        ("nenhum", ""),
    ],
)
def test_other_bots_are_listed_by_address(typed: str, kept: str) -> None:
    assert BOTS.kind.read(typed) == kept


@pytest.mark.parametrize("typed", ["", "relay", "@relay", "@a:x relay", " ".join(["@a:x"] * 51)])
def test_what_is_no_address_is_no_bot(typed: str) -> None:
    with pytest.raises(UnfitValue):
        BOTS.kind.read(typed)


@pytest.mark.parametrize(
    "words", ["", "votan: organizaciones", "votan: Organizações", "votan:orgs"]
)
async def test_where_there_are_organisations_they_vote(talk: Talk, words: str) -> None:
    await put(talk, SUR, NORTE)
    assert await talk.answer("ana", f"!fija {words}") == "1: Cooperativa Sur Norte"
    async with talk.machine.db.reading() as tx:
        assert (await roll.roll_size(tx, Number(1)), await roll.roll_weight(tx, Number(1))) == (
            2,
            23,
        )


@pytest.mark.parametrize("words", ["personas", "Pessoas", "people"])
async def test_people_vote_all_the_same_where_it_is_said(talk: Talk, words: str) -> None:
    await put(talk, SUR)
    assert await talk.answer("ana", f"!fija votan: {words}") == f"1: {ANA} {BEA} {CARLA}"


@pytest.mark.parametrize("words", ["@ana, @bea", "Ana; bea", f"{ANA}\n{BEA}", "ana, Ana, Bea"])
async def test_a_list_of_people(talk: Talk, words: str) -> None:
    assert await talk.answer("ana", f"!fija votan: {words}") == f"1: {ANA} {BEA}"


async def test_a_mention_is_the_person_that_was_tapped(talk: Talk) -> None:
    await talk.moves("@ana:otra", Membership.JOIN)
    assert "¿Quién es “ana”? @ana:otra" in await talk.answer("bea", "!fija ana")
    assert await talk.answer("bea", "!fija Ana", mentions=["ana"]) == f"1: {ANA}"
    link = f"[Ana](https://matrix.to/#/{ANA})"
    assert await talk.answer("bea", f"!fija {link}", mentions=["ana"]) == f"2: {ANA}"


async def test_the_members_of_rooms_who_are_here_too(talk: Talk) -> None:
    await talk.room(RoomId("!prensa:test"), "Prensa Andina", ["ana", "carla", "dani"])
    await talk.room(RoomId("!salud:test"), "Salud", ["ana", "bea"])
    assert await talk.answer("ana", "!fija votan: prensa") == f"1: {ANA} {CARLA}"
    assert await talk.answer("ana", "!fija prensa, salud") == f"2: {ANA} {BEA} {CARLA}"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("prenza", "¿Quién es “prenza”?"),
        ("@dani:test", "dani (@dani:test) no está en esta sala"),
        ("@dani", "“@dani”"),
        ("organizaciones", "Nadie podría votar"),
    ],
)
async def test_who_cannot_be_meant_is_said(talk: Talk, words: str, answer: str) -> None:
    assert answer in await talk.answer("ana", f"!fija votan: {words}")


async def test_a_room_of_others_cannot_be_named(talk: Talk) -> None:
    await talk.room(RoomId("!prensa:test"), "Prensa", ["carla"])
    assert "¿Quién es “prensa”?" in await talk.answer("ana", "!fija votan: prensa")


# --- what they may vote for -----------------------------------------------------------------------


async def test_delegate_and_alternate_speak_for_their_organisation(talk: Talk) -> None:
    await put(talk, SUR, NORTE)
    await talk.answer("ana", "!fija")
    assert await seats(talk, ANA) == [("Cooperativa Sur", "delegate")]
    assert await seats(talk, BEA) == [("Norte", "delegate"), ("Cooperativa Sur", "alternate")]
    assert await seats(talk, CARLA) == []


async def test_an_open_roll_follows_the_delegate_but_not_the_weight(talk: Talk) -> None:
    await put(talk, SUR)
    await talk.answer("ana", "!fija")
    await put(talk, replace(SUR, id=1, delegate=CARLA, weight=50))
    assert (await seats(talk, ANA), await seats(talk, CARLA)) == (
        [],
        [("Cooperativa Sur", "delegate")],
    )
    async with talk.machine.db.transaction() as tx:
        assert await roll.roll_weight(tx, Number(1)) == 20
        await items.close(tx, Number(1))
    await put(talk, replace(SUR, id=1, delegate=DANI))
    assert await seats(talk, CARLA) == [("Cooperativa Sur", "delegate")]


def seat(name: str, role: SeatRole = SeatRole.DELEGATE) -> Seat:
    return Seat(Voter(f"org:{name}", name, 1, ANA), role)


def test_a_vote_is_for_every_organisation_of_its_delegate_or_for_the_one_named() -> None:
    both = [seat("Cooperativa Sur"), seat("Norte"), seat("Río", SeatRole.ALTERNATE)]
    assert roll.seats_for_vote(both, "2") == ((both[0], both[1]), "2")
    assert roll.seats_for_vote(both[2:], "2") == ((both[2],), "2")
    assert roll.seats_for_vote(both, "2 org: cooperativa sur") == ((both[0],), "2")
    assert roll.seats_for_vote(both, 'sí:12 no:5 org:"Norte"') == ((both[1],), "sí:12 no:5")
    assert roll.seats_for_vote(both, "2 3, organização: rio") == ((both[2],), "2 3")
    assert roll.seats_for_vote(both, 'bloqueo "org: Norte"') == (
        (both[0], both[1]),
        'bloqueo "org: Norte"',
    )
    with pytest.raises(UserError):
        roll.seats_for_vote(both, "2 org: Este")
    with pytest.raises(UserError):
        roll.seats_for_vote([seat("Sur 1"), seat("Sur 2")], "2 org: Sur")
    person = [Seat(Voter(ANA, "", 1, ANA), SeatRole.DELEGATE)]
    assert roll.seats_for_vote(person, "2 org: Norte") == (tuple(person), "2 org: Norte")
    assert roll.seats_for_vote([], "2") == ((), "2")


# --- size ---------------------------------------------------------------------------------------


async def test_a_voter_is_found_by_an_index(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 people: no vote, and nobody who leaves, reads them all."""
    async with talk.machine.db.transaction() as tx:
        for poll in range(1, 4):
            await items.add(tx, "polls", "poll", ROOM, ANA, "?", START_TIME.at)
            people = [user_id(f"p{n}") for n in range(2000)]
            await roll.write_roll(tx, Number(poll), [Voter(p, "", 1, p) for p in people])
        last = user_id("p1999")
        assert await roll.roll_size(tx, Number(2)) == 2000
        (seat,) = await roll.seats_of(tx, Number(2), last)
        assert (seat.voter, seat.role) == (Voter(last, "", 1, last), SeatRole.DELEGATE)
        asked: list[str] = []

        async def plan(self: Tx, query: str, *args: object) -> list[object]:
            rows = await every(self, f"EXPLAIN QUERY PLAN {query}", *args)
            asked.extend(row["detail"] for row in rows)
            return []

        every = Tx.all
        monkeypatch.setattr(Tx, "all", plan)
        await roll.seats_of(tx, Number(2), last)
        await voter_store.organisations_of(tx, last, ROOM)
        monkeypatch.undo()
    searches = [one for one in asked if "SEARCH" in one]
    assert [one.split(" (")[1] for one in searches] == [
        "delegate=? AND poll=?)",
        "alternate=? AND poll=?)",
        "holder=? AND poll=?)",
        "poll=? AND voter=?)",
        "delegate=?)",
        "alternate=?)",
    ]
