"""Kinds of outbox entries: each reads what earlier versions stored, and a new one is one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.api import Answer, Context, Feature, Topic, verbatim, words
from bot.capability.context import Origin
from bot.delivery.effect_table import KINDS, WRITERS
from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import queue_of
from bot.delivery.kinds.accepted_identities import AcceptancePayload
from bot.delivery.kinds.account_offers import OfferPayload, WithdrawalPayload
from bot.delivery.kinds.delayed_messages import (
    InsteadPayload,
    LaterPayload,
)
from bot.delivery.kinds.device_messages import DevicePayload
from bot.delivery.kinds.expiry import KeyDeletionPayload, ListingPayload
from bot.delivery.kinds.files import FilePayload
from bot.delivery.kinds.forgotten_people import ForgottenPayload
from bot.delivery.kinds.handovers import HandoverPayload
from bot.delivery.kinds.help_rooms import HelpPayload
from bot.delivery.kinds.membership import (
    HistoryPayload,
    InvitePayload,
    JoinPayload,
    LeavePayload,
    RemovalPayload,
)
from bot.delivery.kinds.message_recall import TakingBackPayload
from bot.delivery.kinds.messages import EventPayload
from bot.delivery.kinds.new_rooms import CreationPayload, NewRoom
from bot.delivery.kinds.public_posts import (
    ClosingPayload,
    OpeningPayload,
    PublicPostPayload,
    PublicRemovalPayload,
)
from bot.delivery.kinds.redactions import RedactionPayload
from bot.delivery.kinds.room_state import PowerChange, StatePayload
from bot.delivery.payload import Payload, Requester
from bot.gateway import Refused
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Number, RoomId
from storage import outbox_entries
from storage.outbox_entries import OutboxEntry
from tests.knocks import SUBJECT, Knock, KnockPayload

ANA, BEA = user_id("ana"), user_id("bea")
OTHER = RoomId("!other:test")
TEXT: dict[str, Any] = {"msgtype": "m.text", "body": "Hola", "m.mentions": {}}
ASKED = {"by": ANA, "private": True, "thread": None, "room": ROOM, "event": "$asked"}
REQUESTER = Requester(ANA, ROOM, EventId("$asked"), tells_in_private=True)
THEN = {"feature": "teams", "job": "opened", "item": 7}
CALLBACK = Callback("teams", "opened", Number(7))

OLD_FORMS: list[tuple[str, dict[str, Any], Payload]] = [
    (
        "event",
        {"type": "m.room.message", "content": TEXT, "private": BEA, "asked": ASKED},
        EventPayload("m.room.message", TEXT, private_of=BEA, requester=REQUESTER),
    ),
    (
        "event",
        {"type": "m.room.message", "content": TEXT, "help": True},
        EventPayload("m.room.message", TEXT, is_help=True),
    ),
    (
        "event",
        {"type": "org.minga.link", "content": {"n": 1}, "readers": [ANA, BEA]},
        EventPayload("org.minga.link", {"n": 1}, (ANA, BEA)),
    ),
    (
        "file",
        {"type": "m.room.message", "content": TEXT, "file": {"url": "mxc://test/1"}},
        FilePayload("m.room.message", TEXT, {"url": "mxc://test/1"}),
    ),
    (
        "file",
        {"type": "m.room.message", "content": TEXT, "asked": ASKED},
        FilePayload("m.room.message", TEXT, requester=REQUESTER),
    ),
    ("redact", {"reason": "", "asked": ASKED}, RedactionPayload("", requester=REQUESTER)),
    ("redact", {"reason": "secret"}, RedactionPayload("secret")),
    (
        "state",
        {"type": "m.room.topic", "key": "", "content": {"topic": "x"}, "asked": ASKED},
        StatePayload("m.room.topic", "", {"topic": "x"}, requester=REQUESTER),
    ),
    (
        "state",
        {
            "type": "m.room.power_levels",
            "key": "",
            "power": {"user": BEA, "level": None, "was": 50},
        },
        StatePayload("m.room.power_levels", "", power=PowerChange(BEA, None, 50)),
    ),
    (
        "invite",
        {"user": BEA, "reason": "", "then": THEN, "asked": ASKED},
        InvitePayload(BEA, "", then=CALLBACK, requester=REQUESTER),
    ),
    ("invite", {"user": BEA, "reason": "Hola"}, InvitePayload(BEA, "Hola")),
    ("history", {"user": BEA}, HistoryPayload(BEA)),
    ("remove", {"user": BEA, "reason": "", "how": "unban"}, RemovalPayload(BEA, "", "unban")),
    ("join", {"asked": ASKED}, JoinPayload(requester=REQUESTER)),
    (
        "handover",
        {"type": "org.minga.section", "content": {"step": "ask"}},
        HandoverPayload("org.minga.section", {"step": "ask"}),
    ),
    ("leave", {}, LeavePayload()),
    ("leave", {"reason": "Hola"}, LeavePayload("Hola")),
    (
        "help",
        {"person": BEA, "first": {"type": "m.room.message", "content": TEXT, "help": True}},
        HelpPayload(BEA, EventPayload("m.room.message", TEXT, is_help=True)),
    ),
    (
        "create",
        {
            "made": {"alias": "minga-x", "name": "Sur", "topic": "", "invite": [ANA]},
            "then": THEN,
        },
        CreationPayload(NewRoom("minga-x", "Sur", "", (ANA,)), then=CALLBACK),
    ),
    (
        "create",
        {
            "made": {"alias": "m", "name": "", "topic": "", "invite": [], "kind": "m.space"},
            "then": THEN,
        },
        CreationPayload(NewRoom("m", "", "", (), "m.space"), then=CALLBACK),
    ),
    ("list", {}, ListingPayload()),
    ("list", {"start": "t5"}, ListingPayload("t5")),
    ("list", {"start": None}, ListingPayload()),
    ("keys", {"before": 1764173570.5}, KeyDeletionPayload(1764173570.5)),
    ("identity", {"person": BEA, "key": "abc"}, AcceptancePayload(BEA, "abc")),
    (
        "to_device",
        {"person": BEA, "devices": ["X"], "type": "m.key.verification.done", "content": {}},
        DevicePayload(BEA, ("X",), "m.key.verification.done", {}),
    ),
    (
        "say_later",
        {"type": "m.room.message", "content": TEXT, "tried": True},
        LaterPayload("m.room.message", TEXT, tried=True),
    ),
    (
        "offer_accounts",
        {"token": "t", "uses": 3, "until": 1764173570.5, "then": THEN},
        OfferPayload("t", 3, 1764173570.5, then=CALLBACK),
    ),
    ("withdraw_accounts", {"token": "t"}, WithdrawalPayload("t")),
    ("withdraw_accounts", {"token": "t", "others": ["u"]}, WithdrawalPayload("t", ("u",))),
    ("take_back_later", {"number": 3}, TakingBackPayload(3)),
    (
        "take_back_later",
        {"number": 3, "reader": BEA, "asked": ASKED, "then": THEN},
        TakingBackPayload(3, BEA, requester=REQUESTER, then=CALLBACK),
    ),
    (
        "open_public",
        {"topic": "Todo", "alias": "publico", "name": "Red", "then": THEN},
        OpeningPayload("Todo", "publico", "Red", then=CALLBACK),
    ),
    ("close_public", {"topic": "Fin"}, ClosingPayload("Fin")),
    (
        "public_post",
        {"type": "m.room.message", "content": TEXT, "then": THEN},
        PublicPostPayload("m.room.message", TEXT, then=CALLBACK),
    ),
    ("public_removal", {"reason": "x"}, PublicRemovalPayload("x")),
    (
        "say_unless_sent",
        {"type": "m.room.message", "content": TEXT, "instead_of": 3},
        InsteadPayload("m.room.message", TEXT, number=3),
    ),
    ("note_forgotten", {"id": "a", "mark": "b", "day": 20}, ForgottenPayload("a", "b", 20)),
]
"""What commit 796e93f stored for each kind, or the first version with it, and what it means."""


@pytest.mark.parametrize(("kind", "old", "meant"), OLD_FORMS)
def test_what_an_earlier_version_stored_is_read(
    kind: str, old: dict[str, Any], meant: Payload
) -> None:
    read = KINDS[kind].payload.from_json(json.loads(json.dumps(old)))
    assert read == meant
    again = json.loads(json.dumps(read.to_json()))
    assert type(read).from_json(again) == meant


def test_every_kind_has_an_old_form_and_every_field_is_tried() -> None:
    assert {kind for kind, _old, _meant in OLD_FORMS} == set(KINDS)
    for name, kind in KINDS.items():
        unused = {one.name for one in fields(kind.payload)} - {"requester", "then"}
        for _kind, _old, meant in OLD_FORMS:
            if isinstance(meant, kind.payload):
                unused -= {
                    one.name for one in fields(meant) if getattr(meant, one.name) != one.default
                }
        assert unused <= {"private_of"}, name
    assert len({kind.payload for kind in KINDS.values()}) == len(KINDS)


def _effects(of: type[Effect]) -> Iterator[type[Effect]]:
    for one in of.__subclasses__():
        if one.__module__.startswith(("bot.", "commands.")):
            yield one
            yield from _effects(one)


def test_every_effect_has_somebody_who_writes_it() -> None:
    # dataclass(slots=True) makes each class twice, so they are compared by name
    assert {one.__name__ for one in _effects(Effect)} == {one.__name__ for one in WRITERS}
    assert len(WRITERS) == 31


def test_an_entry_of_a_later_version_holds_up_only_its_room() -> None:
    entry = OutboxEntry(
        1, ROOM, None, "later", {}, "t", "a", None, None, None, "FAKE", datetime.now(UTC)
    )
    assert queue_of(KINDS, entry) == ROOM


@pytest.mark.parametrize(
    ("kind", "stored", "queue"),
    [
        ("invite", {"user": "@p:far.org:8448", "reason": ""}, f"invite {ROOM} :far.org:8448"),
        ("history", {"user": "@p:far.org:8448"}, f"invite {ROOM} :far.org:8448"),
        ("list", {}, f"list {ROOM}"),
        ("remove", {"user": "@p:far.org", "reason": "", "how": "ban"}, ROOM),
    ],
)
def test_what_takes_long_has_a_queue_beside_the_rooms(
    kind: str, stored: dict[str, Any], queue: str
) -> None:
    at = datetime.now(UTC)
    entry = OutboxEntry(1, ROOM, None, kind, stored, "t", "a", None, None, None, "FAKE", at)
    assert queue_of(KINDS, entry) == queue


# --- an effect of its own (tests/knocks.py) -------------------------------------------------------


class KnockingGateway(FakeGateway):
    """The fake with one more method."""

    async def knock(self, room: RoomId, reason: str) -> None:
        self._fail()
        self._act(room, "knock", {"reason": reason})


doors = Feature("doors", Path(__file__).parent / "nothing-more")


@doors.command(
    words("toca", "toca", "knocks"),
    help=verbatim("Toca."),
    example=verbatim("`!toca`"),
    topic=Topic("doors", words("puertas", "portas", "doors"), verbatim("Puertas")),
)
async def knocks(_ctx: Context) -> Answer:
    return [verbatim("Toco."), Knock(OTHER, "somos del barrio")]


@pytest.fixture
def capabilities(monkeypatch: pytest.MonkeyPatch) -> Sequence[Feature]:
    """The doors, whose kind of effect the bot doesn't know else."""
    for kind in SUBJECT.kinds:
        monkeypatch.setitem(KINDS, kind.name, kind)
    for one in SUBJECT.writers:
        monkeypatch.setitem(WRITERS, one.effect, one.write)
    monkeypatch.setattr("bot.testing.talk.FakeGateway", KnockingGateway)
    return [doors]


def knocked(talk: Talk) -> list[tuple[RoomId, str]]:
    posts = talk.gateway.posted.values()
    return [(post.room, post.content["reason"]) for post in posts if post.kind == "knock"]


async def test_a_new_effect_is_done_once_and_across_restarts(talk: Talk) -> None:
    talk.gateway.broken = True
    await talk.says("ana", "!toca")
    assert knocked(talk) == []
    async with talk.machine.db.reading() as tx:
        (entry,) = [one for one in await outbox_entries.entries_after(tx, 0) if one.kind == "knock"]
    assert KnockPayload.from_json(entry.stored).reason == "somos del barrio"
    await talk.restart()
    talk.gateway.broken = False
    await talk.hears("Toco.")
    assert knocked(talk) == [(OTHER, "somos del barrio")]
    await talk.restart()
    await talk.hears_nothing()
    assert len(knocked(talk)) == 1


async def test_a_new_effect_that_is_refused_is_told(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_self: FakeGateway, _room: RoomId, _reason: str) -> None:
        raise Refused("M_FORBIDDEN")

    monkeypatch.setattr(KnockingGateway, "knock", refuse)
    await talk.says("ana", "!toca")
    await talk.hears("Toco.", "No pude tocar: somos del barrio: el servidor no lo aceptó.")


async def test_what_is_no_effect_is_a_bug(talk: Talk) -> None:
    with pytest.raises(TypeError, match="not an effect: int"):
        async with talk.machine.db.transaction() as tx:
            answer: Any = 7
            origin = Origin(ROOM, requester=ANA)
            await talk.machine.env.answers.write_answer(tx, [answer], origin, talk.clock.now())


# --- entries that an earlier version left are delivered -------------------------------------------


async def leave_behind(talk: Talk, kind: str, stored: dict[str, Any], **more: Any) -> None:
    """Write a row as an earlier version did."""
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=more.get("room", ROOM),
            person=more.get("person"),
            kind=kind,
            payload=stored,
            device="FAKE",
            at=talk.clock.at,
            ref=more.get("ref"),
            blob=more.get("blob"),
        )


async def test_what_an_earlier_version_left_is_done(talk: Talk) -> None:
    stored: dict[str, Any]
    power = {"user": BEA, "level": 50, "was": None}
    for kind, stored in (
        ("event", {"type": "m.reaction", "content": {"key": "👍"}}),
        ("state", {"type": "m.room.topic", "key": "", "content": {"topic": "x"}}),
        ("state", {"type": "m.room.power_levels", "key": "", "power": power}),
        ("invite", {"user": "@eva:test", "reason": ""}),
        ("remove", {"user": BEA, "reason": "", "how": "kick"}),
        ("join", {"asked": ASKED}),
    ):
        await leave_behind(talk, kind, stored)
    await leave_behind(talk, "redact", {"reason": "x"}, ref="$theirs")
    users = {ANA: 50, talk.gateway.me: 50, BEA: 50}
    done = [(p.kind, p.content) for p in await talk.sent() if p.room == ROOM]
    assert sorted(done, key=str) == sorted(
        [
            ("m.reaction", {"key": "👍"}),
            ("m.room.topic", {"state_key": "", "topic": "x"}),
            ("m.room.power_levels", {"state_key": "", "users": users}),
            ("invite", {"user": "@eva:test", "reason": ""}),
            ("kick", {"user": BEA, "reason": ""}),
            ("join", {}),
            ("redact", {"redacts": "$theirs", "reason": "x"}),
        ],
        key=str,
    )


async def test_what_an_earlier_version_left_for_matrix_alone_is_done(talk: Talk) -> None:
    new = {"alias": "minga-x", "name": "Sur", "topic": "", "invite": [ANA]}
    await leave_behind(talk, "keys", {"before": 1764173570.5})
    await leave_behind(talk, "identity", {"person": BEA, "key": "k"}, room=f"identity:{BEA}")
    await leave_behind(talk, "list", {"start": "0"})
    await leave_behind(talk, "create", {"made": new, "then": THEN}, room="create:teams")
    await leave_behind(talk, "leave", {}, room=OTHER)
    first = {"type": "m.room.message", "content": TEXT, "help": True}
    talk.gateway.unconfirmed = {BEA}
    await leave_behind(talk, "help", {"person": BEA, "first": first}, room=f"help:{BEA}")
    file = {"type": "m.room.message", "content": {**TEXT, "info": {"mimetype": "text/plain"}}}
    await leave_behind(talk, "file", file, person=ANA, room=None, blob=b"acta")
    posts = await talk.sent()
    assert talk.gateway.keys_forgotten == {ROOM: datetime.fromtimestamp(1764173570.5, UTC)}
    assert talk.gateway.accepted == [(BEA, "k")]
    assert talk.gateway.opened == {RoomId("!minga-x:test"): "Sur"}
    assert OTHER in talk.gateway.left
    assert [user for _room, user in talk.gateway.made] == [BEA, ANA]
    assert [p.content["file"]["url"] for p in posts if "file" in p.content] == ["mxc://test/0"]
    assert talk.gateway.files == {"mxc://test/0": b"acta"}
    async with talk.machine.db.reading() as tx:
        (job,) = await tx.all("SELECT feature, name, item, room FROM job WHERE name = 'opened'")
        assert tuple(job) == ("teams", "opened", 7, "!minga-x:test")
        assert await outbox_entries.entries_after(tx, 0) == []
