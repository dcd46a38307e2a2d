"""Networks of the real tests that make public what they decided together."""

from __future__ import annotations

from storage.database import Database
from storage.encryption.keys import DATABASE, unlock
from tests.real.linking import Network


async def make_public(numbers: list[tuple[Network, int]]) -> None:
    """The first asks, the others say yes, and all but the last make it public."""
    (asker, number), *others = numbers
    await asker.agrees(f"!publicar {number}", "Pregunté a")
    for one, here in others:
        await one.hears(f"{asker.name} pregunta: ¿puede hacerse público “Carta por el agua”")
        await one.agrees(f"!red aceptar {here}", "Pregunté a|Todas las redes aceptan")
    for one, here in numbers[:-1]:
        await one.hears("Todas las redes aceptan")
        await one.agrees(f"!publicar {here}", "ya es público")


async def handed_out(one: Network) -> dict[str, bytes]:
    """The files that this bot, which is stopped, hands out to everybody, by their names."""
    keys = unlock(one.bot.data, key_file=one.bot.folder / "secrets/key")
    db = await Database.open(one.bot.data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            rows = await tx.all("SELECT name, content FROM publishing_file")
    finally:
        await db.close()
    return {row["name"]: row["content"] for row in rows}
