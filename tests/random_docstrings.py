"""`python -m tests.random_docstrings 10`: public functions, by name and docstring alone.

Hand them to a reader who has not seen the code, who says what each one returns or does. Where the
reader can't, the name or the docstring is mended.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tests.source_files import SOURCE, name, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Described:
    """A public function or method with its docstring, and where it stands."""

    place: str
    name: str
    docstring: str

    def __str__(self) -> str:
        return f"{self.name}\n    " + "\n    ".join(self.docstring.splitlines())


def find_described(paths: Sequence[Path] = SOURCE) -> list[Described]:
    """Return every public function that has a docstring, in the order of the files."""
    return [found for path in paths for found in _described(path, tree(path).body)]


def _described(path: Path, body: list[ast.stmt], owner: str = "") -> Iterator[Described]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and node.name.startswith("_"):
            continue
        if isinstance(node, ast.ClassDef):
            yield from _described(path, node.body, f"{node.name}.")
        elif isinstance(node, Function) and (docstring := ast.get_docstring(node)):
            yield Described(f"{name(path)}:{node.lineno}", owner + node.name, docstring)


@click.command()
@click.argument("count", type=int, default=10)
@click.option("--seed", type=int, help="the same choice again")
@click.option("--folder", default="", help="only of this folder, such as bot/run")
@click.option("--places", is_flag=True, help="with file and line, for whoever mends them")
def main(count: int, seed: int | None, folder: str, *, places: bool) -> None:
    """Print random public functions, by name and docstring."""
    found = [one for one in find_described() if one.place.startswith(folder)]
    chosen = random.Random(seed).sample(found, min(count, len(found)))  # noqa: S311
    for one in chosen:
        click.echo(f"{one.place} {one}\n" if places else f"{one}\n")


if __name__ == "__main__":
    main()
