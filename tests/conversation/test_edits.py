"""What is edited keeps its manner; what is taken away goes with all its edits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import (
    Answer,
    Context,
    Edit,
    Feature,
    MessageRef,
    Number,
    Redact,
    Say,
    Topic,
    verbatim,
    words,
)
from bot.gateway import TryLater
from bot.testing.talk import PostedEvent, Talk, find_number, user_id

probe = Feature("probe", Path(__file__).parent / "probe")
about = verbatim("for the test")
topic = Topic("probe", words("sondas", "sondas-pt", "probes"), about)


@probe.command(words("dice", "diz", "says"), help=about, example=about, topic=topic)
async def says(ctx: Context, manner: str) -> Answer:
    number = await ctx.add_item("said", "said")
    meant = ctx.origin.mentions
    loud = manner != "quiet"
    said = Say((verbatim(f"{number} first"),), mentions=meant, loud=loud, item=number, slot="it")
    return [said, _edit(number, "at once")] if manner == "hasty" else said


@probe.command(words("cambia", "muda", "edits"), help=about, example=about, topic=topic)
async def edits(_ctx: Context, number: int, text: str) -> Answer:
    return _edit(Number(number), text)


@probe.command(words("borra", "apaga", "redacts"), help=about, example=about, topic=topic)
async def redacts(_ctx: Context, number: int) -> Answer:
    return Redact(MessageRef(Number(number), "it"), reason="no more")


def _edit(number: Number, text: str) -> Edit:
    return Edit(MessageRef(number, "it"), (verbatim(f"{number} {text}"),))


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [probe]


async def edited(talk: Talk, manner: str, *meant: str) -> tuple[PostedEvent, PostedEvent]:
    await talk.says("ana", f"!says {manner}", mentions=meant)
    (said,) = await talk.said()
    await talk.says("ana", f"!edits {find_number(said)} second")
    (edit,) = await talk.said()
    return said, edit


@pytest.mark.parametrize(("manner", "kind"), [("loud", "m.text"), ("quiet", "m.notice")])
async def test_an_edit_keeps_the_kind_and_whom_it_meant(talk: Talk, manner: str, kind: str) -> None:
    said, edit = await edited(talk, manner, "bea", "carla")
    new = edit.content["m.new_content"]
    assert said.content["msgtype"] == edit.content["msgtype"] == new["msgtype"] == kind
    assert new["m.mentions"] == {"user_ids": [user_id("bea"), user_id("carla")]}
    assert edit.content["m.mentions"] == {}, "no phone rings again"


async def test_so_does_an_edit_of_what_is_still_on_its_way(talk: Talk) -> None:
    await talk.says("ana", "!says hasty", mentions=["bea"])
    _said, edit = await talk.said()
    assert edit.content["m.new_content"]["msgtype"] == "m.text"
    assert edit.content["m.new_content"]["m.mentions"] == {"user_ids": [user_id("bea")]}


async def test_an_edit_of_an_edited_message_keeps_them_too(talk: Talk) -> None:
    said, _edit = await edited(talk, "loud", "bea")
    await talk.says("ana", f"!edits {find_number(said)} third")
    (third,) = await talk.said()
    assert third.content["m.new_content"]["m.mentions"] == {"user_ids": [user_id("bea")]}
    assert third.content["m.relates_to"]["event_id"] == said.event


async def test_a_message_is_taken_away_with_all_its_edits(talk: Talk) -> None:
    said, second = await edited(talk, "loud")
    other, _ = await edited(talk, "loud")
    await talk.says("ana", f"!edits {find_number(said)} third")
    (third,) = await talk.said()
    await talk.restart()
    await talk.says("ana", f"!redacts {find_number(said)}")
    gone = [(p.room, p.content["redacts"], p.content["reason"]) for p in await talk.sent()]
    assert gone == [(said.room, e.event, "no more") for e in (said, second, third)]
    assert other.event not in {event for _, event, _ in gone}
    await talk.says("ana", f"!redacts {find_number(said)}")
    assert len(await talk.sent()) == 1, "its edits are gone already"


async def test_an_edit_that_is_known_only_from_its_echo_goes_too(talk: Talk) -> None:
    await talk.says("ana", "!says loud")
    (said,) = await talk.said()
    await talk.says("ana", f"!edits {find_number(said)} second")
    talk.gateway.lose_responses = True
    with pytest.raises(TryLater):
        await _send_the_first(talk)
    talk.gateway.lose_responses = False
    (edit,) = list(talk.gateway.posted.values())[-1:]
    await talk.echo(edit)
    await talk.says("ana", f"!redacts {find_number(said)}")
    gone = [p.content["redacts"] for p in await talk.sent() if p.kind == "redact"]
    assert gone == [said.event, edit.event]


async def _send_the_first(talk: Talk) -> None:
    """Deliver a letter whose response is lost."""
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT room, payload, txn, ref FROM letter ORDER BY id LIMIT 1")
    assert row is not None
    content = {"body": "* sent", "m.relates_to": {"rel_type": "m.replace", "event_id": row["ref"]}}
    await talk.gateway.send(row["room"], "m.room.message", content, row["txn"])


async def test_in_an_outage_it_goes_when_the_homeserver_is_back(talk: Talk) -> None:
    said, second = await edited(talk, "loud")
    talk.gateway.broken = True
    await talk.says("ana", f"!redacts {find_number(said)}")
    await talk.restart(timedelta(hours=1))
    talk.gateway.broken = False
    gone = [p.content["redacts"] for p in await talk.sent()]
    assert gone == [said.event, second.event]
