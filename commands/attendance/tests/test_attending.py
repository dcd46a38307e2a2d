"""Who comes and who waits, as conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import (
    Answer,
    Context,
    Feature,
    Topic,
    UserId,
    _,
    forget_person,
    words,
)
from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.attendance import rsvp_phrases
from commands.attendance.roster import Rsvp
from commands.events.tests.making import first_day, get, made, weekly

PEOPLE = [f"p{n}" for n in range(1, 12)]
ELSEWHERE = RoomId("!otra:test")


async def crowd(talk: Talk, *people: str) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", *people], {"ana": 50})
    await talk.set("short_answers", "no")  # what is said to each of many


async def test_one_leaves_one_date_of_the_series_and_the_eleventh_moves_up_for_it_alone(
    talk: Talk,
) -> None:
    await crowd(talk, *PEOPLE)
    event, _opening, _poll = await made(talk, rule=weekly(), seats=10)
    for one in PEOPLE[:10]:
        assert "Anotado: vas a" in await talk.answer(one, f"voy {event.item}")
    full = await talk.answer("p11", f"voy {event.item}")
    assert "lista de espera: número 1" in full
    assert "10 cupos ocupados" in full
    second, third = first_day().plus(7), first_day().plus(14)
    await talk.says("p4", f"no voy {event.item} {second.typed}")
    answer, letter = await talk.said()
    assert "no vas" in answer.plain
    assert second.words(talk) in answer.plain
    assert letter.room == await talk.private("p11")
    assert "Hay lugar" in letter.plain
    assert f"{second.title(talk)}, 19:00 (Bogotá)" in letter.plain
    assert f"`no voy {event.item} {second.typed}`" in letter.plain
    assert letter.content["msgtype"] == "m.text"
    there = await talk.answer("ana", f"!asistentes {event.item} {second.typed}")
    assert "Van (10):" in there
    assert "P11" in there
    assert "P4" not in there
    others = await talk.answer("ana", f"!asistentes {event.item} {third.typed}")
    assert "En lista de espera (1): P11" in others


async def test_two_leave_at_once_and_two_move_up_once_each_through_a_restart(talk: Talk) -> None:
    await crowd(talk, *PEOPLE[:6])
    event, _opening, _poll = await made(talk, seats=2)
    for one in PEOPLE[:5]:
        await talk.says(one, f"voy {event.item}")
    await talk.said()
    talk.gateway.broken = True
    await talk.says("p1", f"no voy {event.item}", event="$leaves1")
    await talk.restart(timedelta(minutes=1))
    await talk.says("p1", f"no voy {event.item}", event="$leaves1")  # read again after the kill
    await talk.says("p2", f"no voy {event.item}", event="$leaves2")
    await talk.restart(timedelta(minutes=1))
    talk.gateway.broken = False
    await talk.sent()
    await talk.restart(timedelta(minutes=2))
    await talk.says("p2", f"no voy {event.item}", event="$leaves2")
    await talk.sent()
    letters = [p for p in talk.gateway.posted.values() if "Hay lugar" in p.plain]
    assert {p.room for p in letters} == {await talk.private(n) for n in ("p3", "p4")}
    assert len(letters) == 2
    assert "Van (2): P3 · P4" in await talk.answer("ana", f"!asistentes {event.item}")
    assert "espera (1): P5" in await talk.answer("ana", f"!asistentes {event.item}")


@pytest.mark.parametrize("how", ["leaves", "removed", "forgotten", "maybe"])
async def test_a_place_that_frees_goes_to_the_next_however_it_frees(talk: Talk, how: str) -> None:
    event, _opening, _poll = await made(talk, seats=1)
    await talk.says("bea", f"voy {event.item}")
    await talk.says("carla", f"voy {event.item}")
    await talk.sent()
    if how == "maybe":
        await talk.says("bea", f"tal vez {event.item}")
    elif how == "forgotten":
        await forgotten(talk, "bea")
        await talk.wait(timedelta(0))
    else:
        await talk.moves("bea", Membership.LEAVE, by="ana" if how == "removed" else None)
    said = await talk.said(await talk.private("carla"))
    assert ["Hay lugar" in post.plain for post in said] == [True]
    there = await talk.answer("ana", f"!asistentes {event.item}")
    assert "Van (1): Carla" in there
    assert ("Bea" in there) == (how == "maybe")


async def forgotten(talk: Talk, who: str) -> None:
    """As they ask for it; Ana types it for this test."""
    await talk.says("ana", f"!obliterate @{who}:test")


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


def forgetter(folder: Path) -> Feature:
    """A capability with the one command that is missing: somebody is forgotten."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), _("for this test")),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        await forget_person(ctx, UserId(text))
        return None

    return feature


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("voy 57", (Rsvp.YES, "57", None)),
        ("Voyyy 57!!", (Rsvp.YES, "57", None)),
        ("vou 57 com mais 1", (Rsvp.YES, "57", 1)),
        ("voy 57 con 1 más", (Rsvp.YES, "57", 1)),
        ("voy 57 +1", (Rsvp.YES, "57", 1)),
        ("voy con mi hermana", (Rsvp.YES, "", 1)),
        ("going 57 with two more", (Rsvp.YES, "57", 2)),
        ("me apunto al evento 57 🙌", (Rsvp.YES, "al evento 57", None)),
        ("no voy 57 24/09", (Rsvp.NO, "57 24/09", None)),
        ("n vou", (Rsvp.NO, "", None)),
        ("Não posso ir 57", (Rsvp.NO, "57", None)),
        ("can’t go 57", (Rsvp.NO, "57", None)),
        ("talvez", (Rsvp.MAYBE, "", None)),
        ("de pronto 57", (Rsvp.MAYBE, "57", None)),
        ("quizás el jueves", (Rsvp.MAYBE, "el jueves", None)),
        ("sí, voy solo", (Rsvp.YES, "", 0)),
    ],
)
def test_what_people_write_is_read(line: str, expected: tuple[Rsvp, str, int | None]) -> None:
    said = rsvp_phrases.parse_answer(line)
    assert said is not None
    assert (said.says, said.tail.rest, said.tail.guests) == expected


def test_the_number_may_stand_first() -> None:
    said = rsvp_phrases.parse_answer("57 no voy")
    assert said is not None
    assert (said.number, said.says) == (57, Rsvp.NO)


@pytest.mark.parametrize(
    "line",
    [
        "voy {n} veces por semana",
        "no puedo abrir el {n}",
        "voy en {n} minutos",
        "voya {n}",
        "confirmo que llegaron {n} personas",
        "{n}",
        "vou às {n}",
        "maybe next time",
    ],
)
async def test_talk_is_left_alone(talk: Talk, line: str) -> None:
    event, opening, _poll = await made(talk)
    await talk.says("bea", line.format(n=event.item))
    await talk.hears_nothing()
    await talk.says("bea", line.format(n=event.item), reply=opening)
    assert not [p for p in await talk.sent() if "notado" in p.plain]


async def test_every_way_to_say_it_leads_to_the_same(talk: Talk) -> None:
    event, opening, _poll = await made(talk)
    for line in (f"!voy {event.item}", f"voy {event.item}", f"! VOY {event.item}"):
        assert "Anotado: vas a" in await talk.answer("bea", line)
    assert "no vas" in await talk.answer("bea", "no puedo", reply=opening)
    assert "no vas" in await talk.answer("bea", f"nao vou {event.item}", reply=opening)
    assert "tal vez vas" in await talk.answer("bea", "quizás", reply=opening)
    await talk.tells("bea", f"vou {event.item}")
    (answer,) = await talk.hears("vas a")
    assert "no vas" in await talk.answer("bea", "no voy", room=answer.room, reply=answer)
    assert "número" in await talk.answer("bea", "!voy")
    assert "(no conozco “mucho”). Ejemplo: `!voy 1`" in await talk.answer("bea", "!voy mucho")


async def test_an_event_of_another_room_is_nobody_elses(talk: Talk) -> None:
    event, _opening, _poll = await made(talk)
    await talk.room(ELSEWHERE, "Otra", ["dora", "bea"])
    assert "No existe" in await talk.answer("dora", f"!voy {event.item}", room=ELSEWHERE)
    assert "No existe" in await talk.answer("dora", f"voy {event.item}", room=ELSEWHERE)
    await talk.says("bea", f"voy {event.item}", room=ELSEWHERE)
    await talk.hears_nothing()
    assert "vas a" in await talk.answer("bea", f"!voy {event.item}", room=ELSEWHERE)
    await talk.says("bea", f"!asistentes {event.item}", room=ELSEWHERE)
    told, letter = sorted(await talk.said(), key=lambda post: post.room != ELSEWHERE)
    assert told.plain == "Te escribí en privado."
    assert letter.room == await talk.private("bea")


async def test_a_date_of_a_series(talk: Talk) -> None:
    event, opening, _poll = await made(talk, rule=weekly())
    second, third, fourth = (first_day().plus(7 * n) for n in (1, 2, 3))
    said = await talk.answer("bea", f"voy el {second.typed}", reply=opening)
    assert second.words(talk) in said
    assert "no es ese día" in await talk.answer("bea", f"!voy {event.item} {second.plus(1).typed}")
    assert "todas las fechas" in await talk.answer("bea", f"voy {event.item}")
    in_words = f"{third.wall.day} de {third.month}"
    assert third.words(talk) in await talk.answer("bea", f"no voy {event.item} {in_words}")
    assert "Bea" not in await talk.answer("ana", f"!asistentes {event.item} {third.typed}")
    assert "Bea" in await talk.answer("ana", f"!asistentes {event.item} {fourth.typed}")


async def test_whom_one_brings_takes_a_seat_too(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, seats=3, guests=1)
    assert "con 1 persona más" in await talk.answer("bea", f"voy {event.item} con 1 más")
    assert "puede traer a 1" in await talk.answer("carla", f"voy {event.item} +3")
    assert "queda 1 cupo y no alcanza" in await talk.answer("carla", f"voy {event.item} +1")
    assert "Cupos libres: 1" in await talk.answer("ana", f"!asistentes {event.item}")
    assert "número 2" in await talk.answer("ana", f"voy {event.item}"), "nobody is overtaken"
    await talk.says("bea", f"voy {event.item} solo")
    answer, letter = await talk.said()
    assert "vas a" in answer.plain
    assert letter.room == await talk.private("carla")
    assert "queda 0" in (await talk.answer("bea", f"voy {event.item} +1")).replace(
        "quedan", "queda"
    )
    none, _opening, _poll = await made(talk)
    assert "cada persona responde por sí misma" in await talk.answer("bea", f"voy {none.item} +1")


async def test_an_event_that_began_or_is_over_takes_no_answers(talk: Talk) -> None:
    event, opening, poll = await made(talk)
    assert poll is not None
    await talk.wait_until(first_day().at(19, 30))
    assert "ya empezó" in await talk.answer("bea", "voy", reply=opening)
    await talk.sent()
    await talk.taps("bea", poll, 1)
    (told,) = await talk.said()
    assert told.room == await talk.private("bea")
    await talk.taps("bea", poll, 3)
    await talk.hears_nothing()
    await talk.wait(timedelta(hours=3))
    assert "ya terminó" in await talk.answer("bea", f"!voy {event.item}")


# --- taps -----------------------------------------------------------------------------------------


async def test_a_tap_counts_without_a_word_and_the_latest_one_holds(talk: Talk) -> None:
    event, _opening, poll = await made(talk)
    assert poll is not None
    assert poll.answers == [f"{event.item}.{key}" for key in "ymn"]
    await talk.taps("bea", poll, 1, stamp=2000)
    await talk.taps("bea", poll, 3, stamp=1000)  # older, and read later
    await talk.taps("carla", poll, 1)
    await talk.taps("carla", poll, 2)
    await talk.hears_nothing()
    there = await talk.answer("ana", f"!asistentes {event.item}")
    assert "Van (1): Bea" in there
    assert "Tal vez (1): Carla" in there


async def test_a_tap_that_is_taken_back_brings_the_one_before(talk: Talk) -> None:
    event, _opening, poll = await made(talk)
    assert poll is not None
    await talk.taps("bea", poll, 1, stamp=1000)
    second = await talk.taps("bea", poll, 3, stamp=2000)
    await talk.redacts("carla", second)  # nobody takes back what others said
    assert "Van" not in await talk.answer("ana", f"!asistentes {event.item}")
    await talk.redacts("bea", second)
    assert "Van (1): Bea" in await talk.answer("ana", f"!asistentes {event.item}")
    await talk.taps("bea", poll, stamp=3000)
    assert "Nadie ha dicho" in await talk.answer("ana", f"!asistentes {event.item}")


async def test_who_taps_a_full_event_hears_in_private_that_they_wait(talk: Talk) -> None:
    _event, _opening, poll = await made(talk, seats=1)
    assert poll is not None
    await talk.taps("bea", poll, 1)
    await talk.hears_nothing()
    await talk.taps("carla", poll, 1)
    (letter,) = await talk.said()
    assert letter.room == await talk.private("carla")
    assert "lista de espera: número 1" in letter.plain
    await talk.taps("bea", poll, 3)
    (letter,) = await talk.said()
    assert letter.room == await talk.private("carla")
    assert "Hay lugar" in letter.plain


async def test_the_poll_ends_when_the_event_begins(talk: Talk) -> None:
    _event, _opening, poll = await made(talk)
    assert poll is not None
    await talk.wait_until(first_day().at(20))
    ends = [p for p in await talk.sent() if p.kind.endswith("poll.end")]
    assert [p.content["m.relates_to"]["event_id"] for p in ends] == [poll.event]


async def test_a_room_can_do_without_the_poll(talk: Talk) -> None:
    await talk.set("tap_poll", "no")
    _event, _opening, poll = await made(talk)
    assert poll is None


# --- what the room sees ---------------------------------------------------------------------------


async def test_the_message_says_how_many_come_once_for_many_answers(talk: Talk) -> None:
    event, opening, _poll = await made(talk, seats=2)
    for one in ("bea", "carla", "ana"):
        await talk.says(one, f"voy {event.item}")
    await talk.sent()
    await talk.wait(timedelta(minutes=1))
    (edit,) = await talk.said()
    assert edit.content["m.relates_to"]["event_id"] == opening.event
    assert "Hasta ahora, van: 2 · lista de espera: 1" in edit.plain
    await talk.wait(timedelta(minutes=5))
    await talk.hears_nothing()


async def test_a_room_that_wants_few_words_gets_a_tick(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, seats=1)
    await talk.set("short_answers", "yes")
    said = await talk.says("bea", f"voy {event.item}")
    (tick,) = await talk.sent()
    assert tick.kind == "m.reaction"
    assert tick.content["m.relates_to"]["key"] == "✓"
    assert tick.content["m.relates_to"]["event_id"] == said
    assert "lista de espera" in await talk.answer("carla", f"voy {event.item}")


async def test_what_was_answered_is_forgotten_a_week_after_the_event(talk: Talk) -> None:
    event, _opening, poll = await made(talk)
    assert poll is not None
    await talk.says("bea", f"voy {event.item}")
    await talk.taps("carla", poll, 2)
    await talk.wait(timedelta(days=9))
    assert await rows(talk, "attendance_answer") == 2
    await talk.wait(timedelta(days=7))
    assert await rows(talk, "attendance_answer") == await rows(talk, "attendance_tap") == 0
    assert (await get(talk, event.item)).title == "Taller de radio"


async def rows(talk: Talk, table: str) -> int:
    async with talk.machine.db.reading() as tx:
        row = await tx.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    return int(row["n"]) if row else 0
