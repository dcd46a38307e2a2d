"""Who accompanies a newcomer: in turn, asked before they are named, and free to say no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import EXPORT_PERSON, Answer, Context, Feature, Topic, _, forget_person, words
from bot.testing.talk import ROOM, PostedEvent, Talk, day_in_words, user_id
from bot.types import Membership, RoomId
from commands.welcome.companions import answers, turns

DESK = RoomId("!mesa:test")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def forgetter(folder: Path) -> Feature:
    """The commands that are missing: somebody is forgotten, or reads what is kept of them."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), _("for this test")),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        if text.startswith("leer "):
            who = user_id(text.removeprefix("leer "))
            return [one for e in ctx.registry.offers(EXPORT_PERSON) for one in await e(ctx, who)]
        await forget_person(ctx, user_id(text))
        return None

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Bea and Carla offer it, in this order."""
    for who in ("bea", "carla"):
        await talk.says(who, "!acompañar sí")
        await talk.wait(MINUTE)
    await talk.hears("Anotado", "Anotado")
    return talk


async def private(talk: Talk, who: str, what: str, **more: Any) -> dict[str, str]:
    """What everybody reads in private after it."""
    await talk.tells(who, what, **more)
    return await read(talk)


async def posts(talk: Talk, how_long: timedelta = timedelta(0)) -> list[PostedEvent]:
    """What is said while time passes, step by step, but for what newcomers are told of rooms."""
    found: list[PostedEvent] = []
    short = min(how_long / 8, timedelta(seconds=10))
    for pause in (how_long - 3 * short, short, short, short):
        await talk.wait(pause)
        found += await talk.said()
    return [post for post in found if "estás en" not in post.plain]


async def read(talk: Talk, how_long: timedelta = timedelta(0)) -> dict[str, str]:
    """The same by who reads it; `sala` is the room."""
    found: dict[str, str] = {}
    for post in await posts(talk, how_long):
        known = await _of(talk, post.room)
        found[known] = "\n".join(filter(None, (found.get(known), post.plain)))
    return found


async def _of(talk: Talk, room: RoomId) -> str:
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT private_of FROM room WHERE room = ?", room)
    return str(row["private_of"])[1:].split(":")[0] if row and row["private_of"] else "sala"


async def comes(talk: Talk, *who: str, room: RoomId = ROOM) -> dict[str, str]:
    for name in who:
        await talk.moves(name, Membership.JOIN, room)
    return await read(talk, 12 * MINUTE)


async def test_it_is_asked_first_and_the_newcomer_told_later(talk: Talk) -> None:
    said = await comes(talk, "dora")
    assert set(said) == {"bea"}
    assert "Dora (@dora:test) acaba de llegar (Sala)" in said["bea"]
    assert "en 2 h" in said["bea"] and "`no puedo 1`" in said["bea"]
    await talk.restart()
    assert await read(talk, HOUR) == {}
    said = await read(talk, HOUR)
    assert "Quien te acompaña al llegar: Bea (@bea:test)" in said["dora"]
    assert "Dora" in said["bea"] and set(said) == {"bea", "dora"}
    assert await read(talk, 40 * 24 * HOUR) == {}


async def test_turns_go_round(talk: Talk) -> None:
    asked = [set(await comes(talk, name)) for name in ("n1", "n2", "n3", "n4")]
    assert asked == [{"bea"}, {"carla"}, {"bea"}, {"carla"}]


@pytest.mark.parametrize(
    "typed", ["no puedo", "Não posso.", "I can’t", "no puedo 1", "acompañar no 1", "cancelar 1"]
)
async def test_who_cant_passes_it_on_and_the_newcomer_reads_nothing_of_it(
    talk: Talk, typed: str
) -> None:
    await comes(talk, "dora")
    said = await private(talk, "bea", typed)
    assert set(said) == {"bea", "carla"}
    assert "esta vez no" in said["bea"] and "Dora" in said["carla"]
    said = await read(talk, 3 * HOUR)
    assert "Carla" in said["dora"] and "Bea" not in said["dora"]
    assert set(said) == {"carla", "dora"}


@pytest.mark.parametrize("typed", ["no", "não posso", "esta vez no"])
async def test_a_reply_says_it_too(talk: Talk, typed: str) -> None:
    await talk.moves("dora", Membership.JOIN)
    (asked,) = await posts(talk, 12 * MINUTE)
    said = await private(talk, "bea", typed, reply=asked)
    assert set(said) == {"bea", "carla"}


@pytest.mark.parametrize("typed", ["puedo", "posso 1", "I can", "acompañar sí 1"])
async def test_a_yes_tells_the_newcomer_at_once(talk: Talk, typed: str) -> None:
    await comes(talk, "dora")
    said = await private(talk, "bea", typed)
    assert "Quien te acompaña al llegar: Bea" in said["dora"]
    assert "Anotado: acompañas a Dora" in said["bea"]
    assert await read(talk, 5 * HOUR) == {}


async def test_who_cant_after_all_is_replaced(talk: Talk) -> None:
    await comes(talk, "dora")
    await private(talk, "bea", "puedo")
    said = await private(talk, "bea", "no puedo")
    assert "Hay un cambio" in said["dora"] and "Bea" not in said["dora"]
    assert "Dora" in said["carla"]
    said = await private(talk, "carla", "no puedo")
    assert "Para tus preguntas: Ana" in said["dora"] and "busco" not in said["dora"]
    assert "ya tienen a alguien" in said["sala"] and "`!acompañar sí`" in said["sala"]
    assert await read(talk, 30 * HOUR) == {}


async def test_who_left_or_is_banned_somewhere_is_skipped(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "bea"], {"ana": 50})
    await talk.moves("bea", Membership.BAN, DESK, by="ana")
    assert set(await comes(talk, "n1")) == {"carla"}
    await talk.moves("carla", Membership.LEAVE)
    said = await read(talk)
    assert set(said) == {"sala"}, "nobody is free, and the moderators hear it"
    assert set(await comes(talk, "n2")) == set(), "once a day"


async def test_who_is_thrown_out_meanwhile_passes_it_on(talk: Talk) -> None:
    await comes(talk, "dora")
    await private(talk, "bea", "puedo")
    await talk.moves("bea", Membership.BAN, by="ana")
    said = await read(talk)
    assert "Hay un cambio" in said["dora"] and "Dora" in said["carla"]


async def test_nothing_is_said_of_a_newcomer_who_left(talk: Talk) -> None:
    await comes(talk, "dora")
    await talk.moves("dora", Membership.LEAVE)
    assert await read(talk, 5 * HOUR) == {}


async def test_only_who_shares_a_room_with_them_is_asked_and_hears_of_that_room(
    talk: Talk,
) -> None:
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    said = await comes(talk, "dora", room=DESK)
    assert set(said) == {"carla"} and "(Mesa)" in said["carla"]


async def test_in_a_wave_nobody_accompanies_more_than_five_in_a_week(talk: Talk) -> None:
    said = await comes(talk, *(f"n{n:02}" for n in range(15)))
    counted = {who: text.count("acaba de llegar") for who, text in said.items()}
    assert counted == {"bea": turns.MOST_A_WEEK, "carla": turns.MOST_A_WEEK, "sala": 0}
    await talk.wait(8 * 24 * HOUR)
    await talk.sent()
    assert set(await comes(talk, "tarde")) == {"bea"}


async def test_nobody_offers_it_and_nobody_hears_of_it(talk: Talk) -> None:
    for who in ("bea", "carla"):
        await talk.says(who, "!acompañar no")
    await talk.hears("Anotado", "Anotado")
    assert await comes(talk, "dora") == {}


async def test_taking_the_offer_back_passes_on_what_nobody_knows_of_yet(talk: Talk) -> None:
    await comes(talk, "n1")
    await private(talk, "bea", "puedo")
    await comes(talk, "n2", "n3")
    await private(talk, "carla", "puedo")
    said = await private(talk, "bea", "acompañar no")
    assert "N1" in said["bea"] and "N3" in said["carla"]
    assert await comes(talk, "n4") != {} and "bea" not in await comes(talk, "n5")


async def test_the_newcomer_would_rather_not(talk: Talk) -> None:
    await comes(talk, "dora")
    assert "No existe" in (await private(talk, "dora", "acompañar no 1"))["dora"]
    await private(talk, "bea", "puedo")
    assert "Bea" in (await private(talk, "dora", "acompañar 1"))["dora"]
    assert "No existe" in (await private(talk, "carla", "acompañar no 1"))["carla"]
    assert "No existe" in (await private(talk, "ana", "cancelar 1"))["ana"]
    said = await private(talk, "dora", "acompañar no 1")
    assert set(said) == {"bea", "dora"} and "prefiere" in said["bea"]
    assert "No existe" in (await private(talk, "bea", "cancelar 1"))["bea"]


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_is_new_is_not_asked_in_the_first_week(talk: Talk) -> None:
    for who in ("bea", "carla"):
        await talk.says(who, "!acompañar no")
    await comes(talk, "eva")
    assert (
        f"tu turno empieza el {day_in_words(7)}"
        in (await private(talk, "eva", "acompañar sí"))["eva"]
    )
    assert set(await comes(talk, "n1")) == {"sala"}, "nobody is free"
    await talk.wait(8 * 24 * HOUR)
    await talk.sent()
    assert set(await comes(talk, "n2")) == {"eva"}


@pytest.mark.begins("10:00", "it names the day of an arrival some minutes after the beginning")
async def test_a_person_reads_all_that_is_kept_of_it(talk: Talk) -> None:
    await comes(talk, "dora")
    await private(talk, "bea", "puedo")
    assert "Ofreces acompañar" in await talk.answer("ana", "!olvida leer bea")
    said = await talk.answer("ana", "!olvida leer dora")
    assert f"Llegaste el {day_in_words()}" in said
    assert "Quien te acompaña: Bea (@bea:test)" in said


async def test_with_several_it_is_asked_which_one(talk: Talk) -> None:
    await talk.says("carla", "!acompañar no")
    await comes(talk, "n1", "n2")
    said = await private(talk, "bea", "no puedo")
    assert "N1" in said["bea"] and "N2" in said["bea"] and set(said) == {"bea"}
    assert "`no puedo 2`" in said["bea"]
    assert "`puedo 2`" in (await private(talk, "bea", "puedo"))["bea"]
    assert "Anotado" in (await private(talk, "bea", "puedo 2"))["bea"]


async def test_offering_and_what_is_typed_otherwise(talk: Talk) -> None:
    assert "Ya lo ofreces" in await talk.answer("bea", "!acompanhar sim")
    assert "`acompañar no`" in (await private(talk, "bea", "acompañar"))["bea"]
    assert "2 personas" in (await private(talk, "ana", "acompañar"))["ana"]
    assert "No entendí “a Dora”" in await talk.answer("bea", "!acompañar a Dora")
    assert "No existe el número 9" in await talk.answer("bea", "!acompañar 9 no")
    assert "no compartimos" in (await private(talk, "@eva:lejos.org", "acompañar sí"))["eva"]
    await talk.says("ana", "no puedo")
    await talk.says("ana", "puedo")
    await talk.hears_nothing()


async def test_in_a_room_nobody_reads_who_accompanies_whom(talk: Talk) -> None:
    await comes(talk, "dora")
    await talk.says("bea", "!acompañar no 1")
    said = await read(talk)
    assert said["sala"] == "Te escribí en privado." and "esta vez no" in said["bea"]


async def test_another_command_of_this_name_is_not_disturbed(talk: Talk) -> None:
    """`no puedo` is of whoever waits for it; else it is said of an event, as `no voy` is."""
    assert "esta vez no" not in (await private(talk, "bea", "no puedo"))["bea"]
    await comes(talk, "dora")
    assert "esta vez no" not in (await private(talk, "bea", "no voy"))["bea"]
    assert "esta vez no" in (await private(talk, "bea", "no puedo"))["bea"]
    assert "esta vez no" not in (await private(talk, "bea", "no puedo"))["bea"]


async def test_in_reply_it_is_about_what_is_replied_to(talk: Talk) -> None:
    await talk.moves("dora", Membership.JOIN)
    (asked,) = await posts(talk, 12 * MINUTE)
    assert "esta vez no" in (await private(talk, "bea", "no puedo", reply=asked))["bea"]


@pytest.mark.parametrize("typed", ["no puedo", "no puedo ir", "quizás puedo", "puedo 1 2", "no"])
def test_what_is_an_answer(typed: str) -> None:
    assert answers.is_answer(typed) == (typed == "no puedo")


async def test_who_is_forgotten_passes_it_on(talk: Talk) -> None:
    """Whoever accompanies, and the newcomer: neither is named anywhere any more."""
    await comes(talk, "dora")
    await private(talk, "bea", "puedo")
    await talk.says("ana", "!olvida bea")
    said = await read(talk)
    assert "Dora" in said["carla"] and "Hay un cambio" in said["dora"]
    assert await named(talk, "bea") == set()
    await talk.says("ana", "!olvida dora")
    assert await read(talk, 5 * HOUR) == {}
    assert await named(talk, "dora") == set()


async def named(talk: Talk, who: str) -> set[str]:
    """The tables of ours in which a person stands."""
    found: set[str] = set()
    async with talk.machine.db.reading() as tx:
        for table in ("offer", "companion", "newcomer", "greeting"):
            rows = await tx.all(f"SELECT * FROM welcome_{table}")  # noqa: S608
            found |= {table for row in rows if user_id(who) in repr(tuple(row))}
    return found
