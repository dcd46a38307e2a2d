"""A thing of one network's library stands in another's: shown first, accepted, found, kept up."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.api import UserId
from commands.library.tests.filing import PDF, sends
from tests.links.between import Between
from tests.links.test_sharing import later, number_in

DAY = timedelta(days=1)
GUIDE = "!save guide Bring water and a hat #march"


async def saved(world: Between, line: str = GUIDE, who: str = "bea") -> int:
    return number_in(await world.answer("a", line, who), r"Kept as #\S+ \((\d+)\)")


async def goes_out(world: Between, number: int) -> str:
    """It is shared; what the others' moderators read."""
    await world.says("a", f"!network share {number}")
    world.told("b")
    await world.says("a", "yes")
    return world.told("b")


async def shared(world: Between, line: str = GUIDE) -> tuple[int, int]:
    """Its number at home, and in the other network where it was accepted."""
    number = await saved(world, line)
    incoming = number_in(await goes_out(world, number), r"accept (\d+)")
    there = await world.answer("b", f"!network accept {incoming}")
    return number, number_in(there, r"Taken in from Red A as (\d+)")


async def file_shared(world: Between, data: bytes = PDF, name: str = "acta.pdf") -> int:
    """The copy's number of a file; what lies on one server can be had from the other."""
    a, b = (world.of(one).gateway for one in "ab")
    event = await sends(world.of("a"), data=data, name=name)
    await world.flow()
    said = await world.of("a").answer("bea", "!save minutes", reply=event)
    number = number_in(said, r"\((\d+)\)")
    b.files = dict(a.files)
    incoming = number_in(await goes_out(world, number), r"accept (\d+)")
    there = await world.answer("b", f"!network accept {incoming}")
    return number_in(there, r"Taken in from Red A as (\d+)")


async def test_what_goes_out_is_shown_first_and_waits_there_for_a_moderator(world: Between) -> None:
    number = await saved(world)
    assert "moderators of its room" in await world.answer("a", f"!network share {number}", "bea")
    assert "Nothing is called “map” here" in await world.answer("a", "!network share #map")
    asked = await world.answer("a", "!network share #guide")
    for part in ("Red B", "#guide", "Bring water and a hat", "#march", "no name of a person"):
        assert part in asked
    assert "How many come" not in asked
    world.wire.clear()
    await world.says("a", "yes")
    [sent] = [one for one in world.wire if one["kind"] == "share"]
    assert sent["body"]["content"] == {
        "name": "guide",
        "text": "Bring water and a hat",
        "themes": "march",
    }
    said = world.told("b")
    assert "Red A shares something" in said and "Bring water" in said
    assert "guide" not in await world.answer("b", "!library")
    assert "#guide" not in await world.answer("b", "!find water")
    incoming = number_in(said, r"accept (\d+)")
    assert "moderators" in await world.answer("b", f"!network accept {incoming}", "bea")
    said = await world.answer("b", f"!network accept {incoming}")
    assert "Red A shared #guide" in said
    assert "Shared by Red A" in await world.answer("b", "!library", "bea")
    assert "`#guide` Bring water and a hat: " in (found := await world.answer("b", "!find water"))
    assert "Shared by Red A" in found
    whole = await world.answer("b", "#guide", "bea")
    assert "Bring water and a hat" in whole and "Shared by Red A." in whole
    assert "kept by" not in whole
    assert "settled already" in await world.answer("b", f"!network accept {incoming}")


async def test_no_person_goes_out_and_an_address_of_one_keeps_it_here(world: Between) -> None:
    event = await world.of("a").says("carla", "Doors open at nine")
    await world.says("a", "!save doors", "bea", reply=event)
    number = number_in(world.told("a"), r"\((\d+)\)")
    await world.says("a", f"!update {number} Doors open at ten", "ana")
    world.wire.clear()
    await goes_out(world, number)
    plain = json.dumps(world.wire)
    for name in ("ana", "bea", "carla", "Ana", "Bea", "Carla"):
        assert f'"{name}' not in plain and f"@{name}" not in plain
    for text in ("Ask @carla:test", "https://matrix.to/#/%40Carla%3Atest"):
        held = await saved(world, f"!save contact{len(text)} {text}")
        said = await world.answer("a", f"!network share {held}")
        assert "address of somebody in this network: @carla:test" in said
    elsewhere = await saved(world, "!save office Write to @office:other.org")
    assert "Go on?" in await world.answer("a", f"!network share {elsewhere}")
    await world.says("a", "no")
    await world.says("a", f"!update {number} Ask @carla:test", "bea")
    await later(world)
    assert f"{number} is shared with other networks no more" in world.told("a")
    assert "doors" not in await world.answer("b", "!network")


async def test_a_room_takes_in_the_library_of_a_network_that_it_trusts_for_it(
    world: Between,
) -> None:
    await world.says("b", "!red confiar Red A recursos")
    await world.says("b", "sí")
    await world.says("b", "!save guide Our own guide", "bea")
    world.told("b")
    said = await goes_out(world, await saved(world))
    assert "Red A shared #guide-2" in said
    assert "Our own guide" in await world.answer("b", "#guide")
    assert "Bring water" in await world.answer("b", "#guide-2")
    await world.says("a", "!event Fair; in 33 hours")
    number = number_in(world.told("a"), r"going (\d+)")
    assert "shares something with us" in await goes_out(world, number), "trusted for that alone"


async def test_what_is_corrected_at_home_is_corrected_in_the_copy(world: Between) -> None:
    number, copy = await shared(world)
    await world.says("b", "!red confiar Red A recursos")
    await world.says("b", "sí")
    await world.says("b", f"!update {copy} visible:network")
    await world.says("a", "!update guide Bring water, no hat #march #summer", "bea")
    world.wire.clear()
    await later(world)
    whole = await world.answer("b", "#guide")
    assert "Bring water, no hat" in whole and "#march #summer" in whole
    assert "corrected" in whole and "for the whole network" in whole
    assert "no hat" in await world.answer("b", "!find water")
    await world.says("a", "!update guide name:handbook", "bea")
    await later(world)
    assert "Bring water, no hat" in await world.answer("b", "#handbook")
    await world.says("a", f"!update {number} v1", "bea")
    await later(world)
    assert "and a hat" in await world.answer("b", "#handbook")
    assert len([one for one in world.wire if one["kind"] == "share"]) == 3
    assert "and a hat" in await world.answer("b", f"!versions {copy}"), "and no older one"
    async with world.of("b").machine.db.reading() as tx:
        rows = await tx.all("SELECT text FROM library_version")
    assert [row["text"] for row in rows] == ["Bring water and a hat"]


async def test_who_gets_it_does_not_correct_it_nor_pass_it_on(world: Between) -> None:
    _number, copy = await shared(world)
    update = f"!update {copy}"
    for line in (
        f"{update} Bring wine",
        f"{update} name:wine",
        f"{update} v1",
        f"{update} #wine",
        "!still right guide",
        f"!source {copy} licence:CC0",
    ):
        said = await world.answer("b", line)
        assert "#guide is of Red A, so it isn't changed here" in said, line
    assert "called #guide already" in await world.answer("b", "!save guide Bring wine")
    assert "You can't correct" in await world.answer("b", f"!update {copy} Bring wine", "bea")
    assert "only they share it" in await world.answer("b", f"!network share {copy}")
    assert "don't pass on as files" in await world.answer("b", "!export library")
    assert "Bring water and a hat" in await world.answer("b", "#guide")
    await world.says("b", "!save own Ours", "bea")
    assert "What other networks shared isn't in them" in await world.answer("b", "!export library")


async def test_what_is_taken_back_is_gone_and_so_is_what_was_said_of_it(world: Between) -> None:
    await shared(world)
    await world.answer("b", "#guide", "bea")
    assert "Taken back" in await world.answer("a", "!network withdraw #guide")
    heard = world.heard[UserId("@minga:b")]
    assert len([post for post in heard if post.kind == "redact"]) == 3, "asked, taken in, shown"
    assert "Red A took back #guide: it is out of the library" in world.told("b")
    assert "Nothing is kept" in await world.answer("b", "!library")
    assert "I find nothing like that" in await world.answer("b", "!find water hat")
    async with world.of("b").machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM library_resource") == []
        [row] = await tx.all("SELECT title, body FROM shares_received")
    assert tuple(row) == ("", "{}")


async def test_what_waits_and_is_taken_back_goes_from_the_moderators_room(world: Between) -> None:
    number = await saved(world)
    incoming = number_in(await goes_out(world, number), r"accept (\d+)")
    await world.says("a", f"!network withdraw {number}")
    assert [post for post in world.heard[UserId("@minga:b")] if post.kind == "redact"]
    assert "settled" in await world.answer("b", f"!network accept {incoming}")


@pytest.mark.parametrize("way", ["cancelled", "deleted", "forgotten"])
async def test_what_goes_at_home_goes_everywhere(world: Between, way: str) -> None:
    event = await world.of("a").says("carla", "Bring water and a hat")
    await world.says("a", "!save guide", "bea", reply=event)
    number = number_in(world.told("a"), r"\((\d+)\)")
    incoming = number_in(await goes_out(world, number), r"accept (\d+)")
    await world.says("b", f"!network accept {incoming}")
    if way == "cancelled":
        await world.says("a", f"!cancel {number}", "bea")
        await world.says("a", "yes", "bea")
    elif way == "deleted":
        await world.of("a").redacts("carla", event)
    else:
        await world.of("a").tells("carla", "!borrarme")
        await world.of("a").tells("carla", "sí")
    await world.flow()
    assert "Nothing is kept" in await world.answer("a", "!library")
    assert "took back #guide" in world.told("b")
    assert "Nothing is kept" in await world.answer("b", "!library")


async def test_here_it_can_be_taken_out_for_good(world: Between) -> None:
    number, copy = await shared(world)
    assert "can't" in await world.answer("b", f"!cancel {copy}", "bea")
    await world.says("b", f"!cancel {copy}")
    await world.says("b", "yes")
    await world.says("a", f"!update {number} Bring more water", "bea")
    await later(world)
    assert "Nothing is kept" in await world.answer("b", "!library")
    async with world.of("b").machine.db.reading() as tx:
        [row] = await tx.all("SELECT title, body FROM shares_received")
    assert tuple(row) == ("", "{}")


async def test_nobody_here_is_asked_whether_it_is_still_right_but_told_that_nobody_knows(
    world: Between,
) -> None:
    for name in "ab":
        await world.of(name).set("library_review", "30")
    await world.says("b", "!save own Ours", "ana")
    await shared(world)
    for _ in range(5):
        await world.of("b").wait(9 * DAY)
        await world.flow()
    said = world.said("b")
    assert "Is it all still right?" in said and "#guide" not in said.split("still right?")[1]
    for _ in range(5):
        await world.of("a").wait(9 * DAY)
        await world.flow()
    await later(world)
    assert "(#march · Shared by Red A · unreviewed)" in await world.answer("b", "!library")
    assert "nobody there has said" in await world.answer("b", "#guide")


async def test_after_the_end_of_a_link_it_stays_and_says_so(world: Between) -> None:
    _number, copy = await shared(world)
    await world.says("b", "!network disconnect Red A")
    await world.says("b", "yes")
    assert "which keeps it up no more" in await world.answer("b", "#guide")
    assert "only they share it" in await world.answer("b", f"!network share {copy}")
    await world.says("b", f"!cancel {copy}")
    await world.says("b", "yes")
    assert "Nothing is kept" in await world.answer("b", "!library")


async def test_a_file_is_opened_here_before_anybody_gets_it(world: Between) -> None:
    await file_shared(world)
    b = world.of("b")
    await world.says("b", "#minutes", "carla")
    [file] = [post for post in world.heard[UserId("@minga:b")] if post.content.get("file")]
    home = world.of("a").gateway.files
    assert file.content["file"]["url"] in home, "where it lay, not a copy"
    assert file.content["file"]["key"]["k"] == "a" * 43
    assert file.content["info"]["mimetype"] == "application/pdf"
    assert "Shared by Red A." in file.plain
    async with b.machine.db.reading() as tx:
        [row] = await tx.all("SELECT mark FROM library_resource")
    assert row["mark"], "looked at once"


async def test_a_file_that_is_not_what_it_was_said_to_be_is_not_shown(world: Between) -> None:
    await file_shared(world)
    files = world.of("b").gateway.files
    for url in files:
        files[url] = b"MZ" + bytes(100)
    said = await world.answer("b", "#minutes", "carla")
    assert "I don't show its file" in said and "don't keep this kind" in said
    assert not [post for post in world.heard[UserId("@minga:b")] if post.content.get("file")]
    files.clear()
    assert "I can't open that file" in await world.answer("b", "#minutes", "carla")


async def test_a_source_goes_with_what_is_known_of_it(world: Between) -> None:
    line = "!source Census 2022 https://example.org/c?utm_source=x licence:CC-BY publisher:INDEC"
    number = number_in(await world.answer("a", line, "bea"), r"\((\d+)\)")
    said = await goes_out(world, number)
    assert "https://example.org/c" in said and "INDEC" in said and "CC-BY" in said
    incoming = number_in(said, r"accept (\d+)")
    await world.says("b", f"!network accept {incoming}")
    listed = await world.answer("b", "!source")
    assert "Source: INDEC · CC-BY" in listed and "Shared by Red A" in listed


async def test_a_long_text_goes_and_what_is_too_long_does_not(world: Between) -> None:
    number, _copy = await shared(world, "!save long " + "camión " * 1100)
    assert len(re.findall("camión", await world.answer("b", "#long"))) == 1100
    await world.says("a", f"!update {number} " + "🌊" * 3900, "bea")
    await later(world)
    assert "is too long to be shared" in world.told("a")
    assert "Nothing is kept" in await world.answer("b", "!library")


async def test_what_can_be_shared_is_said_in_each_language(world: Between) -> None:
    number = number_in(await world.answer("a", "!poll Park? Yes, No"), r"(\d+)")
    said = await world.answer("a", f"!network share {number}")
    assert "What can: events · resources" in said
    await world.says("a", "!configurar idioma es")
    await world.says("a", "sí")
    world.told("a")
    said = await world.answer("a", f"!red compartir {number}")
    assert "Lo que sí: eventos · recursos · anuncios · ofertas · pedidos." in said
    assert "Ejemplo: `!red compartir 57`" in said
