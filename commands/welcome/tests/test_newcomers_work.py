"""What tasks and meetings tell whoever comes in (service `summary`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, Topic, rooms, verbatim, words
from bot.testing.talk import Talk, day_in_words

WANTED = ("tasks", "meetings")


def asker(folder: Path) -> Feature:
    """A capability with one command: what these two have to say to who writes it."""
    feature = Feature("asker", folder)
    about = verbatim("for this test")

    @feature.command(
        words("novato", "novata", "newbie"),
        help=about,
        example=about,
        topic=Topic("asker", words("novatos", "novatas", "newbies"), about),
    )
    async def ask(ctx: Context) -> Answer:
        places = [one.room for one in await rooms.shared_rooms(ctx.db, ctx.who)]
        said = [await ctx.registry.features[n].services["summary"](ctx, places) for n in WANTED]
        return [verbatim("."), *(line for lines in said for line in lines)]

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, asker(tmp_path / "asker")]


async def told(talk: Talk) -> str:
    await talk.tells("carla", "novato")
    return "\n".join(post.plain for post in await talk.said())


async def test_a_newcomer_reads_what_can_be_done_at_once(talk: Talk) -> None:
    assert await told(talk) == "."
    await talk.answer("ana", "!tarea @bea comprar pan")
    await talk.answer("ana", "!tarea barrer mañana")
    await talk.answer("ana", '!accion "Carta" "Escribe" "Llama"')
    said = await told(talk)
    assert "Tareas que nadie tomó todavía:\n2: “barrer”" in said
    assert "Para tomar una: `tarea 2 yo`" in said
    assert "Llamado 3, “Carta”" in said
    assert "pan" not in said


async def test_and_which_meetings_there_were_lately(talk: Talk) -> None:
    await talk.answer("ana", "!reunion empezar Asamblea")
    assert "Asamblea" not in await told(talk), "it is still going on"
    await talk.answer("ana", "!reunion cerrar")
    said = await told(talk)
    assert f"Las últimas reuniones:\n1: {day_in_words()}, Asamblea" in said
    assert "`reunión 1`" in said
    await talk.wait(timedelta(days=31))
    assert "Asamblea" not in await told(talk)
