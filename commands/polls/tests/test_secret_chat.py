"""Secret ballots as people have them: opened in the room, voted in private, checked by a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.testing import ROOM, Posted, Talk, find_number
from commands.polls.secret.personal import compare, read_evidence
from commands.polls.secret.result import Bundle
from commands.polls.secret.tool import verify
from commands.polls.secret.verify import Weight, inspect
from storage.database import Database

LINE = "!encuesta ¿Dónde? Norte, Sur, Zoom secreta hasta viernes 18h"


async def opened(talk: Talk, line: str = LINE, who: str = "ana") -> tuple[Posted, int]:
    """The opening message, and the number."""
    await talk.says(who, line)
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts), "nothing to tap: everybody would see who does"
    opening = next(p for p in posts if p.kind == "m.room.message" and not filed(p))
    return opening, find_number(opening)


def filed(post: Posted) -> bool:
    return post.content.get("msgtype") == "m.file"


def content(talk: Talk, post: Posted) -> str:
    """What is in a file that the bot posted."""
    return talk.gateway.files[post.content["file"]["url"]].decode()


async def told(talk: Talk, who: str, line: str, **more: Any) -> str:
    """What the bot answers in private, without files."""
    await talk.tells(who, line, **more)
    posts = await talk.said()
    place = await talk.private(who)
    assert all(post.room == place for post in posts), "nothing is said elsewhere"
    return "\n".join(post.plain for post in posts if not filed(post))


async def receipt(talk: Talk, who: str, line: str) -> str:
    """Vote, and the receipt's file."""
    await talk.tells(who, line)
    posts = await talk.said()
    assert "Anotado" in posts[0].plain, posts[0].plain
    return content(talk, next(post for post in posts if filed(post)))


async def closed(talk: Talk, number: int, who: str = "ana") -> tuple[str, Bundle]:
    """The result as the room reads it, and its file."""
    await talk.said()
    await talk.says(who, f"!cerrar {number}")
    posts = await talk.said(ROOM)
    file = next(post for post in posts if filed(post))
    shown = "\n".join(p.plain for p in posts if not p.plain.startswith("* "))
    return shown, Bundle.model_validate_json(content(talk, file))


async def dump(db: Database) -> str:
    """Every row of every table, as who has the database's key reads it."""
    async with db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [
            (t["name"], *tuple(row))
            for t in tables
            for row in await tx.all(f"SELECT * FROM {t['name']}")  # noqa: S608
        ]
    return "\n".join(repr(row) for row in rows)


async def test_a_secret_ballot_from_the_opening_to_the_check(talk: Talk, tmp_path: Path) -> None:
    await talk.says("ana", LINE)
    opening, manifest = await talk.said()
    number = find_number(opening)
    for words in (
        f"Encuesta {number}: ¿Dónde?",
        "1 Norte · 2 Sur · 3 Zoom",
        f"en privado: `votar {number} 1",
        "Solo yo veo cómo votas",
        "72 horas después",
        "comprobar",
        "presión o pago",
        "Mi llave",
        "viernes 27 de noviembre, 18:00",
    ):
        assert words in opening.plain
    assert manifest.content["filename"] == f"apertura-{number}.json"
    echo = await told(talk, "bea", f"votar {number} 2 luna llena")
    assert "Anotado: Sur" in echo and "luna llena" in echo
    mine = await receipt(talk, "carla", f"votar {number} 1")
    shown, bundle = await closed(talk, number)
    assert "Norte: 1" in shown and "Sur: 1" in shown and "empate" in shown
    assert "2 de 3 personas" in shown and "Votó tan poca gente" in shown
    assert f"minga verify-result resultado-{number}.json" in shown
    assert not [f for f in inspect(bundle) if f.weight is Weight.BAD]
    assert next(f.weight for f in compare(bundle, read_evidence(mine))) is Weight.FINE
    assert json.loads(content(talk, manifest)) == json.loads(bundle.manifest.text())
    file = tmp_path / "result.json"
    file.write_text(bundle.text())
    assert verify(file, [mine])[0]
