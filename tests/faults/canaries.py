"""What plain matrix-nio 0.26.0 does under the same fault: measured by a test, or reported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Canary:
    """`says` in a few words; `test` that measures it here (`file::name`), else `source` of it."""

    says: str
    test: str = ""
    source: str = ""

    def __str__(self) -> str:
        how = f"measured: `{self.test}`" if self.test else f"reported, not measured: {self.source}"
        return f"{self.says} ({how})"


CANARIES: dict[int, Canary] = {}
"""By number. What has none says nothing of nio: it is not nio's to do."""
