"""Whom an open call for help leaves out hears nothing of a check-in either."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.capability.context import Origin
from bot.capability.prefetch import FetchedData
from bot.capability.room_policy import room_policy
from bot.testing.talk import Talk, user_id
from commands.safety.services import export_data

OVERDUE, SPARED = "no me ha respondido", "De tu regreso no le digo nada"


async def letters(talk: Talk) -> dict[str, str]:
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    told = dict.fromkeys(rooms.values(), "")
    for post in await talk.said():
        if post.room in rooms:
            told[rooms[post.room]] += f"{post.plain}\n"
    return told


async def goes_out(talk: Talk, *lines: str) -> dict[str, str]:
    """Let Bea write these lines and not come back. Return what each reads when she is overdue."""
    await letters(talk)
    for line in lines:
        await talk.tells("bea", line)
        await talk.wait(timedelta(seconds=30))
    await letters(talk)
    await talk.wait(timedelta(minutes=75))
    return await letters(talk)


@pytest.mark.parametrize("words", ["carla me esta pegando", "no le avises a carla, me siguen"])
async def test_whom_the_call_accuses_is_not_told_and_the_other_is(talk: Talk, words: str) -> None:
    told = await goes_out(talk, "regreso en 1 hora @ana @carla", f"panico {words}")
    assert told["carla"] == "" and OVERDUE in told["ana"] and "Carla" not in told["ana"]
    assert SPARED in told["bea"] and "Carla (@carla:test)" in told["bea"]
    await talk.tells("bea", "ok")
    assert (await letters(talk))["carla"] == ""


@pytest.mark.parametrize("words", ["carlita me tiene encerrada", "karla me pega", "sin carlita"])
async def test_the_only_one_named_is_not_told_if_accused_by_a_short_name_while_another_is_called(
    talk: Talk, words: str
) -> None:
    told = await goes_out(talk, "regreso en 1 hora @carla", f"panico {words}")
    assert told["carla"] == "" and SPARED in told["bea"] and "no le avisaría a nadie" in told["bea"]


async def test_the_only_one_named_is_not_told_and_bea_reads_that_nobody_is(talk: Talk) -> None:
    told = await goes_out(talk, "regreso en 1 hora @carla", "panico carla me esta pegando")
    assert told["carla"] == "" and SPARED in told["bea"] and "no le avisaría a nadie" in told["bea"]


async def test_without_such_words_everybody_named_is_told(talk: Talk) -> None:
    told = await goes_out(talk, "regreso en 1 hora @ana @carla", "panico me siguen")
    assert OVERDUE in told["carla"] and OVERDUE in told["ana"] and SPARED not in told["bea"]


async def test_a_call_that_reaches_nobody_keeps_nobody_from_hearing_of_a_check_in(
    talk: Talk,
) -> None:
    told = await goes_out(
        talk, "regreso en 1 hora @ana @carla", "panico no avises a ana ni a carla"
    )
    assert OVERDUE in told["carla"] and OVERDUE in told["ana"]


async def test_of_a_call_that_reaches_nobody_the_accused_hears_nothing(talk: Talk) -> None:
    await letters(talk)
    await talk.tells("bea", "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.tells("carla", "si")
    words = "panico carla me esta pegando, no avises a ana"
    told = await goes_out(talk, "regreso en 1 hora @ana @carla", words)
    assert told["carla"] == "" and OVERDUE in told["ana"]


async def test_a_call_that_is_over_when_the_others_are_told_leaves_nobody_out(talk: Talk) -> None:
    """Whoever holds her phone could else empty her check-in by a call and a false alarm."""
    await talk.tells("bea", "regreso en 1 hora @ana @carla")
    await talk.wait(timedelta(minutes=59))
    await talk.tells("bea", "panico no avises a carla")
    await talk.wait(timedelta(minutes=2))
    assert SPARED in (await letters(talk))["bea"]
    await talk.tells("bea", "falsa alarma")
    await talk.wait(timedelta(minutes=20))
    assert OVERDUE in (await letters(talk))["carla"]


async def test_who_is_accused_after_the_first_alarm_gets_no_other(talk: Talk) -> None:
    told = await goes_out(talk, "regreso en 1 hora @ana @carla")
    assert OVERDUE in told["carla"]
    await talk.tells("bea", "panico carla me esta pegando")
    await letters(talk)
    await talk.wait(timedelta(minutes=40))
    told = await letters(talk)
    assert OVERDUE not in told["carla"] and OVERDUE in told["ana"] and SPARED in told["bea"]


DOUBTS = ["carla esta en la puerta con un cuchillo", "carla volvio borracho"]


@pytest.mark.parametrize("words", DOUBTS)
@pytest.mark.parametrize("calls", ["panico {}", "panico me siguen|{}"])
async def test_who_may_do_harm_is_not_told_while_another_is(
    talk: Talk, words: str, calls: str
) -> None:
    lines = calls.format(words).split("|")
    told = await goes_out(talk, "regreso en 1 hora @ana @carla", *lines)
    assert told["carla"] == "" and OVERDUE in told["ana"] and SPARED in told["bea"]


@pytest.mark.parametrize("words", DOUBTS)
async def test_nor_of_a_check_in_that_begins_later(talk: Talk, words: str) -> None:
    told = await goes_out(talk, f"panico {words}", "!regreso en 1 hora @ana @carla")
    assert told["carla"] == "" and OVERDUE in told["ana"] and SPARED in told["bea"]


@pytest.mark.parametrize("words", DOUBTS)
async def test_who_may_do_harm_is_told_if_nobody_else_is(talk: Talk, words: str) -> None:
    told = await goes_out(talk, "regreso en 1 hora @carla", f"panico {words}")
    assert OVERDUE in told["carla"] and SPARED not in told["bea"]


async def test_who_was_doubted_and_is_asked_for_is_told(talk: Talk) -> None:
    lines = ("regreso en 1 hora @ana @carla", "panico me siguen", DOUBTS[1], "avisa a carla")
    assert OVERDUE in (await goes_out(talk, *lines))["carla"]


async def test_a_helper_who_is_called_in_spite_of_a_doubt_is_told(talk: Talk) -> None:
    told = await goes_out(talk, "regreso en 1 hora @ana @carla", "panico ana me encontro")
    assert OVERDUE in told["ana"] and OVERDUE in told["carla"] and SPARED not in told["bea"]


async def test_what_is_kept_of_whom_the_call_accuses_does_not_tell_of_it(talk: Talk) -> None:
    """Beside `regreso no`, answered as of one that is over, it would give the call away."""
    env, origin = talk.machine.env, Origin(await talk.private("carla"))
    lines = {"regreso en 1 hora @ana @carla": True, "panico carla me pega": False}
    for line, is_named in lines.items():
        await talk.tells("bea", line)
        await talk.wait(timedelta(seconds=30))
        async with talk.machine.db.transaction() as tx:
            policy = await room_policy(tx, origin.room, env.defaults)
            ctx = env.context(
                tx, who=user_id("carla"), origin=origin, policy=policy, fetched=FetchedData()
            )
            assert bool(await export_data(ctx, user_id("carla"))) is is_named
