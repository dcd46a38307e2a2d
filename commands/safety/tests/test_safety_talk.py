"""The safety check-in where others have a part in it: a restore, somebody who is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, People, Topic, _, words
from bot.capability.data import erasure
from bot.testing.talk import START_TIME, Talk, user_id
from storage.files import restores

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUT = "regreso 12:00 @bea:test @carla; marcha en el centro"
ALARM = "no me ha respondido"


def forgetter(folder: Path) -> Feature:
    """The one command that this needs and that is another capability's."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), _("for this test")),
    )
    async def forget(ctx: Context, people: People) -> Answer:
        await erasure.forget_person(ctx, people[0])
        return None

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


async def letters(talk: Talk) -> dict[str, list[str]]:
    """What each person has read in private since."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    told: dict[str, list[str]] = {}
    for post in await talk.said():
        told.setdefault(rooms.get(post.room, post.room), []).append(post.plain)
    return told


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_an_ok_lost_by_a_restore_is_asked_for_before_anybody_is_told(talk: Talk) -> None:
    await talk.tells("ana", OUT)
    await talk.sent()
    talk.clock.at += 3 * HOUR
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
    assert await talk.machine.dispatcher.announce_restore()
    told = await letters(talk)
    assert any("quizás perdí tu `ok`" in text for text in told["ana"])
    assert not any(ALARM in text for text in told.get("bea", []))
    await talk.wait(timedelta(minutes=10))
    assert ALARM in (await letters(talk))["bea"][-1]


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_whoever_is_forgotten_is_missed_by_who_named_them(talk: Talk) -> None:
    await talk.tells("ana", OUT)
    await talk.sent()
    await talk.says("carla", "!olvida @bea:test")
    await talk.wait(timedelta(0))
    assert "Una persona que nombraste ya no está aquí" in (await letters(talk))["ana"][-1]
    await talk.says("carla", "!olvida @ana:test")
    await talk.wait(DAY)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        for table in ("safety_return", "safety_named", "safety_usual"):
            kept = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert not [row for row in kept if user_id("bea") in tuple(row)], table


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_took_care_and_is_forgotten_is_followed_by_the_next(talk: Talk) -> None:
    await talk.tells("ana", "regreso 12:00 @bea:test @carla:test")
    await talk.wait_until(START_TIME.at + timedelta(hours=2, minutes=10))
    assert ALARM in (await letters(talk))["carla"][-1]
    await talk.tells("bea", "me ocupo 1")
    await letters(talk)
    await talk.wait(DAY / 2)
    await letters(talk)
    await talk.says("carla", "!olvida @bea:test")
    await talk.wait(timedelta(0))
    assert any(ALARM in text for text in (await letters(talk))["carla"])
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM in text for text in (await letters(talk)).get("bea", []))


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize("line", ["ya volví", "Ya estoy de vuelta.", "estoy bien"])
async def test_whoever_is_back_is_back_whatever_else_is_asked(talk: Talk, line: str) -> None:
    """Taken as the answer to another question it would leave a false alarm behind."""
    await talk.tells("ana", OUT)
    await talk.tells("ana", "perfil")
    await talk.tells("ana", "buscar")
    assert "Falta" in (await letters(talk))["ana"][-1]
    await talk.tells("ana", line)
    assert "Qué bueno que regresaste" in "".join((await letters(talk))["ana"])
    await talk.wait(4 * HOUR)
    assert not any(ALARM in text for text in (await letters(talk)).get("bea", []))


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize("line", ["30 min más", "preciso de mais meia hora", "need 30 more min"])
async def test_more_time_is_heard_while_a_text_is_asked_for(talk: Talk, line: str) -> None:
    await talk.tells("ana", OUT)
    await talk.tells("ana", "buscar")
    assert "Falta" in (await letters(talk))["ana"][-1]
    await talk.tells("ana", line)
    assert "¿Te espero entonces hasta" in "".join((await letters(talk))["ana"])
    await talk.tells("ana", "sí")
    assert "12:30" in "".join((await letters(talk))["ana"])


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_what_answers_another_question_ends_no_check_in(talk: Talk) -> None:
    await talk.tells("ana", OUT)
    await talk.tells("ana", "buscar")
    await talk.sent()
    await talk.tells("ana", "ok")
    assert "ok" in "".join((await letters(talk))["ana"])
    await talk.wait(4 * HOUR)
    assert any(ALARM in text for text in (await letters(talk))["bea"])


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize(
    "line",
    [
        *("me atrazo 20 min", "no llego a las 12, mejor 13", "llego en 40 min", "ya no salgo"),
        *("mejor 12:30", "não vou mais sair", "chego em meia hora"),
    ],
)
async def test_who_changes_plans_reads_how_to_tell_it(talk: Talk, line: str) -> None:
    await talk.tells("ana", OUT)
    await letters(talk)
    await talk.tells("ana", line)
    assert "Todavía no cambié nada" in "".join((await letters(talk))["ana"])


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize("line", ["no", "👍", "perdón se me murió el cel", "dame un rato"])
async def test_who_is_not_understood_near_the_time_reads_what_is_waited_for(
    talk: Talk, line: str
) -> None:
    await talk.tells("ana", OUT)
    await talk.wait(2 * HOUR)
    await letters(talk)
    await talk.tells("ana", line)
    assert "Cuando regreses: `ok`" in "".join((await letters(talk))["ana"])
