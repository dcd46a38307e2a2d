"""An alarm that the homeserver does not give back: who is back hears it, and who was alarmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.gateway import Refused, TryLater
from bot.testing.talk import START_TIME, Talk
from commands.safety.tests.test_left_alarms import (
    BACK,
    HOUR,
    LEFT,
    MINUTE,
    leaves,
    letters,
    lying,
    rows,
    sends_without_the_bot,
    talk,
)

__all__ = ["talk"]
pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

GOES_OUT = timedelta(hours=2, minutes=11)
WELL = "“Estoy bien”"
NOT_STOPPED = "mi servidor no detiene mi aviso"
OUT_OF_DATE = "Ese aviso ya no valía"


async def goes_out(talk: Talk) -> dict[str, list[str]]:
    """Let the homeserver's time come, and the bot look whether it went out."""
    await sends_without_the_bot(talk, START_TIME.at + GOES_OUT)
    told = await letters(talk)
    for _ in range(3):
        await talk.wait(MINUTE)
        for who, texts in (await letters(talk)).items():
            told.setdefault(who, []).extend(texts)
    return told


@pytest.mark.parametrize("code", ["M_FORBIDDEN", "M_UNRECOGNIZED"])
async def test_who_is_back_hears_that_the_alarm_is_not_stopped_and_the_alarmed_that_they_are_back(
    talk: Talk, code: str
) -> None:
    await leaves(talk)
    await talk.wait(HOUR)
    talk.gateway.delayed.trouble = Refused(code)
    await leaves(talk, "ok")
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.wait(MINUTE)
    (warned,) = (await letters(talk))["ana"]
    assert NOT_STOPPED in warned and "12:11" in warned and WELL in warned
    assert "Bea (@bea:test) · Carla (@carla:test)" in warned
    told = await goes_out(talk)
    for who in ("bea", "carla"):
        assert LEFT in told[who][0] and BACK in told[who][1] and len(told[who]) == 2
    assert len([text for text in told["ana"] if "llegó" in text]) == 2
    assert await rows(talk) == 0 and lying(talk) == {}
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()


async def test_a_server_in_trouble_is_told_and_the_good_end_too(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails while she writes, and for a minute after; then it gives them back."""
    await leaves(talk, "regreso 12:00 @bea:test")
    talk.gateway.delayed.trouble = TryLater("http_503")
    slept: list[datetime] = []

    async def wait(seconds: float) -> None:
        slept.append(talk.clock.at)
        if len(slept) == 1:
            await talk.wait(timedelta(seconds=40))
        else:
            talk.gateway.delayed.trouble = None

    monkeypatch.setattr(talk.machine.outbox, "_sleep", wait)
    await leaves(talk, "ya volví")
    await talk.wait(timedelta(0))
    told = (await letters(talk))["ana"]
    assert [NOT_STOPPED in text for text in told] == [True] and len(slept) == 2
    await talk.wait(timedelta(0))
    assert "Bea (@bea:test) no recibe ningún aviso" in (await letters(talk))["ana"][0]
    assert "bea" not in await goes_out(talk)
    assert await rows(talk) == 0


async def test_who_says_ok_in_the_moment_of_the_alarm_is_told_and_so_is_the_contact(
    talk: Talk,
) -> None:
    """The homeserver is some seconds ahead: it has sent it before it could be taken back."""
    await leaves(talk)
    talk.clock.at = START_TIME.at + GOES_OUT
    talk.gateway.delayed.send_due()
    talk.clock.at -= timedelta(seconds=2)
    await letters(talk)
    assert "No le avisé a nadie" in (await leaves(talk, "ok"))["ana"][0]
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert [BACK in text for text in told["bea"]] == [True]
    assert "llegó" in told["ana"][0] and "ya regresaste" in told["ana"][0]
    assert await rows(talk) == 0


async def test_of_a_moved_time_the_old_alarm_is_told_of_and_the_new_one_stays(talk: Talk) -> None:
    await leaves(talk, "regreso 12:00 @bea:test")
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await leaves(talk, "regreso 14:00")
    await talk.wait(2 * MINUTE)
    (warned,) = (await letters(talk))["ana"]
    assert NOT_STOPPED in warned and "12:11" in warned and WELL not in warned
    told = await goes_out(talk)
    assert LEFT in told["bea"][0] and OUT_OF_DATE in told["bea"][1] and "14:00" in told["bea"][1]
    ((new,),) = lying(talk).values()
    assert new.at == START_TIME.at + GOES_OUT + 2 * HOUR and await rows(talk) == 1


async def test_looking_again_takes_back_what_is_out_of_date_and_never_what_is_wanted(
    talk: Talk,
) -> None:
    await leaves(talk, "regreso 12:00 @bea:test")
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await leaves(talk, "regreso 14:00")
    await talk.wait(2 * MINUTE)
    talk.gateway.delayed.trouble = None
    await goes_out(talk)
    ((new,),) = lying(talk).values()
    assert new.at == START_TIME.at + GOES_OUT + 2 * HOUR and await rows(talk) == 1


async def test_of_two_contacts_who_decline_the_person_is_warned_once(talk: Talk) -> None:
    await leaves(talk)
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await leaves(talk, "regreso no 1", "bea")
    await leaves(talk, "regreso no 1", "carla")
    await talk.wait(2 * MINUTE)
    warned = [text for text in (await letters(talk)).get("ana", []) if NOT_STOPPED in text]
    assert len(warned) == 1 and "Bea" in warned[0] and "Carla" in warned[0]
    async with talk.machine.db.reading() as tx:
        looks = await tx.count("SELECT count(*) AS n FROM job WHERE name = 'look'")
    assert looks == 1


async def test_of_a_cancelled_one_nobody_reads_that_somebody_is_well(talk: Talk) -> None:
    await leaves(talk, "regreso 12:00 @bea:test")
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await leaves(talk, "cancelar 1")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.wait(MINUTE)
    (warned,) = (await letters(talk))["ana"]
    assert NOT_STOPPED in warned and WELL not in warned and "no hay nada que hacer" in warned
    told = await goes_out(talk)
    assert LEFT in told["bea"][0] and "lo retiró" in told["bea"][1] and len(told["bea"]) == 2


async def test_whoever_is_forgotten_is_not_written_to(talk: Talk, tmp_path: Path) -> None:
    await leaves(talk, "regreso 12:00 @bea:test")
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await leaves(talk, "ok")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.says("carla", "!olvida @ana:test")
    await talk.wait(MINUTE)
    await talk.hears_nothing()


async def test_one_left_while_it_was_called_off_and_not_given_back_is_told_of(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The `ok` came between the request and its answer."""
    told: list[str] = []
    leave = type(talk.gateway.delayed).leave

    async def slowly(self: object, *given: object, **more: object) -> str:
        found = await leave(self, *given, **more)  # type: ignore[arg-type]
        if not told:
            told.append(found)
            talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
            await talk.tells("ana", "ya volví")
            await talk.wait(timedelta(0))
        return found

    monkeypatch.setattr(type(talk.gateway.delayed), "leave", slowly)
    await leaves(talk, "regreso 12:00 @bea:test")
    await talk.wait(MINUTE)
    assert NOT_STOPPED in (await letters(talk))["ana"][-1]
    assert BACK in (await goes_out(talk))["bea"][1]
