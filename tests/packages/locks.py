"""Read the locks: what is installed, by which hashes, under which licence, for whose sake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source_files import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DECLARED_NOWHERE = {
    "jinja2": "BSD-3-Clause",
    "peewee": "MIT",
    "segno": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "vodozemac": "MIT",
}
"""Whose metadata name no licence, or no exact one: as their licence files say it."""
BY_OTHER_NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Internet Systems Consortium license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The MIT License (MIT)": "MIT",
}
"""What some call a licence, and its SPDX identifier."""


def entries(lock: str) -> dict[str, list[str]]:
    """Return each requirement of a lock, with its lines of hashes."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith("    "):
            found[list(found)[-1]].append(line)
        else:
            found[line.removesuffix(" \\")] = []
    return found


def locked(lock: str, python: str) -> dict[str, str]:
    """Return what a lock installs on Linux under this Python: name and version."""
    here = {**default_environment(), "python_version": python, "python_full_version": f"{python}.5"}
    here |= {"sys_platform": "linux", "platform_system": "Linux"}
    return _versions(Requirement(line) for line in entries(lock) if _fits(Requirement(line), here))


def versions(lock: str) -> dict[str, str]:
    """Return everything that a lock names, for whatever machine: name and version."""
    return _versions(map(Requirement, entries(lock)))


def hashes(lock: str) -> dict[str, list[str]]:
    """Return the SHA-256 of each file that may be installed, by the package's name."""
    return {
        canonicalize_name(Requirement(line).name): re.findall(r"[0-9a-f]{64}", "".join(lines))
        for line, lines in entries(lock).items()
    }


def licence_of(name: str) -> str:
    """Return a package's licence as an SPDX expression, or what its metadata call it.

    Raises `PackageNotFoundError` if it is not installed here.
    """
    about = metadata.metadata(name)
    if known := about.get("License-Expression") or DECLARED_NOWHERE.get(name):
        return known
    first = (about.get("License") or "").strip().partition("\n")[0].strip()
    classified = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier") or []
        if one.startswith("License :: ")
    ]
    said = first or (classified[0] if classified else "nothing")
    return BY_OTHER_NAMES.get(said, said)


def needs_of(name: str, extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """Yield what an installed package asks for on this machine, with these extras of it."""
    for line in metadata.requires(name) or ():
        one = Requirement(line)
        if any(_fits(one, {"extra": extra}) for extra in ("", *extras)):
            yield one


def needed_for(asked: Iterable[Requirement]) -> dict[str, set[str]]:
    """Return all that is installed for these requirements: name and what each asks for itself."""
    found: dict[str, set[str]] = {}
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in asked]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        for one in needs_of(name, extras):
            found.setdefault(name, set()).add(canonicalize_name(one.name))
            following = (canonicalize_name(one.name), frozenset(one.extras))
            if following not in seen:
                seen.add(following)
                waiting.append(following)
        found.setdefault(name, set())
    return found


def asked(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for to run the bot, and for these extras."""
    more = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    found = [Requirement(line) for line in [*PROJECT["dependencies"], *more]]
    return [r for r in found if r.name != "minga"]


def _fits(requirement: Requirement, environment: Mapping[str, object]) -> bool:
    known = {key: str(value) for key, value in environment.items()}
    return requirement.marker is None or requirement.marker.evaluate(known)


def _versions(requirements: Iterable[Requirement]) -> dict[str, str]:
    return {
        str(canonicalize_name(one.name)): str(next(iter(one.specifier)).version)
        for one in requirements
    }
