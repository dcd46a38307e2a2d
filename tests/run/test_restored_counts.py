"""After a restore nothing is counted a second time out of what is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.capability.discovery import features
from bot.capability.services import AFTER_RESTORE
from bot.testing.talk import Talk
from storage.files import restores

DAY = timedelta(days=1)
HARMLESS = {
    "announcements": "says again what was said once; nothing is counted",
    "anonymous_box": "deletes",
    "attendance": "brings the counts of what goes on up to date",
    "ballot_secrecy": "deletes; the ballots are the polls'",
    "ban_lists": "looks again at the rules of today",
    "calendar": "reads out what stands there on the day",
    "delegation": "ends what is over",
    "directory": "asks, and ends what nobody renews",
    "doors": "opens votes; what they decide is the polls'",
    "drafts": "carries out what a poll decided",
    "event_reminders": "rings late rather than never",
    "exchange": "asks, and ends what nobody renews",
    "expected_lists": "ends what is over",
    "finding": "reads out what stands there on the day",
    "governance": "ends what is over; what a poll decided is carried out",
    "incidents": "asks again, and deletes",
    "joint_publication": "says who has not answered; a silence is never a yes",
    "lending": "rings late rather than never",
    "library": "asks for reviews; what waits is the embargo's",
    "link_introductions": "says again what was said once",
    "networks": "looks again at the rooms of today",
    "onboarding": "invites again who is not inside",
    "reminders": "rings late rather than never",
    "rooms": "looks again at the rooms of today",
    "rules": "asks again",
    "shares": "the links have each network's part told again",
    "teams": "rings late rather than never",
    "timebank": "ends what nobody confirmed",
    "verification": "ends what is over",
    "welcome": "greets late rather than never",
}
"""Capabilities with jobs that a restore need not stop, and why."""


async def restored(talk: Talk, away: timedelta) -> str:
    """The bot comes back, after so long, from a copy that was made now; what is said of it."""
    made = talk.clock.at
    talk.clock.at += away
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, made)
    await talk.sent()
    assert await talk.machine.dispatcher.announce_restore()
    told = await talk.said()
    await talk.wait(timedelta(0))
    assert not await talk.said(), "nothing falls due any more"
    return "\n".join(post.plain for post in told)


def test_each_capability_with_jobs_says_what_a_restore_does_to_them() -> None:
    having_jobs = {one.name for one in features() if one.jobs}
    offering = {one.name for one in features() if AFTER_RESTORE.name in one.services}
    assert having_jobs - offering == set(HARMLESS)


async def test_a_draw_ends_without_drawing_anybody(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo facilitación")
    await talk.answer("ana", "!cargo sortear facilitación 1 en 30 min")
    told = await restored(talk, DAY)
    assert "El sorteo 2 para “facilitación” termina sin resultado" in told
    assert "`!cargo dar facilitación @nombre`" in told
    assert "facilitación: nadie" in await talk.answer("bea", "!cargo facilitación")
    assert "Sorteo" in await talk.answer("ana", "!cargo sortear facilitación")


async def test_a_draw_whose_time_is_to_come_goes_on(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo facilitación")
    await talk.answer("ana", "!cargo sortear facilitación 1 en 30 min")
    assert "Responde otra vez: una palabra o `no`" in await restored(talk, DAY / 96)
    await talk.wait(DAY)
    assert "tiene el cargo “facilitación”" in "\n".join(p.plain for p in await talk.said())


@pytest.mark.parametrize(("away", "goes_on"), [(2 * DAY, False), (DAY / 24, True)])
async def test_a_questionnaire_says_no_counts_of_what_is_missing(
    talk: Talk, away: timedelta, *, goes_on: bool
) -> None:
    await talk.answer("ana", '!cuestionario "Evaluación" hasta en 24 horas\n1. ¿Vuelves? (sí o no)')
    await talk.answer("ana", "sí")
    await talk.wait(timedelta(0))
    told = await restored(talk, away)
    assert "espondieron" not in told
    assert ("Otra vez: `!cuestionario 1`" in told) == goes_on
    assert ("termina sin resultados" in told) != goes_on
    async with talk.machine.db.reading() as tx:
        assert bool(await tx.all("SELECT * FROM questionnaires_key")) == goes_on


@pytest.mark.parametrize(("away", "goes_on"), [(2 * DAY, False), (DAY / 24, True)])
async def test_no_second_ballot_opens(talk: Talk, away: timedelta, *, goes_on: bool) -> None:
    call = "!elección Comité puestos:1 candidaturas hasta en 24 horas, voto hasta en 96 horas"
    await talk.answer("ana", call)
    for who in ("ana", "bea"):
        await talk.tells(who, "me postulo 1")
    told = await restored(talk, away)
    assert ("termina sin votación" in told) != goes_on
    assert ("Hazlo otra vez" in told) == goes_on
    await talk.wait(2 * DAY)
    opened = any("La votación es la" in post.plain for post in await talk.said())
    assert opened == goes_on


@pytest.mark.parametrize(("away", "goes_on"), [(2 * DAY, False), (DAY / 24, True)])
async def test_a_call_for_action_posts_no_counts(
    talk: Talk, away: timedelta, *, goes_on: bool
) -> None:
    await talk.answer("ana", '!accion "Carta" "Escribe" "Llama" hasta en 24 horas')
    told = await restored(talk, away)
    assert "0 personas" not in told
    # The opening, which says until when it is open, says it too.
    missing = "En sus totales falta lo que se hizo después"
    assert told.count(missing) == (0 if goes_on else 2)
    assert ("Dilo otra vez: `!hecho 1 1`" in told) == goes_on
