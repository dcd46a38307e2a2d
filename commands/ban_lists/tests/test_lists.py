"""Shared ban lists: read, told of, never obeyed by themselves; and a list of our own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.testing.step_count import count_steps
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import BanRuleChanged, EventId, Membership, RoomId, UserId
from commands.ban_lists import list_rules, list_store

LIST, MODS, DESK = RoomId("!lista:lejos.org"), RoomId("!mods:test"), RoomId("!mesa:test")
SPAM = "@spam:malo.org"
EVENTS = count()


def ban(entity: str, reason: str = "spam") -> dict[str, Any]:
    return {"entity": entity, "recommendation": "m.ban", "reason": reason}


async def a_list(talk: Talk, *entities: str, power: int = 0) -> None:
    """Of somebody else's, with the bot in it; and the moderators' room."""
    await talk.room(LIST, "Convivencia", ["ana"], {"ana": 50}, bot_power=power, encrypted=False)
    talk.gateway.aliases["#convivencia:lejos.org"] = LIST
    for n, entity in enumerate(entities):
        kind = "user" if ":" in entity else "server"
        talk.gateway.state[LIST, f"m.policy.rule.{kind}", f"k{n}"] = ban(entity)
    await talk.room(MODS, "Mods", ["ana"], {"ana": 50})
    await talk.set("moderation", "yes", MODS)


async def changed(talk: Talk, key: str, content: Mapping[str, Any], kind: str = "user") -> None:
    """The list's keepers write in it."""
    event = EventId(f"$rule{next(EVENTS)}")
    await talk.happens(
        BanRuleChanged(LIST, event, UserId("@lista:lejos.org"), talk.clock.at, kind, key, content)
    )
    await talk.wait(timedelta(minutes=2))


async def followed(talk: Talk) -> str:
    """What the moderators read of it."""
    asked = await talk.answer("ana", "!vetos seguir #convivencia:lejos.org", room=MODS)
    assert "No hago nada por una lista" in asked
    await talk.says("ana", "sí", room=MODS)
    await talk.wait(timedelta(0))
    return "\n".join(post.plain for post in await talk.said() if post.room == MODS)


def bans(talk: Talk) -> list[tuple[RoomId, str]]:
    return [(p.room, p.content["user"]) for p in talk.gateway.posted.values() if p.kind == "ban"]


async def test_what_a_list_says_is_told_and_done_only_after_a_yes(talk: Talk) -> None:
    await a_list(talk, SPAM, "@nadie:otro.org", "malo.org")
    await talk.room(DESK, "Mesa", ["ana", SPAM], {"ana": 50})
    await talk.room(RoomId("!radio:test"), "Radio", ["bea", SPAM], {"bea": 50})
    said = await followed(talk)
    assert f"nombra a {SPAM}. Su motivo: spam" in said and "`!vetar 1`" in said
    assert "nombra a malo.org" in said and "nadie" not in said  # whom it names here, no more
    assert bans(talk) == []
    for who, room in (("bea", ROOM), ("carla", ROOM)):
        assert "No existe el número 1" in await talk.answer(who, "!vetar 1", room=room)
    asked = await talk.answer("ana", "!vetar 1", room=MODS)
    assert "1 prohibición de entrada, por el número 1" in asked and "Dónde: Mesa" in asked
    await talk.tells("ana", "sí")
    await talk.sent()
    assert bans(talk) == [(DESK, SPAM)]  # in Radio she has no say
    log = await talk.answer("ana", "!historial", room=DESK)
    assert "una lista compartida de entradas prohibidas dice: spam" in log


async def test_who_comes_later_and_what_is_written_later(talk: Talk) -> None:
    await a_list(talk, "*:malo.org", "@otra:?ejos.org")
    await followed(talk)
    await talk.moves(SPAM, Membership.JOIN)
    said = "\n".join(post.plain for post in await talk.said() if post.room == MODS)
    assert "nombra a *:malo.org" in said and "Aquí está 1 persona" in said
    await talk.moves(SPAM, Membership.LEAVE)
    await talk.moves(SPAM, Membership.JOIN)
    assert not [post for post in await talk.said() if post.room == MODS]  # no news
    await changed(talk, "new", ban("@bea:test", "acoso"))
    said = "\n".join(post.plain for post in await talk.said() if post.room == MODS)
    assert "nombra a @bea:test. Su motivo: acoso" in said
    await changed(talk, "new", {})
    said = "\n".join(post.plain for post in await talk.said() if post.room == MODS)
    assert "retiró lo que decía de @bea:test" in said
    assert bans(talk) == []


async def test_a_rule_that_names_nearly_all_is_shown_as_such(talk: Talk) -> None:
    await a_list(talk, "test")
    said = await followed(talk)
    assert "Aquí están 3 personas" in said and "gran parte de todas" in said


async def test_only_the_networks_moderators_follow_a_list(talk: Talk) -> None:
    await a_list(talk, SPAM)
    assert "No puedes" in await talk.answer("bea", "!vetos seguir #convivencia:lejos.org")
    for line, said in {
        "!vetos": "No sigo ninguna lista",
        "!vetos seguir": "¿Qué lista?",
        "!vetos seguir #nada:x.org": "no estoy ahí",
        "!vetos dejar Convivencia": "No sigo “Convivencia”",
        "!vetos proponer @bea:test spam": "No tengo permiso para escribir",
    }.items():
        assert said in await talk.answer("ana", line, room=MODS), line
    await followed(talk)
    assert "Convivencia: 1 regla" in await talk.answer("ana", "!vetos", room=MODS)
    assert "Ya no la sigo" in await talk.answer("ana", "!vetos dejar convivencia", room=MODS)
    await talk.moves(SPAM, Membership.JOIN)
    assert not [post for post in await talk.said() if post.room == MODS]


async def test_a_name_for_our_own_list(talk: Talk) -> None:
    await a_list(talk, power=50)  # a new one has no rules yet
    await followed(talk)
    assert "Falta el motivo" in await talk.answer("ana", "!vetos proponer @dora:x.org", room=MODS)
    asked = await talk.answer("ana", "!vetos proponer @dora:x.org acoso", room=MODS)
    assert "Lo lee quien siga la lista" in asked
    await talk.says("ana", "sí", room=MODS)
    written = [p for p in await talk.sent() if p.kind == "m.policy.rule.user"]
    assert [p.room for p in written] == [LIST]
    content = dict(written[0].content)
    assert "dora" not in content.pop("state_key")
    assert content == ban("@dora:x.org", "acoso")
    for line in ("!deshacer", "sí"):
        await talk.says("ana", line, room=LIST)
    taken = [p for p in await talk.sent() if p.kind == "m.policy.rule.user"]
    assert [set(p.content) for p in taken] == [{"state_key"}]


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "entity"),
    [
        (ban("@a:b.org"), "@a:b.org"),
        ({"entity": "@a:b.org", "recommendation": "org.matrix.mjolnir.ban"}, "@a:b.org"),
        ({"entity": "@a:b.org", "recommendation": "m.mute", "reason": ""}, None),
        ({"entity": 7, "recommendation": "m.ban"}, None),
        ({"entity": "x" * 300, "recommendation": "m.ban"}, None),
        ({"entity": "@a:b.org"}, None),
        ({}, None),
        ({"entity": "@a:b.org", "recommendation": "m.ban", "reason": ["x"]}, "@a:b.org"),
    ],
)
def test_only_bans_that_can_be_read_are_read(content: Mapping[str, Any], entity: Any) -> None:
    rule = list_rules.read_rule("user", "k", content)
    assert (rule.entity if rule else None) == entity
    assert list_rules.read_rule("room", "k", content) is None


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("*", "", True),
        ("*:malo.org", "@a:malo.org", True),
        ("*:malo.org", "@a:malo.org.ar", False),
        ("@sp?m*", "@spam:x", True),
        ("@sp?m", "@spm", False),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxbyy", False),
        ("[a]*", "a", False),
        ("[a]*", "[a]b", True),
    ],
)
def test_patterns(pattern: str, text: str, does: bool) -> None:
    assert list_rules.matches_pattern(pattern, text) is does


def test_a_pattern_that_can_be_tried_in_endless_ways_ends() -> None:
    steps = count_steps(lambda: list_rules.matches_pattern("*a" * 120 + "b", "a" * 255))
    assert not list_rules.matches_pattern("*a" * 120 + "b", "a" * 255)
    assert steps < 10 * 240 * 255


def test_a_hash_names_whom_it_hashes() -> None:
    hashes = {"org.matrix.msc4205.hashes": {"sha256": list_rules.entity_hash(SPAM) + "="}}
    rule = list_rules.read_rule("user", "k", {**hashes, "recommendation": "m.ban"})
    assert (
        rule is not None
        and list_rules.names_person(rule, SPAM)
        and not list_rules.names_person(rule, user_id("bea"))
    )
    assert list_rules.server_name("@a:malo.org:8448") == "malo.org"


def test_a_reason_hides_nothing() -> None:
    rule = list_rules.read_rule("user", "k", ban("@a:b.org", "x\u202ey\n" + "z" * 900))
    assert rule is not None and "\u202e" not in rule.reason and len(rule.reason) == 200


def test_thousands_of_rules_are_matched_with_thousands_of_people() -> None:
    people = [UserId(f"@p{n}:s{n % 40}.org") for n in range(2000)]
    kept = [
        list_store.FollowedRule(
            n, LIST, list_rules.BanListRule("user", "k", entity, None, ""), None, None
        )
        for n in range(1000)
        for entity in (f"@*bad{n}*:*.evil{n}.org", f"@x{n}:evil.org")
    ]
    kept.append(
        list_store.FollowedRule(
            -1, LIST, list_rules.BanListRule("user", "k", "@p7?:s3*", None, ""), None, None
        )
    )
    assert list_store._match(kept, people) == {-1: [f"@p7{n}:s3{n}.org" for n in range(10)]}


async def test_a_misspelt_word_is_asked_back_and_politeness_shows_the_lists(talk: Talk) -> None:
    await a_list(talk)
    said = await talk.answer("ana", "!vetos segir #convivencia:lejos.org", room=MODS)
    assert "¿Es `!vetos seguir`?" in said
    assert "No sigo ninguna lista" in await talk.answer("ana", "!vetos por favor", room=MODS)
