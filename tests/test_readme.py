"""What the README and docs/promises.md show is what happens: a conversation, lines of tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words, find_number

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROMISES = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
OPENING = ("!encuesta", "!propuesta", "!cuándo")
ANSWERS = {
    "!votantes": "Nueva, “Cooperativa Sur”",
    "!votar": "Anotado: Norte: 12 · Sur: 5",
    "!presencial": "Norte: 14 · Sur: 9",
    "!extender": "Ahora cierra el ",
    "!cerrar": "gana Norte",
    "!acta": "¿Dónde?",
    "!decisiones": "¿Dónde?",
}
"""What the bot says to a line about a decision that is open."""


def test_each_promise_stands_once() -> None:
    promises = re.findall(r"^- \*\*([^*]+)\*\*", PROMISES, re.MULTILINE)
    assert len(promises) > 8
    assert len(promises) == len(set(promises)), sorted(promises)


def typed() -> list[str]:
    """The lines of the tables about decisions, in their order."""
    section = PROMISES.split("## Decisions\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [line for row in rows for line in re.findall("`(![^`]+)`", row)]


@pytest.mark.parametrize("line", [line for line in typed() if line.startswith(OPENING)])
async def test_a_decision_opens_with_the_line_of_the_table(talk: Talk, line: str) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    await talk.says("ana", line)
    opening, beside = await talk.sent()
    # What is secret is not tapped: beside it stands the signed opening.
    secret = "secreta" in line and beside.content.get("msgtype") == "m.file"
    assert beside.is_poll or secret
    title = re.sub(r"^!\S+ ", "", line).strip('"').split("?")[0].split(" tipo:")[0]
    assert title.split('"')[0][:12] in opening.plain


async def test_the_other_lines_of_the_table_do_what_it_says(talk: Talk) -> None:
    opens, *_more = typed()
    acts = [line for line in typed() if not line.startswith(OPENING)]
    assert {line.split(" ")[0] for line in acts} == set(ANSWERS)
    number = 0
    for line in acts:
        of = number
        if line.startswith("!presencial"):  # an assembly of people joins a vote of people
            people = "!encuesta ¿Dónde? Norte, Sur votan:personas"
            of = find_number(await talk.answer("ana", people))
        said = await talk.answer("ana", re.sub(r"\b12\b", str(of), line, count=1))
        assert ANSWERS[line.split(" ")[0]] in said, line
        if not number:  # the organisation is there: now it decides
            number = find_number(await talk.answer("ana", opens))


async def test_the_conversation_of_the_readme_is_one(talk: Talk) -> None:
    """Each line of Minga's is said after what was typed before it; `…` leaves something out.

    The README shows a Wednesday; here its tomorrow is that of the day on which the test runs.
    """
    await talk.answer("ana", "!recordar mañana 9h; el pan")  # it begins with number 2
    shown = README.split("```\nAna ")[1].split("\n```")[0]
    shown = shown.replace("jueves 26 de noviembre", day_in_words(1))
    heard: list[str] = []
    for line in ("Ana " + shown).splitlines():
        who, words = line[:8].strip(), line[8:].removesuffix(" …")
        if who in ("", "Minga"):
            words = words.replace("…", "")
            assert any(words in text for text in heard), line
        elif who == "…":
            heard = [await talk.answer("ana", "!cerrar 2")]
        else:
            heard = [await talk.answer(who.lower(), words)]


HEARD = ("acuerdo:", "tarea:", "info:", "tomo 57 sonido", "ok", "#acuerdo")
"""What is no command: a capability listens for it."""


OTHERS = (
    "Events, meetings and what was agreed",
    "Taking newcomers in",
    "What the network knows and has",
    "Rooms, care and rights",
    "With other networks",
)


@pytest.mark.parametrize("heading", OTHERS)
async def test_every_line_of_the_other_tables_begins_with_a_command(
    talk: Talk, heading: str
) -> None:
    section = PROMISES.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    lines = [line for row in rows for line in re.findall("`([^`]+)`", row)]
    assert len(lines) > 10
    registry = talk.machine.registry
    unknown = [line for line in lines if registry.find_command(line.lstrip("!")) is None]
    assert set(unknown) <= set(HEARD)
