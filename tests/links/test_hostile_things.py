"""What another network may write into a thing of the library that it shares."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.testing.fake_gateway import signer_of
from tests.links.between import Between
from tests.links.test_hostile import following, hears
from tests.links.test_sharing import number_in

FILE: dict[str, Any] = {
    "url": "mxc://a.example/abc",
    "name": "acta.pdf",
    "mime": "application/pdf",
    "size": 1000,
    "k": "a" * 43,
    "iv": "b" * 22,
    "sha256": "c" * 43,
}
GOOD: dict[str, Any] = {"name": "guide", "text": "Bring water", "themes": "march"}


def a_thing(version: int = 1, **content: Any) -> dict[str, Any]:
    return {"what": "resource", "version": version, "content": content}


def a_file(**changed: Any) -> dict[str, Any]:
    return a_thing(**GOOD, file=json.dumps({**FILE, **changed}))


async def says(world: Between, body: dict[str, Any], kind: str = "share", name: str = "d") -> str:
    """The next thing that network A's bot says, and what B's people read of it."""
    one = following(world, "a", kind, body).model_copy(update={"id": name * 32})
    signed = one.sign_with(signer_of(world.of("a").gateway))
    said = await hears(world, signed)
    world.wire.append(signed.content())
    return said


async def trusted(world: Between) -> None:
    await world.says("b", "!network trust Red A resources")
    await world.says("b", "yes")
    world.told("b")


BAD_WORDS: list[dict[str, Any]] = [
    {},
    {"name": "guide"},
    {"name": "guide", "text": " \n "},
    {"text": "x"},
    {"name": "", "text": "x"},
    {"name": "12", "text": "x"},
    {"name": "\u202e\u2066", "text": "x"},
    {"name": "n" * 41, "text": "x"},
    {"name": "guide", "text": "x" * 8001},
    {"name": "guide", "text": "see javascript:alert(1)"},
    {"name": "guide", "text": "file:///etc"},
    {"name": "guide", "text": "https://bank.org@evil.example/"},
    {"name": "guide", "text": "x", "themes": "t" * 41},
    {"name": "guide", "text": "x", "themes": " ".join(f"theme{n}" for n in range(11))},
    {"name": "guide", "text": "x", "file": "{}"},
    {"name": "guide", "text": "x", "file": "["},
]
BAD_FILES: list[dict[str, Any]] = [
    {"url": "https://a.example/abc"},
    {"url": "mxc://a.example/../b"},
    {"url": "mxc://a/b?c"},
    {"url": "mxc://a/" + "b" * 600},
    {"mime": "text/html"},
    {"mime": "application/x-msdownload"},
    {"size": 0},
    {"size": -1},
    {"size": 60_000_000},
    {"size": "9"},
    {"size": 1e3},
    {"name": ""},
    {"k": "a" * 42},
    {"k": {"k": "a"}},
    {"iv": "b"},
    {"sha256": None},
    {"more": "x"},
]


@pytest.mark.parametrize(
    "bodies",
    [[a_thing(**words) for words in BAD_WORDS], [a_file(**changed) for changed in BAD_FILES]],
    ids=["words", "files"],
)
async def test_what_can_not_be_kept_is_not_kept_and_the_chain_goes_on(
    world: Between, bodies: list[dict[str, Any]]
) -> None:
    for body in bodies:
        assert await says(world, body) == "", body
    assert "Bring water" in await says(world, a_thing(**GOOD))
    assert "acta.pdf, application/pdf, 1 kB" in await says(world, a_file(), name="e")


async def test_what_hides_or_counts_is_taken_out_and_what_looks_otherwise_is_told(
    world: Between,
) -> None:
    text = "\u202eSee\u2066 https://xn--pple-43d.com/?utm_source=a"
    said = await says(world, a_file(name="../\u202efdp.exe"))
    assert "fdp.exe.pdf" in said and ".." not in said.split("File:")[1]
    said = await says(
        world, a_thing(name="gu\u202eide", text=text, publisher="\u202eINDEC\n\n"), name="e"
    )
    assert "\u202e" not in said and "\u2066" not in said and "utm_source" not in said
    assert "#guide:" in said and "Source: INDEC" in said and "Look twice" in said


async def test_words_are_words_and_mention_and_command_nothing(world: Between) -> None:
    await trusted(world)
    text = "@room @ana:test <b>!cancel 1</b> [x](https://evil.example) `!vote 1 yes`"
    await says(world, a_thing(name="guide", text=text))
    b = world.of("b")
    await b.says("bea", "#guide")
    [post] = await b.said()
    assert text in post.plain
    meant = post.content.get("m.mentions", {})
    assert "room" not in meant and "@ana:test" not in meant.get("user_ids", ())
    assert "<b>" not in str(post.content.get("formatted_body"))
    assert 'href="https://evil' not in str(post.content.get("formatted_body"))


async def test_it_takes_no_name_and_no_theme_from_what_is_here(world: Between) -> None:
    await trusted(world)
    await world.says("b", "!save guide Our guide #press", "bea")
    await world.says("b", "!save march Our march", "bea")
    await says(world, a_thing(name="guide", text="Theirs", themes="march food"))
    await says(world, a_thing(name="press", text="Of the press", themes="food"), name="e")
    await says(world, a_thing(name="same", text="Same", themes="same"), name="f")
    assert "Our guide" in await world.answer("b", "#guide")
    assert "Theirs (#food · Shared by Red A)" in await world.answer("b", "!library")
    assert "Our guide" in await world.answer("b", "#press"), "the theme"
    assert "Of the press" in await world.answer("b", "#press-2")
    assert "Same" in await world.answer("b", "#same-2")


async def test_old_versions_and_what_comes_after_its_end_change_nothing(world: Between) -> None:
    await trusted(world)
    await says(world, a_thing(5, **GOOD))
    await says(world, a_thing(4, name="guide", text="Older"))
    await says(world, a_thing(5, name="guide", text="The same version"))
    assert "Bring water" in await world.answer("b", "#guide")
    await says(world, {"version": 5}, "withdraw")
    assert "Bring water" in await world.answer("b", "#guide")
    await says(world, {"version": 6}, "withdraw")
    await says(world, a_thing(7, **GOOD))
    assert "Nothing is kept" in await world.answer("b", "!library")
    async with world.of("b").machine.db.reading() as tx:
        [row] = await tx.all("SELECT body FROM shares_received")
    assert row["body"] == "{}", "nor is it kept beside"


async def test_a_room_that_trusts_still_takes_in_no_larger_file_than_its_own(
    world: Between,
) -> None:
    await trusted(world)
    said = await says(world, a_file(size=30_000_000))
    assert "shares something with us" in said and "30.0 MB" in said
    incoming = number_in(said, r"accept (\d+)")
    assert "20 MB" in await world.answer("b", f"!network accept {incoming}")
    assert "Nothing is kept" in await world.answer("b", "!library")


async def test_of_one_network_so_much_is_kept_and_no_more(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.library_sharing.network_resources.MOST_PER_KEEPER", 2)
    await trusted(world)
    for n in range(3):
        await says(world, a_thing(name=f"guide{n}", text=f"Guide {n}"), name=str(n))
    assert "In the library: 2 things" in await world.answer("b", "!library")


async def test_a_file_that_can_not_be_had_is_told_and_the_words_stay(world: Between) -> None:
    await trusted(world)
    await says(world, a_file())
    said = await world.answer("b", "#guide")
    assert "Bring water" in said and "I don't show its file" in said
