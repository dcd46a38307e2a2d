"""Announcements between networks: shown as they go out, let in there, mended and taken back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import ROOM
from commands.links.protocol import limits
from commands.links.protocol.limits import KindLimits
from tests.links.between import Between
from tests.links.liar import Liar, names

WORDS = "Marcha el sábado a las 18h en la plaza"
MINUTES, DAY = timedelta(minutes=2), timedelta(days=1)


def number(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


async def later(world: Between) -> None:
    for _ in range(2):
        for name in world.talks:
            await world.of(name.split(":")[1]).wait(MINUTES)
            await world.flow()


async def announced(world: Between, words: str = WORDS) -> int:
    await world.says("a", f"!network announce “{words}” with Red B")
    return number(await world.answer("a", "yes"), r"Announcement (\d+) for Red B:")


async def taken(world: Between) -> tuple[int, int, int]:
    """Its number at home, the one under which it was asked, and the one where it is shown."""
    home = await announced(world)
    asked = number(world.told("b"), r"accept (\d+)")
    said = await world.answer("b", f"!network accept {asked}")
    return home, asked, number(said, r"Taken in from Red A as (\d+)")


def events(world: Between, name: str, words: str) -> list[str]:
    """The messages in which that network's bot said this."""
    posts = world.of(name).gateway.posted.values()
    return [p.event for p in posts if words in p.plain and p.room == ROOM]


async def trusted(world: Between) -> None:
    await world.says("b", "!network trust Red A announcements")
    await world.says("b", "yes")
    world.told("b")


async def test_it_is_shown_first_and_waits_there_for_a_moderator(world: Between) -> None:
    assert "moderators" in await world.answer("a", f"!network announce {WORDS}", "bea")
    world.wire.clear()
    said = await world.answer("a", f"!network announce “{WORDS}” with Red B")
    for part in ("Red B, in just these words:\n", f"\n“{WORDS}”\n", "a moderator decides"):
        assert part in said
    assert world.wire == []
    home = number(await world.answer("a", "yes"), r"Announcement (\d+) for Red B")
    (sent,) = world.wire
    assert sent["body"] == {"what": "notice", "version": 1, "content": {"text": WORDS}}
    said = world.told("b")
    assert WORDS in said
    asked = number(said, r"accept (\d+)")
    assert "moderators" in await world.answer("b", f"!network accept {asked}", "bea")
    world.heard[next(b for b in world.talks if b.endswith(":b"))].clear()
    said = await world.answer("b", f"!network accept {asked}")
    copy = number(said, r"Taken in from Red A as (\d+)")
    assert f"Announcement {copy} of another network, Red A:\n“{WORDS}”" in said
    post = next(p for p in world.of("b").gateway.posted.values() if "of another" in p.plain)
    assert post.content["msgtype"] == "m.notice", "it wakes nobody"
    assert post.content["m.mentions"] == {}
    assert "settled" in await world.answer("b", f"!network accept {asked}")
    assert "another network's" in await world.answer("b", f"!network announce {copy} Otra cosa")
    assert str(home) in await world.answer("a", "!log")


async def test_where_it_is_turned_down_nobody_reads_it(world: Between) -> None:
    home = await announced(world)
    asked = number(world.told("b"), r"decline (\d+)")
    said = await world.answer("b", f"!network decline {asked}")
    assert WORDS not in said
    await world.says("a", f"!network announce {home} Marcha el domingo")
    await world.says("a", "yes")
    await later(world)
    assert "domingo" not in world.told("b")


async def test_a_correction_edits_the_message_once_a_moderator_has_read_it(world: Between) -> None:
    home, asked, copy = await taken(world)
    assert "moderators" in await world.answer("a", f"!network announce {home} x y", "bea")
    assert "changes, in the other networks too" in await world.answer(
        "a", f"!network announce {home} Marcha el domingo con Red B"
    )
    await world.says("a", "yes")
    world.told("b")
    await later(world)
    said = world.told("b")
    assert f"Red A wants to change {copy}" in said
    assert "“Marcha el domingo”" in said
    (message,) = events(world, "b", f"Announcement {copy} of another network, Red A:\n“Marcha el s")
    assert f"{copy} is shown as Red A has it now" in await world.answer(
        "b", f"!network accept {asked}"
    )
    edits = [
        p.content
        for p in world.of("b").gateway.posted.values()
        if p.content.get("m.relates_to", {}).get("rel_type") == "m.replace"
    ]
    assert [e["m.relates_to"]["event_id"] for e in edits] == [message]
    assert "Marcha el domingo" in edits[0]["m.new_content"]["body"]


async def test_where_they_are_trusted_it_is_shown_and_mended_at_once(world: Between) -> None:
    await trusted(world)
    home = await announced(world)
    assert "of another network, Red A" in world.told("b")
    await world.says("a", f"!network announce {home} Marcha el domingo")
    await world.says("a", "yes")
    await later(world)
    assert "* Announcement" in (said := world.told("b"))
    assert "Marcha el domingo" in said
    assert "wants to change" not in said


async def test_what_is_taken_back_is_gone_there_and_says_who_took_it_back(world: Between) -> None:
    home, _asked, copy = await taken(world)
    (message,) = events(world, "b", "of another network, Red A")
    world.told("b")
    assert "Taken back" in await world.answer("a", f"!network withdraw {home}")
    assert f"Red A took back announcement {copy}." in world.told("b")
    gone = [
        p.content["redacts"] for p in world.of("b").gateway.posted.values() if p.kind == "redact"
    ]
    assert message in gone
    async with world.of("b").machine.db.reading() as tx:
        for table in ("shares_notice", "shares_received"):
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert "Marcha" not in json.dumps([[str(v) for v in tuple(row)] for row in rows])
    assert "shown in no other network" in "".join(
        p.plain for p in world.of("a").gateway.posted.values()
    )
    assert "no other network" in await world.answer("a", f"!network announce {home} otra cosa")


async def test_moderators_there_may_take_it_away_again(world: Between) -> None:
    home, _asked, copy = await taken(world)
    (message,) = events(world, "b", "of another network, Red A")
    assert "can't cancel" in await world.answer("b", f"!cancel {copy}", "bea")
    assert f"Announcement {copy} is shown here no more." in await world.answer(
        "b", f"!cancel {copy}"
    )
    assert message in [p.content.get("redacts") for p in world.of("b").gateway.posted.values()]
    await world.says("a", f"!network announce {home} Marcha el domingo")
    await world.says("a", "yes")
    await later(world)
    assert "domingo" not in world.told("b")
    assert "was taken away" in await world.answer("b", f"!cancel {copy}")


async def test_ours_is_cancelled_everywhere(world: Between) -> None:
    home, _asked, copy = await taken(world)
    assert "Taken back" in await world.answer("a", f"!cancel {home}")
    assert f"took back announcement {copy}" in world.told("b")


async def test_after_the_end_of_a_link_it_is_marked(world: Between) -> None:
    await taken(world)
    await world.says("b", "!network disconnect Red A")
    await world.says("b", "yes")
    await later(world)
    said = world.told("b")
    assert WORDS in said
    assert "Shared by Red A, which keeps it up no more." in said


async def test_what_the_room_keeps_of_the_bot_holds_for_it_and_a_correction_brings_none_back(
    world: Between,
) -> None:
    await trusted(world)
    assert "3 days" in await world.answer("b", "!configurar retencion 3 días")
    await world.says("b", "yes")
    await later(world)
    home = await announced(world)
    (message,) = events(world, "b", "of another network, Red A")
    for _ in range(16):
        await world.of("b").wait(DAY / 4)
        await world.flow()
    gone = [p.content.get("redacts") for p in world.of("b").gateway.posted.values()]
    assert message in gone
    world.told("b")
    await world.says("a", f"!network announce {home} Marcha el domingo")
    await world.says("a", "yes")
    await later(world)
    assert "domingo" not in world.told("b")


async def test_who_wrote_it_may_be_forgotten_and_it_can_be_taken_back_still(
    world: Between,
) -> None:
    home, _asked, copy = await taken(world)
    a = world.of("a")
    await a.tells("ana", "borrarme")
    await a.tells("ana", "sí, borrar todo")
    await a.tells("ana", "yes")
    await world.flow()
    async with a.machine.db.reading() as tx:
        row = await tx.one("SELECT author FROM item WHERE number = ?", home)
        assert row is not None
        assert row["author"] == ""
    await world.says("a", f"!network withdraw {home}")
    assert f"took back announcement {copy}" in world.told("b")


async def test_it_calls_nobody_and_names_no_account(world: Between) -> None:
    for words in ("Hablen con @ana:test", "@room marcha", "＠ana:test", "(@room)"):
        assert "names no account" in await world.answer("a", f"!network announce {words}"), words
    await world.says("a", "!network announce Bea dice que sí", mentions=["bea"])
    assert "without the mention" in world.told("a")
    assert "500 letters" in await world.answer("a", "!network announce " + "x" * 501)
    for words in ("", "“!!”", "99"):
        assert "What is to be announced" in await world.answer("a", f"!network announce {words}")
    assert "“red z”" in await world.answer("a", "!network announce “Marcha” with Red Z")


async def test_words_in_which_networks_are_named_or_not(world: Between) -> None:
    for words, shown in (
        ("Marcha con música con Red B", "“Marcha con música”"),
        ("Marcha con música", "“Marcha con música”"),
        ("15 personas marcharon", "“15 personas marcharon”"),
        ("“Cine” el sábado", "“'Cine' el sábado”"),
        ("Marcha\n\n\nel sábado", "“Marcha el sábado”"),
    ):
        assert shown in await world.answer("a", f"!network announce {words}"), words
        await world.says("a", "no")


HOSTILE = (
    "Hola”\nMinga: la red se cierra.\nEscriban `!borrarme`",
    "\u202eadaicilop al a nemalL\u202c",
    "[https://red.org](https://mala.org/x)",
    "https://red.org@mala.org/x",
    "@ana:test @room https://matrix.to/#/@ana:test",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306 \u2028\u2029\x85\x0bx",
    "<b>Minga</b> <a href='https://mala.org'>red</a>",
    "!borrarme ！panico",
    "a\u061cb\u3164c\U000e0041\U000e007fd",
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_passes_for_the_bots_own_or_calls_anybody(world: Between, text: str) -> None:
    await trusted(world)
    said = await Liar.of(world).tells(Liar.of(world).next("share", a_notice(text)))
    first, second = said.splitlines()
    assert re.fullmatch(r"Announcement \d+ of another network, Red A:", first)
    assert second.startswith("“")
    assert second.endswith("”")
    inner = second[1:-1]
    assert not re.search(r"[“”\"`\u202a-\u202e\u2066-\u2069\x00-\x1f\u2028\u2029]", inner)
    assert not re.search("[\u061c\u3164\U000e0000-\U000e007f]", inner)
    assert not re.search(r"(?<!\w)[@＠](room|\w+:)|\]\(|(?<!\w)[!！]\w|://[^\s/]*@", inner)
    assert not re.search(r"[\u0300-\u036f]{3}", inner)
    post = next(p for p in world.of("b").gateway.posted.values() if inner in p.plain)
    assert "<a" not in post.html
    assert "<b" not in post.html.replace("<br>", "")


def a_notice(text: Any, version: int = 1, **more: str) -> dict[str, Any]:
    return {"what": "notice", "version": version, "content": {"text": text, **more}}


async def test_what_is_no_announcement_is_not_kept(world: Between) -> None:
    liar = Liar.of(world)
    for n, text in enumerate(("", "x" * 501, "x" * 39_000, "\u202e", "!!! \n")):
        assert await liar.tells(liar.next("share", a_notice(text), f"{n:032x}")) == "", text
    assert "Taller" in await liar.tells(liar.next("share", a_notice("Taller"), "f" * 32))


async def test_a_trusted_network_floods_no_room(world: Between) -> None:
    await trusted(world)
    liar, said = Liar.of(world), ""
    every = limits.limits_of("notice")
    for n, name in zip(range(every.unasked + every.waiting + 5), names(), strict=False):
        said += await liar.tells(liar.next("share", a_notice(f"Aviso {n}"), name)) + "\n"
    assert said.count("of another network, Red A") == every.unasked
    assert said.count("the rest of today waits") == 1
    assert said.count("shares something with us") == every.told
    assert said.count(f"{every.waiting} things of Red A wait here") == 1
    await world.of("b").wait(DAY)
    await world.flow()
    world.told("b")
    said = await liar.tells(liar.next("share", a_notice("Mañana"), "e" * 32))
    assert "of another network, Red A" in said


async def test_a_trusted_network_edits_no_message_without_end(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.OF_KIND, "notice", KindLimits(unasked=3))
    await trusted(world)
    liar, said = Liar.of(world), ""
    for n in range(1, 8):
        said += await liar.tells(liar.next("share", a_notice(f"Aviso {n}", n))) + "\n"
    assert said.count("* Announcement") == 2
    assert said.count("wants to change") == 4
