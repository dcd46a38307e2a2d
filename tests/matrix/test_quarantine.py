"""A replaced identity counts for nothing until it is accepted, and no key goes to it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.types import Trust
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, fresh_seed, know, person


class Three(NamedTuple):
    bot: Person
    ana: Person
    bea: Person


@pytest.fixture
async def three(server: KeyServer, tmp_path: Path) -> Three:
    three = Three(*[await person(server, tmp_path, name) for name in ("bot", "ana", "bea")])
    await know(*three)
    return three


async def impostor(three: Three, folder: Path) -> Person:
    """The homeserver makes a device of its own and an identity that signs it, and Bea's no more."""
    server = three.bot.server
    evil = Person(server, folder, three.bea.user, "EVIL")
    await evil.machine.maintain(evil.http)
    await evil.sign(fresh_seed())
    return evil


async def learn(three: Three) -> None:
    await three.bot.machine.query_devices(three.bot.http, [three.bea.user])


def keys_for(server: KeyServer, who: Person) -> list[Mapping[str, Any]]:
    """What waits for this device under Olm."""
    return [e for e in server.inboxes[who.user, who.device] if e["type"] == "m.room.encrypted"]


async def test_what_the_new_devices_say_counts_for_nothing(three: Three, tmp_path: Path) -> None:
    bot, _, bea = three
    before = await bea.say("soy yo", [bot])
    bot.sync()
    assert bot.hear(before).trust is Trust.SIGNED
    evil = await impostor(three, tmp_path)
    await evil.machine.query_devices(evil.http, [bot.user])
    said = await evil.say("yo también", [bot])
    bot.sync()
    await learn(three)
    for _again in range(2):
        assert bot.hear(said).trust is Trust.REPLACED
        assert bot.machine.signed_devices(bea.user) == []
        assert set(bot.machine.quarantine.replacements()) == {bea.user}
        bot.restart()


async def test_no_key_goes_to_it_in_any_room(three: Three, tmp_path: Path) -> None:
    bot, ana, bea = three
    first = await bot.say("para todas", [ana, bea])
    evil = await impostor(three, tmp_path)
    await learn(three)
    bea.server.inboxes.clear()
    second = await bot.say("solo para ana", [ana, bea])
    assert first["content"]["session_id"] != second["content"]["session_id"]
    assert (keys_for(bea.server, evil), keys_for(bea.server, bea)) == ([], [])
    ana.sync()
    assert ana.hear(second).content["body"] == "solo para ana"


async def test_accepted_it_counts_and_is_confirmed_as_a_device_is(
    three: Three, tmp_path: Path
) -> None:
    bot, _, bea = three
    evil = await impostor(three, tmp_path)
    await learn(three)
    key = bot.machine.quarantine.waiting_key(bea.user)
    bot.machine.accept_identity(bea.user, "another")
    assert bot.machine.signed_devices(bea.user) == []
    bot.machine.accept_identity(bea.user, key)
    for _again in range(2):
        assert bot.machine.signed_devices(bea.user) == [evil.device]
        assert not bot.machine.quarantine.replacements()
        assert set(bot.machine.confirmations()) == {bea.user}
        bot.restart()
    said = await bot.say("te leo", [bea])
    evil.sync()
    await evil.machine.query_devices(evil.http, [bot.user])
    assert evil.hear(said).content["body"] == "te leo"


async def test_the_old_keys_count_again_at_once_until_others_were_accepted(
    three: Three, tmp_path: Path
) -> None:
    bot, _, bea = three
    old = bea.server.masters[bea.user], bea.server.signing[bea.user]
    await impostor(three, tmp_path)
    new = bea.server.masters[bea.user], bea.server.signing[bea.user]
    await learn(three)
    bea.server.masters[bea.user], bea.server.signing[bea.user] = old
    await learn(three)
    assert bot.machine.signed_devices(bea.user) == [bea.device]
    assert not bot.machine.quarantine.replacements()
    assert [back for _at, back in bot.machine.quarantine.old_identities().values()] == [True]
    bea.server.masters[bea.user], bea.server.signing[bea.user] = new
    await learn(three)
    bot.machine.accept_identity(bea.user, bot.machine.quarantine.waiting_key(bea.user))
    bea.server.masters[bea.user], bea.server.signing[bea.user] = old
    await learn(three)
    assert bot.machine.signed_devices(bea.user) == []  # whoever found the old phone has those


async def test_one_that_replaces_what_waits_is_another_one(three: Three, tmp_path: Path) -> None:
    bot, _, bea = three
    evil = await impostor(three, tmp_path)
    await learn(three)
    first = bot.machine.quarantine.waiting_key(bea.user)
    (seen,) = bot.machine.quarantine.replacements().values()
    await evil.sign(fresh_seed())
    await learn(three)
    bot.machine.quarantine.mark_replacement_told(
        bea.user, seen
    )  # it was the first one that was told
    assert set(bot.machine.quarantine.replacements()) == {bea.user}
    bot.machine.accept_identity(bea.user, first)
    assert bot.machine.signed_devices(bea.user) == []


@pytest.mark.parametrize("listed", [True, False], ids=["still listed", "hidden by the server"])
async def test_the_voice_of_an_old_device_is_noticed_but_does_nothing(
    three: Three, tmp_path: Path, listed: bool
) -> None:
    bot, ana, bea = three
    await bea.say("llaves", [bot, ana])
    bot.sync()
    if not listed:
        del bea.server.devices[bea.user][bea.device]
        await learn(three)  # first the device goes, then the identity
    await impostor(three, tmp_path)
    await learn(three)
    assert not bot.machine.quarantine.old_identities()
    said = await bea.say("¡esa no soy yo!", [bot, ana])
    assert bot.hear(said).trust is Trust.REPLACED
    ((_at, back),) = bot.machine.quarantine.old_identities().values()
    assert not back


async def test_a_device_that_made_the_new_identity_itself_is_no_old_voice(three: Three) -> None:
    bot, ana, bea = three
    await bea.say("llaves", [bot, ana])
    bot.sync()
    await bea.sign(fresh_seed())  # she reset it on the phone that she has
    await learn(three)
    said = await bea.say("soy yo, con claves nuevas", [bot, ana])
    assert bot.hear(said).trust is Trust.REPLACED
    assert not bot.machine.quarantine.old_identities()


async def test_a_server_cannot_make_an_old_device_a_new_one_by_signing_it(
    three: Three, tmp_path: Path
) -> None:
    """It has no way to sign its master key with Bea's phone."""
    bot, ana, bea = three
    await bea.say("llaves", [bot, ana])
    bot.sync()
    evil = Person(bea.server, tmp_path, bea.user, "EVIL")
    await evil.machine.maintain(evil.http)
    identity = await evil.sign(fresh_seed())
    held = bea.server.devices[bea.user]
    held[bea.device] = identity.sign_device(held[bea.device])
    await learn(three)
    assert bot.hear(await bea.say("hola", [bot, ana])).trust is Trust.REPLACED
    assert set(bot.machine.quarantine.old_identities()) == {bea.user}


async def test_a_crash_between_the_devices_and_the_doubt_leaves_neither(
    three: Three, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, _, bea = three
    await impostor(three, tmp_path)

    def killed(*_args: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(bot.machine._book, "_store_master", killed)
        with pytest.raises(RuntimeError):
            await learn(three)
    bot.restart()
    assert bot.trust_of(bea.user, "EVIL") is not Trust.SIGNED
    await learn(three)
    assert bot.trust_of(bea.user, "EVIL") is Trust.REPLACED


async def test_a_new_key_store_after_a_restore_is_no_way_round_it(
    three: Three, tmp_path: Path
) -> None:
    bot, _, bea = three
    pins = bot.machine.quarantine.all_pins()
    (tmp_path / "again").mkdir()
    again = Person(bea.server, tmp_path / "again", bot.user, "AFTER")
    await impostor(three, tmp_path)
    again.machine.quarantine.add_pins(pins)
    await again.machine.query_devices(again.http, [bea.user, three.ana.user])
    assert again.trust_of(bea.user, "EVIL") is Trust.REPLACED
    assert again.machine.signed_devices(three.ana.user) == [three.ana.device]


async def test_pins_of_a_backup_bring_no_old_key_back(three: Three, tmp_path: Path) -> None:
    bot, _, bea = three
    older = bot.machine.quarantine.all_pins()
    await impostor(three, tmp_path)
    await learn(three)
    bot.machine.accept_identity(bea.user, bot.machine.quarantine.waiting_key(bea.user))
    accepted = bot.machine.quarantine.all_pins()
    bot.machine.quarantine.add_pins(older)
    assert bot.machine.quarantine.all_pins() == accepted


async def test_of_a_file_from_before_only_the_newest_key_counts(
    three: Three, tmp_path: Path
) -> None:
    bot, _, bea = three
    store = bot.machine._store
    store.run(
        "INSERT INTO minga_pin VALUES (?, ?, NULL)", store.keyed_hash(bea.user), "an older one"
    )
    for table in ("minga_quarantine", "minga_former", "minga_old"):
        store.run(f"DROP TABLE {table}")
    bot.restart()
    assert "an older one" not in repr(bot.machine.quarantine.all_pins())
    assert bot.machine.signed_devices(bea.user) == [bea.device]
    await impostor(three, tmp_path)
    await learn(three)
    assert bot.machine.signed_devices(bea.user) == []


async def test_who_has_gone_is_doubted_when_they_come_back(three: Three, tmp_path: Path) -> None:
    bot, ana, bea = three
    await impostor(three, tmp_path)
    await learn(three)
    for _again in range(2):
        bot.machine.drop_absent({bot.user, ana.user})
    rows = [
        row
        for table in ("minga_quarantine", "minga_former", "minga_old")
        for row in bot.machine._store.run(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    ]
    assert bea.user not in repr(rows)
    await learn(three)
    assert bot.trust_of(bea.user, "EVIL") is Trust.REPLACED
    assert set(bot.machine.quarantine.replacements()) == {bea.user}
