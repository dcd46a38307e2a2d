"""Checks a built site: `python -m tests.site dist/docs`. Exit status 1 if anything is wrong.

Each link and picture leads to something in the site, and no page asks another host for anything
by itself. (A link to another host may be followed by a person.)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

PARTS = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a browser fetches with a page, by its tag."""
_IN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^)"']+)""")


class _Page(HTMLParser):
    """Collects what a page links to, what it fetches, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and names in one tag."""
        found = {name: value or "" for name, value in attrs}
        self.places |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.add(found["href"])
        if tag in PARTS and PARTS[tag] in found:
            self.fetched.add(found[PARTS[tag]])


def faults(site: Path) -> Iterator[str]:
    """Yield a line for each link, picture or part that leads nowhere or to another host."""
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    for path, page in pages.items():
        where = path.relative_to(site)
        for address in sorted(page.links | page.fetched):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in page.fetched:
                    yield f"{where}: asks another host: {address}"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{where}: leads nowhere: {address}"
            elif target in pages and unquote(parts.fragment) not in {"", *pages[target].places}:
                yield f"{where}: no such place: {address}"
    for path in site.rglob("*.css"):
        for address in _IN_CSS.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)}: asks another host: {address}"


def main() -> None:
    site = Path(sys.argv[1]).resolve()
    found = list(faults(site))
    for line in found:
        print(line)  # noqa: T201
    pages = len(list(site.rglob("*.html")))
    print(f"{pages} pages in {site}, {len(found)} faults")  # noqa: T201
    sys.exit(1 if found or not pages else 0)


if __name__ == "__main__":
    main()
