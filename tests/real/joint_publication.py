"""Networks of the real tests that make public what they decided together."""

from __future__ import annotations

from pathlib import Path

from tests.real.linking import Network


def public_folder(folder: Path, name: str) -> Path:
    """The folder of what a network makes public."""
    made = folder / f"{name} public"
    made.mkdir(exist_ok=True)
    return made


async def make_public(numbers: list[tuple[Network, int]]) -> None:
    """The first asks, the others say yes, and all but the last make it public."""
    (asker, number), *others = numbers
    await asker.agrees(f"!publicar {number}", "Pregunté a")
    for one, here in others:
        await one.hears(f"{asker.name} pregunta: ¿puede hacerse público “Carta por el agua”")
        await one.agrees(f"!red aceptar {here}", "Pregunté a|Todas las redes aceptan")
    for one, here in numbers[:-1]:
        await one.hears("Todas las redes aceptan")
        await one.agrees(f"!publicar {here}", "ahora es público")


def handed_out(folder: Path, name: str) -> dict[str, bytes]:
    """The files with what this network made public, by their paths in its folder."""
    public = public_folder(folder, name)
    found = sorted((public / "files").rglob("*.json"))
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in found}
