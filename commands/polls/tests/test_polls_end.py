"""How polls go and how they end: counts, deadlines, closing, cancelling, forgetting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words, find_number, user_id
from bot.types import EventId, Number, PollEnd, PollVote
from commands.poll_book import poll_store, vote_removal, vote_store
from commands.polls.tests.test_polls import DAYS, counts, opened
from storage.database import Tx

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

# --- counts and the end --------------------------------------------------------------------------


async def test_counts_can_wait_for_the_end(talk: Talk) -> None:
    _opening, native, number = await opened(
        talk, "!encuesta ¿Té? Verde, Negro hasta viernes 18h sin-parciales"
    )
    kind = native.content["org.matrix.msc3381.poll.start"]["kind"]
    assert kind.endswith("undisclosed")
    await talk.taps("bea", native, 1)
    heard = await counts(talk, number)
    assert "Verde: 1" not in heard
    assert "Votó 1 de 3" in heard
    await talk.wait(3 * DAYS)
    assert "Verde: 1" in "".join(p.plain for p in await talk.said())


async def test_without_a_number_the_only_open_poll_is_meant(talk: Talk) -> None:
    await opened(talk)
    assert "Zoom: 0" in await talk.answer("bea", "!cómo va")
    assert "Zoom: 0" in await talk.answer("bea", "!como está?")


async def test_at_the_deadline_the_result_is_said_once_and_the_native_poll_goes(talk: Talk) -> None:
    opening, native, number = await opened(talk)
    await talk.taps("bea", native, 2)
    await talk.taps("carla", native, 2)
    await talk.wait_until(talk.clock.at + timedelta(days=2, hours=8))
    posts = await talk.sent()
    assert not [p for p in posts if p.kind.endswith("poll.end")], "apps would count the taps alone"
    (gone,) = (p for p in posts if p.kind == "redact")
    assert gone.content["redacts"] == native.event
    texts = [p for p in posts if p.kind == "m.room.message"]
    assert texts[0].plain.split("\n") == [
        "* Cerrada: gana Biblioteca, abajo.",
        f"Encuesta {number}: donde nos vemos el sabado?",
        "1 Parque",
        "2 Biblioteca",
        "3 Zoom",
        f"Cerró el {day_in_words(2)}, 18:00 (Bogotá).",
    ]
    assert texts[0].content["m.relates_to"]["event_id"] == opening.event
    assert texts[1].plain.split("\n") == [
        f"Encuesta {number}, “donde nos vemos el sabado?”: gana Biblioteca.",
        "Parque: 0",
        "Biblioteca: 2",
        "Zoom: 0",
        "Votaron 2 de 3 personas.",
    ]
    await talk.says("bea", f"!votar {number} 1")
    await talk.hears("cerró")


async def test_a_tie_and_no_votes_are_said_as_such(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.says("ana", f"!cerrar {number}")
    await talk.hears("Cerrada: ", "nadie votó")
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 1)
    await talk.taps("carla", native, 3)
    await talk.says("ana", f"!fechar {number}")
    await talk.hears("Cerrada: ", "empate, Parque · Zoom")


async def test_only_the_author_or_a_moderator_closes(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, who="bea")
    await talk.says("carla", f"!cerrar {number}")
    (refused,) = await talk.hears(f"No puedes cerrar la encuesta {number}")
    assert f"Tu voto: `!votar {number} 1`" in refused.plain
    assert f"`!cerrar {number}`" not in refused.plain, "who may not do it is not told to"
    await talk.says("bea", f"!encerrar {number}")
    await talk.hears("Cerrada: ", "nadie votó")
    await talk.wait(5 * DAYS)
    await talk.hears_nothing()


async def test_a_poll_is_not_closed_by_chance(talk: Talk) -> None:
    _opening, _native, number = await opened(talk)
    await talk.says("ana", "!cerrar la puerta")
    await talk.hears("el número de la encuesta")
    await talk.says("ana", f"!cerrar la encuesta {number}")
    await talk.hears("Cerrada: ", "nadie votó")
    await talk.says("ana", f"!cerrar {number}")
    await talk.hears("ya está cerrada")


async def test_a_poll_made_in_private_is_closed_in_private_and_told_in_the_room(talk: Talk) -> None:
    await talk.tells("bea", "encuesta ¿Té? Sí, No")
    posts = await talk.said()
    number = find_number(posts[0])
    assert {p.room for p in posts} == {ROOM, await talk.private("bea")}
    await talk.tells("bea", f"cerrar {number}")
    posts = await talk.said()
    assert [p.room == ROOM for p in posts].count(True) == 2
    assert f"La encuesta {number} está cerrada." in [p.plain for p in posts]


async def test_who_is_forgotten_leaves_totals_without_a_name(talk: Talk) -> None:
    _opening, native, ended = await opened(talk)
    await talk.taps("bea", native, 1)
    await talk.says("ana", f"!cerrar {ended}")
    await talk.said()
    _opening, native, running = await opened(talk)
    await talk.taps("bea", native, 1)
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        assert await vote_removal.forget_person(tx, user_id("bea")) == 2
        assert (await poll_store.get_poll(tx, Number(ended))).turnout == 1
        assert (await poll_store.get_poll(tx, Number(running))).turnout == 0
        assert await tx.all("SELECT * FROM poll_book_response") == []
        assert await tx.all("SELECT * FROM poll_book_ballot") == []


async def test_one_more_vote_looks_at_one_person_only(talk: Talk) -> None:
    _opening, _native, number = await opened(talk)
    async with talk.machine.db.transaction() as tx:
        for table in ("poll_book_response", "poll_book_ballot"):
            plan = await tx.all(
                f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE poll = ? AND person = ?",  # noqa: S608
                number,
                user_id("bea"),
            )
            assert all("SEARCH" in row["detail"] for row in plan)


async def test_a_result_does_not_read_every_ballot(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reasons and late votes are found by an index of them alone."""
    _opening, _native, number = await opened(talk)
    asked: list[str] = []

    async def planned(self: Tx, query: str, *args: object) -> list[object]:
        asked.extend(
            row["detail"] for row in await every(self, f"EXPLAIN QUERY PLAN {query}", *args)
        )
        return []

    async def first(self: Tx, query: str, *args: object) -> None:
        await planned(self, query, *args)

    async with talk.machine.db.reading() as tx:
        every = Tx.all
        monkeypatch.setattr(Tx, "all", planned)
        monkeypatch.setattr(Tx, "one", first)
        await vote_store.list_reasons(tx, Number(number), 10)
        await vote_store.count_late(tx, Number(number))
        monkeypatch.undo()
    assert [("poll_book_ballot_reason" in asked[0]), ("poll_book_ballot_late" in asked[-1])] == [
        True,
        True,
    ]
    assert not any("B-TREE" in one for one in asked), "the order comes with the index"


async def test_a_result_that_comes_late_says_so(talk: Talk) -> None:
    await opened(talk)
    await talk.restart(after=timedelta(days=2, hours=10))
    await talk.wait(timedelta(0))
    await talk.hears("Cerrada: ", "con retraso")


async def test_votes_sent_in_time_and_read_late_count_and_later_ones_do_not(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    in_time = talk.clock.at + timedelta(hours=1)
    await talk.restart(after=3 * DAYS)
    for who, at in (("bea", in_time), ("carla", in_time + 2 * DAYS + timedelta(hours=8))):
        tap = PollVote(
            ROOM, EventId(f"$late-{who}"), user_id(who), at, native.event, ("o3",), 1, late=True
        )
        await talk.happens(tap)
    await talk.hears(f"La encuesta {number} cerró")
    await talk.wait(timedelta(0))
    posts = await talk.hears("Cerrada: ", "gana Zoom")
    assert "Zoom: 1" in posts[1].plain
    assert "1 voto se leyó tarde" in posts[1].plain


async def test_a_poll_ended_in_the_app_closes_if_the_person_may(talk: Talk) -> None:
    _opening, native, _number = await opened(talk, who="bea")
    for event, who in (("$end1", "carla"), ("$end2", "bea")):
        end = PollEnd(ROOM, EventId(event), user_id(who), talk.clock.at, native.event)
        await talk.happens(end)
        if who == "carla":
            await talk.hears_nothing()
    await talk.hears("Cerrada: ", "nadie votó")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_open_polls_are_pending(talk: Talk) -> None:
    _opening, _native, number = await opened(talk)
    heard = await talk.answer("bea", "!pendientes")
    assert f"Encuesta {number}: donde nos vemos el sabado? (hasta el {day_in_words(2)}" in heard


async def test_a_cancelled_poll_has_no_result(talk: Talk) -> None:
    _opening, native, number = await opened(talk)
    await talk.taps("bea", native, 1)
    await talk.says("ana", f"!cancelar {number}")
    await talk.hears("sin resultado")
    await talk.says("ana", "sí")
    await talk.hears("se canceló", "se canceló")
    assert "se canceló" in await counts(talk, number)
    await talk.wait(5 * DAYS)
    await talk.hears_nothing()


async def test_the_room_may_speak_portuguese(talk: Talk) -> None:
    await talk.set("language", "pt")
    opening, _native, number = await opened(talk, "!enquete Onde? Norte, Sul até sexta 18h")
    assert f"Enquete {number}: Onde?" in opening.plain
    assert "Toque numa opção ou responda com o número" in opening.plain
    await talk.says("bea", "norte", reply=opening)
    await talk.hears("Anotado: Norte. Dá para mudar até o encerramento.")
    await talk.says("carla", f"!fechar {number}")
    await talk.hears(f"Você não pode encerrar a votação {number}")
    await talk.says("ana", f"!encerrar {number}")
    await talk.hears("Encerrada: vence Norte. O resultado está abaixo.", "vence Norte")
