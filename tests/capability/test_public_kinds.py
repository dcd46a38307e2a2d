"""Whatever kind becomes public and wherever somebody is named in it: only who agreed stands there.

The words are put into the database, since typed they would be commands to somebody else.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.capability.data.public_services import PUBLISH_ITEM, PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, user_id

BEA = user_id("bea")
MADE = (
    "!evento Taller en 3 días 19h lugar: Plaza descripción: Todo el día",
    "!evento Asamblea cada martes 8h",
    "!avisar Mañana no hay agua con leído",
    "!guardar refugio Refugio\nCalle 5",
    "!fuente Censo https://example.org/censo licencia:CC0 publica:INDEC fecha:2022 #casas",
    "!borrador carta\n1. Queremos agua\n2. Nos reunimos",
    '!encuesta "¿Dónde?" "Norte" "Sur"',
)
NAMING = (
    ("item", "title"),
    ("events_event", "place"),
    ("events_event", "about"),
    ("announcements_announcement", "text"),
    ("library_resource", "text"),
    ("library_source", "licence"),
    ("library_source", "publisher"),
    ("library_source", "published"),
    ("library_theme", "theme"),
    ("poll_book_option", "label"),
    ("poll_book_ballot", "reason"),
)
FORMS = (
    "@bea:test",
    "(@bea:test)",
    "https://matrix.to/#/@bea:test",
    "[Bea](https://matrix.to/#/%40bea%3Atest)",
    "matrix:u/bea:test",
    "@bea",
    "@be\u200ba:test",
)


@pytest.mark.parametrize("form", FORMS)
async def test_nobody_stands_in_anything_public_without_a_yes(talk: Talk, form: str) -> None:
    for line in MADE:
        await talk.says("bea" if "borrador" in line or "guardar" in line else "ana", line)
        await talk.said()
    await talk.says("bea", "!votar 7 1 porque sí")
    await talk.says("ana", "!cerrar 7")
    await talk.wait(timedelta(days=1, minutes=5))
    async with talk.machine.db.transaction() as tx:
        for table, column in NAMING:
            await tx.run(
                f"UPDATE {table} SET {column} = {column} || ' {form}'"  # noqa: S608
            )
        body = f'[[1, "Pregunten a {form}"], [2, "{form}"]]'
        await tx.run("UPDATE drafts_version SET body = ?", body)
        await tx.run("UPDATE drafts_draft SET adopted = 1, name = ?", f"carta {form}")
        kinds = await tx.all("SELECT number, kind FROM item ORDER BY number")
    every = [(row["number"], row["kind"]) for row in kinds]
    assert [kind for _number, kind in every] == [
        "event",
        "event",
        "announcement",
        "resource",
        "resource",
        "draft",
        "poll",
    ]
    for number, kind in every:
        names = PublicNames(members=await everybody(talk))
        found = await published(talk, number, names)
        assert find_in(found, "@bea", "bea:test", "bea%3a", "be\u200ba") == [], kind
        assert "alguien" in found.document.to_json(), kind
        agreed = await published(talk, number, PublicNames({BEA: "Luna"}, names.members))
        assert find_in(agreed, "@bea", "bea:test", "bea%3a") == [], kind


async def test_each_kind_has_one_who_says_what_becomes_public(talk: Talk) -> None:
    offered = {
        name.partition(":")[2]
        for feature in talk.machine.registry.features.values()
        for name in feature.services
        if name.startswith(PUBLISH_ITEM.of("").name)
    }
    assert offered == {
        "poll",
        "event",
        "announcement",
        "resource",
        "draft",
        "questionnaire",
        "joint",
    }
