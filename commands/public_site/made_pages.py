"""The frame of every page, with its policy, and what may stand in a page that others' templates
made.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup

from commands.verify_page.page import csp_hash

_FRAME = Markup(
    """<!DOCTYPE html>
<html lang="{language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
{links}<style>{style}</style>
</head>
<body>
{body}</body>
</html>
"""
)
_FEED = Markup('<link rel="alternate" type="application/atom+xml" href="{}" title="{}">\n')
TAGS = frozenset(
    """a abbr article aside b bdi blockquote br caption code dd details div dl dt em footer h1 h2 h3
    h4 h5 h6 header hr i li main nav ol p pre rect section small span strong sub summary sup svg
    table tbody td th thead time tr ul""".split()  # noqa: SIM905
)
"""What a page may consist of."""
ATTRIBUTES = frozenset(
    """class colspan datetime dir download focusable height hidden href hreflang id lang rel
    reversed role rowspan scope start tabindex title translate viewbox width x y""".split()  # noqa: SIM905
)
"""What may stand in a tag, and besides all that begins with `aria-`."""
_ADDRESS = re.compile(
    r"(?:(?:\.\./)?[a-z0-9][a-z0-9./-]{0,200})?(?:#[a-z0-9-]{1,60})?|https?://\S{1,2100}"
)


def frame(language: str, title: str, style: str, body: str, feed: tuple[str, str] | None) -> bytes:
    """Return a whole HTML page around a body. Its policy allows this one style, and no request at
    all.

    `feed`: address and title.
    """
    return (
        _FRAME.format(
            language=language,
            policy=policy(style),
            title=title,
            links=_FEED.format(*feed) if feed else "",
            style=Markup(style),  # noqa: S704 - checked: no style ends its element
            body=Markup(body),  # noqa: S704 - made by a template that escapes
        )
    ).encode()


@lru_cache(maxsize=8)
def policy(style: str) -> str:
    """Return the Content Security Policy (CSP 3) of a page with this style."""
    return f"default-src 'none'; style-src '{csp_hash(style)}'; base-uri 'none'; form-action 'none'"


class _Looker(HTMLParser):
    """Notes the first thing that no page may have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, an attribute or an address that no page may have."""
        if tag not in TAGS:
            self._note(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES and not name.startswith("aria-"):
                self._note(f"{tag} {name}")
            if name == "href" and not _ADDRESS.fullmatch(value or ""):
                self._note(f"{tag} href")

    def handle_decl(self, decl: str) -> None:
        """Check a declaration: the frame has the only one."""
        self._note(f"!{decl}")

    def handle_pi(self, data: str) -> None:
        """Check an instruction: pages have none."""
        self._note(f"?{data}")

    def unknown_decl(self, data: str) -> None:
        """Check what is between `<![` and `]>`: pages have none."""
        self._note(f"![{data}")

    def _note(self, what: str) -> None:
        self.found = self.found or f"<{what[:40]}>"


def find_forbidden(body: str) -> str:
    """Return the first tag, attribute, address or declaration in a page's HTML that is not among
    those that a public page may have (a script, for example), or an empty string.

    The page's Content Security Policy forbids the browser the same. This is asked before the page
    is written, so that the network is told.
    """
    looker = _Looker()
    looker.feed(body)
    looker.close()
    return looker.found
