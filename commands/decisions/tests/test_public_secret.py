"""What becomes public of secret ballots: what their file may say, once nobody can object."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Number, UserError, public_services
from bot.capability.data.public_services import PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, user_id
from commands.ballot_secrecy import ballot_end_store
from commands.ballot_secrecy.tests.secret_talk import (
    LINE,
    PEOPLE,
    closed,
    fill,
    opened,
    six,
    told,
)
from commands.decisions.tests.test_export import checked

AFTER_THE_WINDOW = timedelta(hours=73)
MEMBERS = tuple(f"@{name}" for name in PEOPLE)


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Six people: fewer than five can't vote in secret."""
    return await six(talk)


async def ended(talk: Talk, *votes: str, line: str = LINE) -> int:
    _opening, number = await opened(talk, line)
    await fill(talk, number, *votes)
    await closed(talk, number)
    return number


async def test_it_waits_until_nobody_can_object_and_then_is_the_kept_file(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final: list[int] = []

    async def note(_ctx: object, item: object) -> None:
        final.append(item.number)  # type: ignore[attr-defined]

    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, public_services.DECIDED.name, note)
    _opening, number = await opened(talk)
    await fill(talk, number, *"22211")
    _shown, bundle = await closed(talk, number)
    with pytest.raises(UserError, match="can still check it and object"):
        await published(talk, number)
    assert final == []
    await talk.wait(AFTER_THE_WINDOW)
    assert final == [number]
    found = await published(talk, number)
    assert found.files[f"decision-{number}.json"] == bundle.to_json().encode()
    assert checked(tmp_path, found.files[f"decision-{number}.json"])[0]
    assert [(one.label.text, one.votes, one.won) for one in found.document.rows] == [
        ("Norte", 2, False),
        ("Sur", 3, True),
        ("Zoom", 0, False),
    ]
    assert find_in(found, *MEMBERS) == []


async def test_of_few_votes_nothing_is_counted(talk: Talk) -> None:
    number = await ended(talk, "2", "2", "2")
    await talk.wait(AFTER_THE_WINDOW)
    found = await published(talk, number)
    assert found.document.rows == ()
    outcome = found.document.facts[0].value.in_language("es")
    assert outcome.endswith("votó muy poca gente para publicar un resultado.")
    assert b"Norte;2" not in found.files[f"decision-{number}.csv"]


async def test_a_file_with_reasons_stays_in_the_room(talk: Talk) -> None:
    line = "!propuesta Compramos la olla tipo:consentimiento secreta hasta en 56 horas"
    _opening, number = await opened(talk, line)
    assert "Anotado" in await told(
        talk, "ana", f'votar {number} bloqueo "lo dijo @bea:test" sol y luna'
    )
    for who in PEOPLE[1:]:
        await told(talk, who, f"votar {number} a favor")
    await closed(talk, number)
    await talk.wait(AFTER_THE_WINDOW)
    found = await published(talk, number)
    assert [one.name for one in found.document.files] == [f"decision-{number}.csv"]
    assert (
        found.document.paragraphs[-1]
        .in_language("es")
        .startswith("El archivo firmado se queda en la sala")
    )
    assert find_in(found, "lo dijo", *MEMBERS) == []


async def test_who_voted_is_left_out_of_the_file(talk: Talk) -> None:
    number = await ended(talk, *"22211")
    await talk.wait(AFTER_THE_WINDOW)
    whole = await published(talk, number)
    async with talk.machine.db.transaction() as tx:
        bundle = await ballot_end_store.get_bundle(tx, Number(number))
        assert bundle is not None
        named = bundle.model_copy(update={"people": (("a" * 32, "@bea:test"),)}).to_json()
        await tx.run("UPDATE ballot_secrecy_ballot SET bundle = ?", named)
    assert await published(talk, number, PublicNames(dict(await everybody(talk)))) == whole


async def test_a_file_whose_question_names_somebody_waits_for_their_yes(talk: Talk) -> None:
    line = "!encuesta ¿Con quién va @bea:test? Norte, Sur secreta hasta en 56 horas"
    number = await ended(talk, *"22211", line=line)
    await talk.wait(AFTER_THE_WINDOW)
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, number, names)
    assert find_in(found, *MEMBERS) == [] and len(found.files) == 1
    assert names.wanted == {user_id("bea")}
