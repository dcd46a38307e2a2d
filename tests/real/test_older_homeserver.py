"""A homeserver that no longer knows what it showed: the bot becomes a new device, once."""

from __future__ import annotations

from pathlib import Path

from bot.clock import SystemClock
from bot.matrix.login import Account, inspect_account
from bot.operate.operator_errors import TRY_AGAIN
from bot.types import EventId, RoomId, UserId
from storage import sync
from storage.database import Database
from storage.encryption.keys import DATABASE
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.proxy import Proxy, bad_gateway, black_hole
from tests.real.servers import Pair, Person
from tests.real.test_two_bots import answers, keys_of, room_of

SIGN_OUT = r"^POST \S*/delete_devices"


async def devices_of(person: Person) -> tuple[str, ...]:
    """The account's devices that have keys, as the homeserver lists them."""
    account = Account(person.server.url, UserId(person.id), person.password)
    return (await inspect_account(account)).devices


async def remember_what_never_was(bot: BotProcess, room: str) -> None:
    """As if the last event that a sync brought had been lost with the homeserver's disk."""
    db = await Database.open(bot.data / DATABASE, keys_of(bot).db)
    try:
        token, lost = await sync.get_token(db), EventId("$" + "x" * 43)
        newest = sync.NewestEvent(RoomId(room), lost, SystemClock().now())
        assert token is not None and await sync.newest_event(db) is not None
        async with db.transaction() as tx:
            await sync.save_token(tx, token, newest)
    finally:
        await db.close()


async def test_a_start_at_an_older_homeserver_makes_one_new_device_and_no_second(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Nor is the old one left, though the first start as a new device breaks off before it signs
    the old one out, and the homeserver refuses the second one's request."""
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    async with (
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[ana.user], homeserver=proxy.url) as bot,
    ):
        room = await room_of(ana, bot)
        before = await ana.devices(bot.user)
        await bot.stop()

        await remember_what_never_was(bot, room)
        await bot.start()
        assert await bot.ends(within=60) == TRY_AGAIN
        assert "as a new device" in bot.last_words()

        broken = proxy.on(SIGN_OUT, black_hole)
        await bot.start()
        await broken.hit(within=60)
        await bot.kill()
        proxy.off(broken)
        proxy.on(SIGN_OUT, bad_gateway, times=1)
        await bot.start()
        await bot.ready()
        assert len(await devices_of(account)) == 2, "the homeserver did not do it"
        await bot.restart()
        (after,) = await devices_of(account)
        await ana.sees_signed(bot.user, after)
        assert after not in before
        assert await answers(ana, room, bot, "!encuesta ¿Qué? Pan, Té", r"\d: ¿Qué") == 1
