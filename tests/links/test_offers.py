"""An offer of one network answers a need of another; both people say yes before either is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.api import Membership, UserId
from commands.shares.contact.asker_side import MOST_A_DAY
from commands.shares.contact.sealed_address import SEALED_SIZE
from tests.links.between import Between
from tests.links.offering import (
    alone,
    answer,
    asked,
    number_in,
    published,
    rows,
    sent,
    shared,
    tells,
    told,
)

MINUTES, WEEK = timedelta(minutes=2), timedelta(days=7, minutes=5)


async def later(world: Between, how_long: timedelta = MINUTES) -> None:
    for name in ("a", "b"):
        await world.of(name).wait(how_long)
    await world.flow()


async def everything(world: Between, name: str) -> str:
    """All that the two capabilities keep there."""
    kept = []
    async with world.of(name).machine.db.reading() as tx:
        named = await tx.all(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND (name LIKE 'links_%' OR name LIKE 'exchange_%')"
        )
        for table in named:
            kept += [repr([*row]) for row in await tx.all(f"SELECT * FROM {table['name']}")]  # noqa: S608
    return "\n".join(kept)


# --- going out, coming in -------------------------------------------------------------------------


async def test_only_whoever_wrote_it_shares_it_and_sees_first_what_goes(world: Between) -> None:
    number = await published(world)
    for who in ("ana", "bea"):
        said = await answer(world, "a", f"!network share {number}", who)
        assert "only whoever wrote it" in said
    said = await answer(world, "a", f"!network share {number} con Red B", "carla")
    for part in (
        "Red B",
        "no name of a person",
        "Offer: “kombi los sábados”",
        "until",
        "contacts pass if both say yes",
    ):
        assert part in said
    assert "Only how many come" not in said
    world.wire.clear()
    await world.says("a", "yes", "carla")
    (thing,) = [one["body"] for one in world.wire]
    assert thing["content"].keys() == {"text", "kind", "place", "until"}
    assert "carla" not in json.dumps(world.wire)
    assert "carla" not in (await answer(world, "a", "!log")).lower(), "whose it is nobody reads"


async def test_it_is_shared_from_the_private_room_too_and_its_author_takes_it_back(
    world: Between,
) -> None:
    number = await published(world, "!need un proyector")
    assert "Need: “un proyector”" in await tells(world, "a", "carla", f"red compartir {number}")
    await tells(world, "a", "carla", "yes")
    incoming = number_in(told(world, "b"), r"accept (\d+)")
    await world.says("b", f"!network accept {incoming}")
    assert "un proyector" in await answer(world, "b", "!needs")
    assert "for whoever wrote it" in await answer(world, "a", f"!red retirar {number}", "bea")
    assert "Taken back" in await tells(world, "a", "carla", f"red retirar {number}")
    assert "un proyector" not in await answer(world, "b", "!needs")


async def test_what_names_somebody_does_not_go(world: Between) -> None:
    for text in ("kombi, a @carla:test.org", "kombi: 300 123 45 67", "kombi carla@radio.org"):
        number = await published(world, f"!offer {text}")
        said = await answer(world, "a", f"!network share {number}", "carla")
        assert "looks like an address or a telephone number" in said, text
        assert f"!cancel {number}" in said


async def test_it_waits_for_a_moderator_and_then_stands_among_the_rooms_own(
    world: Between,
) -> None:
    _number, incoming = await sent(world)
    assert "Nothing is offered" in await answer(world, "b", "!offers")
    assert "moderators" in await answer(world, "b", f"!network accept {incoming}", "bea")
    said = await answer(world, "b", f"!network accept {incoming}")
    assert "Offer" in said
    for line in ("!offers", "!offers Red A"):
        assert "of Red A" in await answer(world, "b", line, "bea"), line
    assert "Shared by Red A" in await answer(world, "b", "!find kombi", "bea")
    copy = number_in(said, r"Taken in from Red A as (\d+)")
    assert "only they share it" in await answer(world, "b", f"!network share {copy}")


async def test_a_room_may_take_offers_of_a_network_without_being_asked(world: Between) -> None:
    await world.says("b", "!red confiar Red A ofertas")
    await world.says("b", "yes")
    assert "takes offers of Red A" in await answer(world, "b", "!log")
    number = await published(world)
    await world.says("a", f"!network share {number}", "carla")
    told(world, "b")
    await world.says("a", "yes", "carla")
    said = told(world, "b")
    assert "Offer" in said
    assert "of Red A" in said
    need = await published(world, "!need una carpa")
    await world.says("a", f"!network share {need}", "carla")
    await world.says("a", "yes", "carla")
    assert "shares something with us" in told(world, "b"), "needs were not meant"


async def test_whoever_needs_what_comes_is_told_in_private_and_asked_first(world: Between) -> None:
    await published(world, "!need camioneta para mover sillas el sábado", "bea", "b")
    assert await alone(world, "b", "bea") == ""
    _number, _copy = await shared(world)
    said = await alone(world, "b", "bea")
    for part in (
        "There is an offer like your need",
        "kombi los sábados",
        "It is of Red A",
        "Your name does not go along",
    ):
        assert part in said
    assert await alone(world, "a", "carla") == "", "nobody is asked before they want it"
    assert "I asked Red A" in await tells(world, "b", "bea", "yes")
    assert "Somebody of Red B" in await alone(world, "a", "carla")


async def test_who_does_not_want_it_is_shown_it_no_more(world: Between) -> None:
    await published(world, "!need camioneta para mover sillas el sábado", "bea", "b")
    await shared(world)
    assert "don't show you that again" in await tells(world, "b", "bea", "no")
    assert "kombi" not in await tells(world, "b", "bea", "offers")
    assert await rows(world, "b") == []


async def test_of_other_networks_a_person_is_told_a_few_things_a_day(world: Between) -> None:
    await published(world, "!need camioneta para mover sillas el sábado", "bea", "b")
    for what in ("kombi los sábados", "camioneta grande", "camioneta roja", "camión los sábados"):
        await shared(world, f"!offer {what}")
    told = 0
    for _ in range(4):
        told += "offer like your need" in await alone(world, "b", "bea")
        await tells(world, "b", "bea", "no")
    assert told <= 3
    async with world.of("b").machine.db.reading() as tx:
        met = await tx.one("SELECT count(*) AS n FROM exchange_meeting")
    assert met is not None
    assert met["n"] == 3


@pytest.mark.begins("10:00", "people are asked by day")
async def test_what_is_over_at_home_is_over_everywhere_and_what_goes_on_goes_on(
    world: Between,
) -> None:
    number, _copy = await shared(world)
    for name in ("a", "b"):
        await world.of(name).wait(timedelta(days=59, hours=14))
    await world.flow()
    assert "Does it go on?" in await alone(world, "a", "carla")
    await tells(world, "a", "carla", "yes")
    await later(world)
    await later(world, timedelta(days=2))
    assert "kombi" in await answer(world, "b", "!offers"), "longer here, longer there"
    await tells(world, "a", "carla", f"solved {number}")
    await later(world)
    assert "Nothing is offered" in await answer(world, "b", "!offers")


# --- contact --------------------------------------------------------------------------------------


async def test_both_people_say_yes_and_each_reads_the_others_address(world: Between) -> None:
    number, copy = await shared(world)
    said = await tells(world, "b", "bea", f"interested {copy} for the fair")
    for part in (
        "all networks in that link read them: “for the fair”",
        "I ask Red A",
        "name does not go along",
        "in private and sealed",
    ):
        assert part in said
    assert "without your name" in await tells(world, "b", "bea", "yes")
    question = await alone(world, "a", "carla")
    for part in (
        f"Somebody of Red B is interested in your offer {number}",
        "for the fair",
        "your Matrix address, @carla:test",
        "!hide Red B",
    ):
        assert part.removeprefix("!") in question
    assert "@bea" not in question
    said = await tells(world, "a", "carla", "yes")
    assert "Your address is on its way" in said
    assert "(@bea:test), of Red B" in said
    assert "(@carla:test), of Red A" in await alone(world, "b", "bea")
    plain = json.dumps(world.wire)
    for name in ("bea", "carla", "ana"):
        assert f"@{name}:" not in plain
    for name in ("a", "b"):
        assert [one["secret"] for one in await rows(world, name)] == [None], "the keys are gone"
    assert "it was answered" in await tells(world, "b", "bea", f"interested {copy}")


async def test_a_no_is_told_kindly_and_says_no_more(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    assert "it did not come about" in await tells(world, "a", "carla", "no")
    said = await alone(world, "b", "bea")
    assert "It did not come about this time" in said
    assert "carla" not in said
    reply, back = world.wire[-2:]
    assert (reply["kind"], back["kind"]) == ("answer", "contact"), "as after a yes"
    assert len(reply["body"]["sealed"]) == len(back["body"]["sealed"]) == 2 * SEALED_SIZE
    assert "answered" in await tells(world, "b", "bea", f"interested {copy}")
    assert [one["secret"] for one in await rows(world, "b")] == [None]


async def test_who_does_not_want_to_ask_asks_nobody(world: Between) -> None:
    _number, copy = await shared(world)
    await tells(world, "b", "bea", f"interested {copy}")
    assert "I asked nobody" in await tells(world, "b", "bea", "no")
    said = await tells(world, "b", "bea", f"interested {copy} llámame al 300 123 4567")
    assert "looks like an address or a telephone number" in said
    assert await alone(world, "a", "carla") == ""


async def test_nobody_asks_other_networks_without_end(world: Between) -> None:
    copies = [(await shared(world, f"!offer silla {n}"))[1] for n in range(MOST_A_DAY + 1)]
    for copy in copies[:-1]:
        await tells(world, "b", "bea", f"interested {copy}")
        await tells(world, "b", "bea", "yes")
    said = await tells(world, "b", "bea", f"interested {copies[-1]}")
    assert "go on tomorrow" in said
    assert "I ask Red A" in await tells(world, "b", "carla", f"interested {copies[-1]}")
    await world.of("b").wait(timedelta(days=1, minutes=1))
    assert "I ask Red A" in await tells(world, "b", "bea", f"interested {copies[-1]}")


async def test_what_somebody_asked_about_already_is_not_put_to_them(world: Between) -> None:
    _number, copy = await shared(world)
    await tells(world, "b", "bea", f"interested {copy}")
    await tells(world, "b", "bea", "yes")
    await alone(world, "b", "bea")
    await published(world, "!need camioneta para mover sillas el sábado", "bea", "b")
    assert await alone(world, "b", "bea") == ""


async def test_after_seven_days_without_an_answer_it_is_told_and_forgotten(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    assert "I asked already" in await tells(world, "b", "bea", f"interested {copy}")
    await world.of("b").wait(WEEK)
    await world.flow()
    assert "No answer came from Red A in 7 days" in await alone(world, "b", "bea")
    assert await rows(world, "b") == []
    assert "not there any more" in await tells(world, "a", "carla", "yes")
    assert [one["said"] for one in await rows(world, "a")] == ["gone"]
    assert "Go" not in await tells(world, "b", "bea", f"interested {copy}"), "it may be asked anew"


async def test_every_step_survives_a_restart_of_both_bots(world: Between) -> None:
    async def restart() -> None:
        for name in ("a", "b"):
            await world.of(name).restart()

    _number, copy = await shared(world)
    await restart()
    await tells(world, "b", "bea", f"interested {copy}")
    await restart()
    await tells(world, "b", "bea", "yes")
    await restart()
    assert "Somebody of Red B" in await alone(world, "a", "carla")
    await restart()
    held: list[tuple[UserId, UserId, dict[str, object]]] = []

    def keep(by: UserId, to: UserId, content: dict[str, object]) -> list[dict[str, object]]:
        held.append((by, to, content))
        return []

    world.twist = keep
    for _step in range(2):  # the answer, and what comes back for it, after a restart each
        await (tells(world, "a", "carla", "yes") if not held else world.flow())
        (by, to, content), *_rest = held
        held.clear()
        await restart()
        await world.hears(to, by, next(iter(world.inside)), content)
    await world.flow()
    assert "@bea:test" in await alone(world, "a", "carla")
    assert "@carla:test" in await alone(world, "b", "bea")


async def test_whoever_hides_a_network_is_asked_nothing_for_its_people(world: Between) -> None:
    _number, copy = await shared(world)
    assert "Red B" in await tells(world, "a", "carla", "hide Red B")
    assert await asked(world, copy) == ""
    assert "answer" not in [one["kind"] for one in world.wire], "people take their time too"
    await later(world, timedelta(hours=13))
    assert [one["said"] for one in await rows(world, "b")] == ["no"], "as any other no"
    assert "ask you again" in await tells(world, "a", "carla", "hide Red B no")


async def test_people_of_several_networks_ask_and_each_is_answered_apart(three: Between) -> None:
    number = await published(three)
    await three.says("a", f"!network share {number}", "carla")
    await three.says("a", "yes", "carla")
    for name in ("b", "c"):
        incoming = number_in(told(three, name), r"accept (\d+)")
        said = await answer(three, name, f"!network accept {incoming}")
        copy = number_in(said, r"Taken in from Red A as (\d+)")
        await tells(three, name, "bea", f"interested {copy}")
        await tells(three, name, "bea", "yes")
        await alone(three, name, "bea")
    assert "Somebody of Red B" in await alone(three, "a", "carla"), "one question at a time"
    assert "It did not" not in await tells(three, "a", "carla", "no")
    assert "did not come about this time" in await alone(three, "b", "bea")
    assert await alone(three, "c", "bea") == ""
    await three.of("a").wait(MINUTES)
    said = await tells(three, "a", "carla", "yes")
    assert "(@bea:test), of Red C" in said
    assert "(@carla:test), of Red A" in await alone(three, "c", "bea")
    assert await alone(three, "b", "bea") == ""


# --- what ends it ---------------------------------------------------------------------------------


async def test_what_is_taken_back_while_somebody_waits_is_told_to_them(world: Between) -> None:
    number, copy = await shared(world)
    await asked(world, copy)
    await tells(world, "a", "carla", f"cancel {number}")
    await later(world)
    assert "Nothing comes of it: Red A took" in await alone(world, "b", "bea")
    assert [one["secret"] for one in await rows(world, "b")] == [None]
    assert "not there any more" in await tells(world, "a", "carla", "yes")
    assert f"offer {copy}" in await tells(world, "b", "bea", f"interested {copy}")


@pytest.mark.parametrize("who", ["a", "b"])
async def test_when_the_link_ends_nobody_waits_and_the_copy_goes(world: Between, who: str) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    await world.says(who, f"!network disconnect {world.links[who]}")
    await world.says(who, "yes")
    assert "Nothing comes of it" in await alone(world, "b", "bea")
    for name in ("a", "b"):
        assert await rows(world, name) == []
    assert "Nothing is offered" in await answer(world, "b", "!offers")
    assert "not there any more" in await tells(world, "a", "carla", "yes")


async def test_an_offer_of_who_leaves_its_room_goes_everywhere(world: Between) -> None:
    await shared(world)
    await world.of("a").moves("carla", Membership.LEAVE)
    await later(world)
    assert "Nothing is offered" in await answer(world, "b", "!offers")


async def test_whoever_is_forgotten_is_reached_no_more(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    assert "1 contact" in await tells(world, "b", "bea", "forget me")
    await tells(world, "b", "bea", "yes")
    assert await rows(world, "b") == []
    assert "@bea" not in await everything(world, "b")
    assert [one["said"] for one in await rows(world, "a")] == ["gone"]
    assert "not there any more" in await tells(world, "a", "carla", "yes")


async def test_an_offer_of_who_is_forgotten_goes_everywhere(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    await tells(world, "a", "carla", "stop")
    await tells(world, "a", "carla", "forget me")
    await tells(world, "a", "carla", "yes")
    assert "Nothing comes of it" in await alone(world, "b", "bea")
    assert "Nothing is offered" in await answer(world, "b", "!offers")
    assert await rows(world, "a") == []


async def test_whoever_left_before_the_answer_is_not_named(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    await world.of("b").moves("bea", Membership.LEAVE)
    assert "is not there any more" in await tells(world, "a", "carla", "yes")
    assert "@bea" not in json.dumps([post.plain for post in world.heard[UserId("@minga:a")]])


async def test_what_is_kept_of_a_contact_stands_in_what_a_person_may_read(world: Between) -> None:
    _number, copy = await shared(world)
    await asked(world, copy)
    wanted = (("a", "carla", "Red B asked you about"), ("b", "bea", "You asked Red A about"))
    for name, who, part in wanted:
        talk = world.of(name)
        await talk.tells(who, "my data")
        files = [p.content["file"]["url"] for p in await talk.sent() if "file" in p.content]
        assert any(part in talk.gateway.files[file].decode() for file in files), name
    assert "sealed" in await answer(world, "a", "!privacy")
