"""`minga split`: hand areas over to a second bot, or take back what it has not taken."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _, verbatim
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors, refuse_destroyed
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell
from bot.types import RoomId, UserId

if TYPE_CHECKING:
    from bot.operate.config import Config
    from storage.encryption.keys import Keys
    from storage.sections.handovers import Handover

NOT_WRITTEN = (
    _("The rooms are handed over, but the file is not written: until then nobody acts there."),
    _("Once that is mended: minga split FILE. Or go on as before: minga split --take-back"),
)


@click.command(help=in_words(_("Hand areas over to a second bot: write what is theirs to FILE.")))
@with_config
@click.option("--area", "areas", multiple=True, help=in_words(_("An area that goes.")))
@click.option("--room", "rooms", multiple=True, help=in_words(_("A room that goes.")))
@click.option("--to", "peer", help=in_words(_("The second bot's account.")))
@click.option("--take-back", is_flag=True, help=in_words(_("Go on in rooms that it never took.")))
@click.option(
    "--first-is-lost",
    is_flag=True,
    help=in_words(_("On the second bot: begin in its rooms, though the first never said so.")),
)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def split(
    path: Path,
    areas: tuple[str, ...],
    rooms: tuple[str, ...],
    peer: str | None,
    take_back: bool,
    first_is_lost: bool,
    file: Path | None,
) -> None:
    """Hand areas over to a second bot: write what is theirs to FILE."""
    from bot.operate.config import load_config
    from storage.encryption.keys import harden
    from storage.encryption.root_key import unlock
    from storage.files import lock
    from storage.files.disk import hand_over_folder

    harden()
    with plain_errors():
        config = load_config(path)
        refuse_destroyed(config)
        where = config.storage
        keys = unlock(
            where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file
        )
        try:
            with lock.hold(where.data_dir):
                if first_is_lost:
                    asyncio.run(_begin_alone(config, keys))
                elif take_back:
                    asyncio.run(_take_back(config, keys))
                else:
                    chosen = [RoomId(room) for room in rooms]
                    asyncio.run(_split(config, keys, areas, chosen, peer, file))
        finally:
            hand_over_folder(where.data_dir)


async def _split(
    config: Config,
    keys: Keys,
    areas: tuple[str, ...],
    rooms: list[RoomId],
    peer: str | None,
    file: Path | None,
) -> None:
    """Hand over, or write the file of what was handed over last once more."""
    from bot.capability.discovery import features
    from bot.capability.registry import registry_of
    from bot.operate.config_checks import check_user_id
    from bot.operate.split.section_file import refuse_target, write_section
    from bot.operate.split.split import hand_over
    from bot.run.app import default_policy
    from bot.run.machine import upgrade_database
    from storage.database import Database
    from storage.encryption.keys import DATABASE

    if file is None:
        raise Stop(_("Name the file to write: minga split --area NAME --to ACCOUNT FILE"))
    refuse_target(config.storage.data_dir, file.absolute())
    found = features()
    registry = registry_of(found)
    me = UserId(config.matrix.user_id)
    db = await Database.open(config.storage.data_dir / DATABASE, keys.db, create=False)
    try:
        await upgrade_database(db, found)
        again = None if areas or rooms else await _newest_untaken(db)
        if again is None:
            if peer is None:
                raise Stop(_("Name the second bot's account: --to @minga2:example.org"))
            done = await hand_over(
                db,
                keys.ballots,
                registry,
                default_policy(config),
                me,
                UserId(check_user_id(peer)),
                areas,
                rooms,
            )
            again = done.section
            if done.plan.staying:
                kept = ", ".join(map(str, sorted(done.plan.staying)))
                tell(_("These stay here, with what they belong to: {numbers}", numbers=kept))
    finally:
        await db.close()
    try:
        key = await write_section(
            config.storage.data_dir, keys, registry.features, again, me, file.absolute()
        )
    except BaseException:
        for line in NOT_WRITTEN:
            tell(line, err=True)
        raise
    tell(_("{file} holds the section. Bring it and its key, {key}, there.", file=file, key=key))
    tell(_("There, as {account}: name the key in storage.key_file, then", account=again.peer))
    tell(verbatim(f"minga restore {file.name}"))
    tell(_("Start both. In each room the second goes on once it is in; then delete both files."))
    tell(_("Make a backup here now: one from before would have this bot act in those rooms too."))


async def _newest_untaken(db: object) -> Handover | None:
    from storage.database import Database
    from storage.sections import handovers

    assert isinstance(db, Database)
    async with db.reading() as tx:
        for one in reversed(await handovers.all_of(tx, "out")):
            if await handovers.idle_rooms(tx, one.id):
                return one
    return None


async def _take_back(config: Config, keys: Keys) -> None:
    from storage.database import Database
    from storage.encryption.keys import DATABASE
    from storage.sections import handovers

    db = await Database.open(config.storage.data_dir / DATABASE, keys.db, create=False)
    try:
        async with db.transaction() as tx:
            taken = [
                room
                for one in await handovers.all_of(tx, "out")
                for room in await handovers.take_back(tx, one.id)
            ]
    finally:
        await db.close()
    if not taken:
        raise Stop(_("No room waits for a second bot: there is nothing to take back."))
    tell(_("Rooms taken back: {count}. Start the bot: it goes on there.", count=len(taken)))
    tell(_("The section's file is worth nothing now: delete it and its key."))


async def _begin_alone(config: Config, keys: Keys) -> None:
    """Begin in all rooms that the first bot was to hand over. Raises `Stop` if there are none."""
    from storage.database import Database
    from storage.encryption.keys import DATABASE
    from storage.sections import handovers

    db = await Database.open(config.storage.data_dir / DATABASE, keys.db, create=False)
    try:
        async with db.transaction() as tx:
            begun = await handovers.begin_all(tx)
    finally:
        await db.close()
    if not begun:
        raise Stop(_("No room waits for the first bot's word."))
    tell(_("Rooms in which this bot begins by itself: {count}.", count=begun))
    tell(_("The first bot must never run again: both would answer there."))
