"""Write docs/licences.md: under which licence everything is that an installed bot consists of.

`make lock` does it; a test compares the page with the lock, and the licences with what is allowed.
"""

from __future__ import annotations

from tests.packages.locks import PROJECT, asked, licence_of, needed_for, versions
from tests.source_files import ROOT

PAGE = ROOT / "docs/licences.md"
LOCK = "requirements.lock"
ALLOWED = frozenset(
    """0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause ISC LGPL-3.0-only MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0
    PSFL Unlicense Zlib""".split()  # noqa: SIM905
)
"""Licences whose code may be part of a program under AGPL-3.0-or-later, by their SPDX names.

`PSFL` is what an older package calls PSF-2.0.
"""
SHIPPED_FONT = ("DejaVu Sans", "Bitstream-Vera", "bot/documents/font/LICENSE.txt")
HEAD = """# Licences

Minga is under {ours} ([LICENSE](../LICENSE)). Of this an installed bot consists besides, at
the versions of `requirements.lock`; `make lock` writes this page. {font} is under
{font_licence} (`{font_file}`). What is marked *build* only builds the package.

| Package | Version | Licence | |
|---|---|---|---|
"""


def identifiers(expression: str) -> set[str]:
    """Return the licences that an SPDX expression names, of which "OR" leaves the choice to us."""
    words = expression.replace("(", " ").replace(")", " ").split()
    return {word for word in words if word not in ("AND", "OR", "WITH")}


def page() -> str:
    """Return the page for what is locked now."""
    runs = needed_for(asked())
    font, licence, file = SHIPPED_FONT
    head = HEAD.format(ours=PROJECT["license"], font=font, font_licence=licence, font_file=file)
    return head + "".join(
        f"| {name} | {version} | {licence_of(name)} | {'' if name in runs else 'build'} |\n"
        for name, version in versions(LOCK).items()
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
