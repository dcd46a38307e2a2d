"""What becomes public of a text that a room wrote together."""

from __future__ import annotations

import hashlib
import re

import pytest

from bot.api import UserError
from bot.capability.data.public_services import PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, user_id
from commands.drafts.tests.drafting import CHARTER, adopted, begun


async def test_the_adopted_version_with_its_number_and_decision(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("bea", "!propuesta carta")
    await adopted(talk, 2)
    await talk.answer("bea", "!borrador carta reabrir")
    await talk.answer("bea", "!borrador carta: Cuarto")  # not adopted: it stays here
    found = await published(talk, 1)
    document = found.document
    assert (document.kind, document.number, document.title.text) == ("text", 1, "carta")
    assert [one.text for one in document.paragraphs] == CHARTER.split("\n")
    facts = [(one.name.in_language("es"), one.value.in_language("es")) for one in document.facts]
    assert facts == [("versión", "1"), ("adoptado por", "propuesta 2")]
    (file,) = document.files
    kept = await talk.answer("carla", "#carta")
    digest = re.search(r"[0-9a-f]{64}", kept)
    assert digest and digest[0] == file.sha256
    assert hashlib.sha256(found.files["text-1.txt"]).hexdigest() == file.sha256


async def test_a_draft_that_was_not_adopted_is_not_public(talk: Talk) -> None:
    await begun(talk)
    with pytest.raises(UserError, match="once it is adopted"):
        await published(talk, 1)


async def test_nobody_named_in_it_becomes_public(talk: Talk) -> None:
    await talk.answer("bea", "!borrador carta\n1. Coordina @carla:test\n2. Ayuda @ana:test")
    await talk.answer("bea", "!propuesta carta")
    await adopted(talk, 2)
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, 1, names)
    assert find_in(found, "@ana", "@bea", "@carla", ":test") == []
    assert not found.files, "the file that was hashed names them"
    assert names.wanted == {user_id("ana"), user_id("carla")}
    library = await published(talk, 3, names)
    assert find_in(library, "@ana", "@bea", "@carla", ":test") == []
