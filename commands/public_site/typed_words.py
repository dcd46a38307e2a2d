"""What people typed, as HTML: escaped, isolated, with its language; nothing of it is markup."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bot.api import one_line, shorten_line, strip_hidden
from commands.public_site.published import documents

SHORT = 120
"""Letters of a title in a list."""
_LINK = re.compile(r"https?://[^\s<>\"'`\\]{1,2000}", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)]}»…"
"""What stands behind an address and is no part of it."""
_NOT_IN_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"\n[ \t]*\n[\s]*")


def clean(text: str) -> str:
    r"""Return the text without characters that hide, reorder, or may not stand in XML; line breaks
    as `\n`."""
    return strip_hidden(_NOT_IN_XML.sub("", _BREAKS.sub("\n", text))).strip()


def language_in(text: documents.PublicText, language: documents.Language) -> str:
    """Return the language in which a page of `language` shows the text; empty if nobody said."""
    return language if language in text.translations else text.language


def inline(
    text: documents.PublicText, language: documents.Language, most: int | None = None
) -> Markup:
    """Return the text as HTML on one line, isolated from what is around it (Unicode TR 9), with its
    lang.

    `most`: letters at which it is cut.
    """
    said = text.in_language(language)
    line = one_line(clean(said)) if most is None else shorten_line(clean(said), most)
    return Markup("<bdi{}>{}</bdi>").format(_lang(text, language), line)


def label(text: documents.PublicText, language: documents.Language) -> Markup:
    """Return the name of something as HTML like `inline`, with a capital first letter."""
    said = clean(text.in_language(language))
    line = one_line(said[:1].upper() + said[1:])
    return Markup("<bdi{}>{}</bdi>").format(_lang(text, language), line)


def block(text: documents.PublicText, language: documents.Language) -> Markup:
    """Return the text as HTML paragraphs; line breaks are kept, web addresses become links."""
    lang = _lang(text, language)
    parts = [part for part in _BLANK.split(clean(text.in_language(language))) if part.strip()]
    return Markup("\n").join(
        Markup('<p dir="auto"{}>{}</p>').format(lang, _with_links(part)) for part in parts
    )


def plain(text: documents.PublicText, language: documents.Language, most: int) -> str:
    """Return the text on one line, not escaped, for files that are no HTML."""
    return shorten_line(clean(text.in_language(language)), most)


def safe_link(address: str) -> str:
    """Return an `https` or `http` address that may be a link, not escaped for HTML, or an empty
    string for any other text."""
    found = _LINK.fullmatch(clean(address))
    return found[0] if found else ""


def _lang(text: documents.PublicText, language: documents.Language) -> Markup:
    """Return the attribute if the text is not in the page's language. Empty means unknown."""
    own = language_in(text, language)
    return Markup("") if own == language else Markup(' lang="{}"').format(own)


def _with_links(text: str) -> Markup:
    """Return the text, its addresses as links that tell nobody where one comes from."""
    made, done = Markup(""), 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_AFTER_LINK)
        made += _broken(text[done : found.start()])
        made += Markup('<a rel="noopener noreferrer nofollow" href="{0}">{0}</a>').format(address)
        done = found.start() + len(address)
    return made + _broken(text[done:])


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
