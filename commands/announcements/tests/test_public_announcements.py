"""What becomes public of announcements."""

from __future__ import annotations

import pytest

from bot.capability.data.public_services import PUBLIC_CHANGED, PublicNames
from bot.documents.public_document import PublicDocument, PublicFact, PublicText
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, find_number, user_id

TEXT = "Mañana no hay luz en el barrio"
ANA = user_id("ana")


async def announced(talk: Talk, line: str) -> int:
    await talk.says("ana", line)
    return find_number((await talk.said())[0])


async def test_the_text_and_when_it_was_announced(talk: Talk) -> None:
    number = await announced(talk, f"!anunciar {TEXT} con leído")
    at = int(talk.clock.at.timestamp())
    found = await published(talk, number)
    assert found.document == PublicDocument(
        kind="announcement", number=number, title=PublicText(text=TEXT), at=at
    )
    assert not found.files


async def test_who_announced_it_stands_there_only_if_they_agreed(talk: Talk) -> None:
    number = await announced(talk, f"!anunciar {TEXT} con leído")
    names = PublicNames()
    assert (await published(talk, number, names)).document.facts == ()
    assert names.wanted == {ANA}, "she can be asked"
    agreed = await published(talk, number, PublicNames({ANA: "Ana L."}))
    assert agreed.document.facts == (
        PublicFact(
            name=PublicText(
                text="announced by",
                language="en",
                translations={"es": "quién lo anunció", "pt": "quem anunciou"},
            ),
            value=PublicText(
                text="Ana L.", language="en", translations={"es": "Ana L.", "pt": "Ana L."}
            ),
        ),
    )


async def test_a_long_text_has_its_beginning_as_title_in_each_language(talk: Talk) -> None:
    long = " ".join([TEXT] * 4)
    number = await announced(talk, f'!avisar "{long}" pt:"{long} amanhã" leído')
    found = (await published(talk, number)).document
    assert len(found.title.text) <= 80 and found.title.text.startswith(TEXT)
    assert set(found.title.translations) == {"pt"}
    (whole,) = found.paragraphs
    assert (whole.text, whole.language) == (long, "es")
    assert whole.in_language("pt") == f"{long} amanhã"


async def test_nobody_named_in_it_becomes_public(talk: Talk) -> None:
    number = await announced(talk, f"!avisar {TEXT} con leído")
    text = "La llave la tiene @bea:test, no @carla:test"
    async with talk.machine.db.transaction() as tx:  # a line with an address warns somebody
        await tx.run("UPDATE announcements_announcement SET text = ?", text)
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, number, names)
    assert find_in(found, "@ana", "@bea", "@carla", ":test") == []
    assert found.document.title.text == "La llave la tiene alguien, no alguien"
    assert names.wanted == {ANA, user_id("bea"), user_id("carla")}


async def test_a_translation_is_told_to_whoever_publishes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def note(_ctx: object, number: int) -> None:
        told.append(number)

    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, PUBLIC_CHANGED.name, note)
    number = await announced(talk, f"!avisar {TEXT} con leído")
    assert told == []
    await talk.says("ana", f"!traducir {number} pt: Amanhã não tem luz no bairro")
    assert told == [number]
    found = (await published(talk, number)).document
    assert found.title.in_language("pt") == "Amanhã não tem luz no bairro"
