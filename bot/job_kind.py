"""A kind of work that a capability does later: a value that is imported, not a name in quotes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobKind:
    """Declared with `feature.job(name)`, run by the function under `@feature.runs(kind)`.

    `feature` and `name` stand in the database, so they outlive the code that declares them.
    """

    feature: str
    name: str
