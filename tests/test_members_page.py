"""Somebody who has only the members' page: what it shows is enough, and nobody typed the help.

They vote, answer an event, find what was agreed and ask for help. Each line stands on the page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from tests.guides import ROOT, begin, codes, typed

PEOPLE = ["ana", "bea", "carla", "dora", "elsa", "flor"]


@dataclass(frozen=True, slots=True)
class MembersPage:
    """The page of a language; `agree` and `end` are what a moderator types meanwhile."""

    file: str
    vote: str
    option: str
    going: tuple[str, str, str]
    going_words: tuple[str, str, str]
    title: str
    open: str
    coming: str
    decided: str
    agree: tuple[str, str, str]
    agreed: str
    end: str
    panic: str
    incident: str


PAGES = {
    "es": MembersPage(
        "docs/es/integrantes.md",
        "votar 12 2",
        "Biblioteca",
        ("voy 14", "tal vez 14", "no voy 14"),
        ("vas a", "tal vez", "no vas"),
        "Taller de radio",
        "!pendientes",
        "!eventos",
        "!decisiones",
        ("!propuesta Cerramos el lunes", "!votar 13 a favor", "!cerrar 13"),
        "Cerramos el lunes",
        "!cerrar 12",
        "pánico",
        "incidente",
    ),
    "pt": MembersPage(
        "docs/pt/integrantes.md",
        "votar 12 2",
        "Biblioteca",
        ("vou 14", "talvez 14", "não vou 14"),
        ("você vai", "talvez", "você não vai"),
        "Oficina de rádio",
        "!pendentes",
        "!eventos",
        "!decisões",
        ("!proposta Fechamos na segunda", "!votar 13 a favor", "!encerrar 13"),
        "Fechamos na segunda",
        "!encerrar 12",
        "pânico",
        "incidente",
    ),
    "en": MembersPage(
        "docs/en/members.md",
        "vote 12 2",
        "Library",
        ("going 14", "maybe 14", "not going 14"),
        ("you come", "you may come", "you don't come"),
        "Radio workshop",
        "!pending",
        "!events",
        "!decisions",
        ("!proposal We close on Monday", "!vote 13 for", "!close 13"),
        "We close on Monday",
        "!close 12",
        "panic",
        "incident",
    ),
}


@pytest.fixture
async def room(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """A room of six, where what the page shows is open: poll 12, proposal 13, event 14."""
    talk = await Talk.start(tmp_path / "minga.db", features(), language=request.param)
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 100}, bot_power=100)
    await begin(talk)
    page = PAGES[request.param]
    said = typed((ROOT / page.file).read_text(encoding="utf-8"))
    poll, event = (
        next(line for line in said if line.startswith("!" + w)) for w in OPENING[request.param]
    )
    for line in (poll, page.agree[0], event, page.agree[1], page.agree[2]):
        await talk.answer("ana", line)
    yield talk
    await talk.close()


OPENING = {"es": ("encuesta", "evento"), "pt": ("enquete", "evento"), "en": ("poll", "event")}
each_language = pytest.mark.parametrize(
    ("room", "page"), [(one, PAGES[one]) for one in PAGES], indirect=["room"], ids=[*PAGES]
)


@pytest.mark.parametrize("page", PAGES.values(), ids=[*PAGES])
def test_each_line_stands_on_the_page(page: MembersPage) -> None:
    shown = codes((ROOT / page.file).read_text(encoding="utf-8"))
    used = (page.vote, *page.going, page.open, page.coming, page.decided, page.panic, page.incident)
    assert [line for line in used if line not in shown] == []


@each_language
async def test_with_the_page_alone_one_votes_and_it_counts(room: Talk, page: MembersPage) -> None:
    said = await room.answer("bea", page.vote, room=await room.private("bea"))
    assert page.option in said
    said = await room.answer("ana", page.end)
    assert f"{page.option}: 1" in said


@each_language
async def test_with_the_page_alone_one_answers_an_event(room: Talk, page: MembersPage) -> None:
    assert page.title in await room.answer("bea", page.coming)
    for line, words in zip(page.going, page.going_words, strict=True):
        said = await room.answer("bea", line)
        assert words in said and page.title in said, said


@each_language
async def test_with_the_page_alone_one_finds_what_was_agreed(room: Talk, page: MembersPage) -> None:
    said = await room.answer("bea", page.open)
    assert "12" in said and page.agreed not in said
    said = await room.answer("bea", page.decided)
    assert page.agreed in said and "13" in said


@each_language
async def test_with_the_page_alone_one_asks_for_help(room: Talk, page: MembersPage) -> None:
    """In danger, and after harm: somebody who moderates reads it, since there is no care team."""
    await room.private("ana")
    for line in (page.panic, f"{page.incident} me insultaron"):
        await room.tells("bea", line)
        posts = await room.sent()
        reached = {post.room for post in posts if post.room != ROOM}
        assert await room.private("bea") in reached, line
        assert await room.private("ana") in reached, line
        assert ROOM not in {post.room for post in posts}, line
