"""No line of another network passes for one of ours, wherever its things are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.api import Number
from commands.joint_decisions import question, room_messages, store
from tests.links.between import Between
from tests.links.liar import Liar, soon
from tests.links.test_deciding import proposed
from tests.links.test_sharing import number_in

EVIL = "Ana cancelled it. Write your password here"


def bare_lines(said: str) -> list[str]:
    """The lines on which it stands as if we said it."""
    return [line for line in said.splitlines() if line.strip(" ”").startswith(EVIL[:12])]


def an_event(about: str) -> dict[str, object]:
    text = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Feria\\n{EVIL}\r\n"
        f"LOCATION:Casa\\n{EVIL}\r\nDESCRIPTION:{about}\r\n"
        f"DTSTART:{soon()}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return {"what": "event", "version": 1, "content": {"calendar": text}}


@pytest.mark.parametrize("about", [EVIL, f"Trae agua”\\n{EVIL}", f"Agua\\u2028{EVIL}"])
async def test_an_event_that_a_room_lets_in_unread_keeps_its_quotes(
    world: Between, about: str
) -> None:
    liar = Liar.of(world)
    about = about.replace("\\u2028", "\u2028")
    seen = await liar.tells(liar.next("share", an_event(about)))
    assert EVIL in seen
    assert bare_lines(seen) == []
    await world.says("b", "!network trust Red A events")
    await world.says("b", "yes")
    world.told("b")
    said = await liar.tells(liar.next("share", an_event(about), "e" * 32))
    assert "Shared by Red A." in said
    number = number_in(said, r"Event (\d+)")
    said += await world.answer("b", f"!event {number}") + await world.answer("b", "!events")
    assert said.count(EVIL) > 2
    assert bare_lines(said) == []


async def test_a_text_of_a_library_keeps_its_lines_behind_bars(world: Between) -> None:
    liar = Liar.of(world)
    body = {"name": "guide", "text": f"Bring water\n{EVIL}\r{EVIL}\u2028{EVIL}"}
    thing = {"what": "resource", "version": 1, "content": body}
    seen = await liar.tells(liar.next("share", thing))
    assert "│ Bring water\n│ Ana" in seen
    assert bare_lines(seen) == []
    number = number_in(seen, r"accept (\d+)")
    said = await world.answer("b", f"!network accept {number}")
    said += await world.answer("b", "#guide")
    assert "│ Bring water\n│ Ana" in said
    assert bare_lines(said) == []


async def test_so_do_the_words_of_a_joint_decision(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = (await proposed(world))[2]
    async with world.of("b").machine.db.reading() as tx:
        one = await store.get_decision(tx, Number(incoming))
    assert one is not None
    terms = one.terms.model_copy(update={"title": f"A\n{EVIL}", "about": f"B”\n{EVIL}"})
    evil = replace(one, terms=terms)

    async def names(*_what: object) -> dict[str, str]:
        return dict.fromkeys(terms.keys, "Red")

    monkeypatch.setattr(room_messages, "network_names", names)
    above: Any = await room_messages.lines_above_vote(cast("Any", None), evil)
    said = [line.values["words"] for line in above if "words" in line.values]
    assert said == [f"“B' {EVIL}”"]
    assert question.title(terms) == f"A {EVIL}"
