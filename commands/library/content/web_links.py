"""Clean web links: only http and https, without trackers, equal links recognised. Pure.

No link is ever fetched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.api import Line, UserError, _

_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_OTHER = re.compile(
    r"(?<![\w.+-])(?!https?:)(?:[a-z][a-z0-9+.\-]{1,20}://"
    r"|(?:javascript|vbscript|blob):(?=\S)|data:(?:[a-z]+/[\w.+\-]+)?[;,])",
    re.IGNORECASE,
)
"""Other schemes. `data:20/03` is a date in Portuguese and does not match."""
_HOST = re.compile(r"[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63}){0,40}|(?=.*:)[0-9a-f:.]{2,45}")
_STOPS = ".\u3002\uff0e\uff61"
"""The full stops of other scripts separate labels too (RFC 3490)."""
_CLOSING = ".,;:!?)]}»…"
_TRACKERS = re.compile(
    r"(?:utm_\w+|pk_\w+|mtm_\w+|hsa_\w+|oly_\w+|_hs\w+|at_(?:medium|campaign|custom\d)|vero_\w+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|li_fat_id|igshid|igsh"
    r"|mc_[ce]id|mkt_tok|_ga|_gl|s_cid|icid|wickedid|rb_clickid|ref_src|ref_url|share_id|cmpid"
    r"|__twitter_impression|spm|wt_mc|xtor)",
    re.IGNORECASE,
)
_TRACKERS_OF = {
    "youtube.com": {"si", "feature", "pp"},
    "youtu.be": {"si", "feature"},
    "spotify.com": {"si"},
    "twitter.com": {"s", "t"},
    "x.com": {"s", "t"},
    "instagram.com": {"img_index", "hl"},
    "tiktok.com": {"_r", "_t"},
    "amazon.com": {"ref", "tag", "psc"},
}
LONGEST_LINK = 2000


@dataclass(frozen=True, slots=True)
class WebLink:
    """A web link. `shown` is how it is stored; `known` is equal for links to the same place.

    `host` and `reads` differ if the address has letters other than a to z: `reads` is what people
    see, `host` the true address.
    """

    shown: str
    known: str
    host: str
    reads: str
    stripped: bool

    @property
    def is_misleading(self) -> bool:
        """Whether the address may look like another one."""
        return self.host != self.reads


def clean_links(text: str) -> tuple[str, tuple[WebLink, ...]]:
    """Return the text with the trackers cut out of its links, and these links.

    Raises `UserError` for a scheme other than `http` and `https`, and for a link that hides where
    it leads.
    """
    if _OTHER.search(text):
        raise UserError(_("I keep only links that begin with `http://` or `https://`."))
    found: list[WebLink] = []

    def kept(match: re.Match[str]) -> str:
        typed = match[0].rstrip(_CLOSING)
        if typed.count("(") > typed.count(")") and match[0].startswith(f"{typed})"):
            typed += ")"
        link = parse_link(typed)
        found.append(link)
        return link.shown + match[0][len(typed) :]

    return _LINK.sub(kept, text), tuple(found)


def find_links(kept: str) -> list[str]:
    """Return the links of a stored text as they stand in it."""
    return [match[0].rstrip(_CLOSING) for match in _LINK.finditer(kept)]


def parse_link(typed: str) -> WebLink:
    """Return the parts of one web address. Raises `UserError` if it is none or hides where it
    leads."""
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").rstrip(_STOPS), parts.port
    except ValueError:
        raise UserError(_not_a_link(typed)) from None
    if parts.username is not None or parts.password is not None:
        raise UserError(
            _("That link has something before an `@`, which hides where it leads."),
            _("Please send it without that."),
        )
    bare, reads = _in_ascii(host), _in_letters(host)
    if len(typed) > LONGEST_LINK or not _HOST.fullmatch(bare):
        raise UserError(_not_a_link(typed))
    query, stripped = _without_trackers(parts, bare)
    place = f"[{bare}]" if ":" in bare else bare
    usual = {"http": 80, "https": 443}[parts.scheme]
    where = f"{place}:{port}" if port and port != usual else place
    path = parts.path or "/"
    tail = (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    shown = f"{parts.scheme}://{where}{parts.path}{tail}"
    ordered = "&".join(sorted(filter(None, query.split("&"))))
    known = f"{where.removeprefix('www.')}{path.rstrip('/')}" + (f"?{ordered}" if ordered else "")
    return WebLink(shown, known, bare, reads, stripped)


def _not_a_link(typed: str) -> Line:
    return _("“{link}” is no link that I understand.", link=typed[:60])


def _without_trackers(parts: SplitResult, host: str) -> tuple[str, bool]:
    """Return the query without tracking parameters, and whether there were any."""
    of_host = {
        name
        for domain, names in _TRACKERS_OF.items()
        if host == domain or host.endswith(f".{domain}")
        for name in names
    }
    every = [one for one in parts.query.split("&") if one]
    names = [one.partition("=")[0] for one in every]
    left = [
        one
        for one, name in zip(every, names, strict=True)
        if not _TRACKERS.fullmatch(name) and name not in of_host
    ]
    return ("&".join(left), True) if len(left) < len(every) else (parts.query, False)


def _in_ascii(host: str) -> str:
    """Return the host name as it is looked up, each label in Punycode (RFC 3492)."""
    labels = (unicodedata.normalize("NFKC", label).casefold() for label in _split_labels(host))
    return ".".join(
        one if one.isascii() else "xn--" + one.encode("punycode").decode() for one in labels
    )


def _in_letters(host: str) -> str:
    """Return the host name as people read it."""
    return ".".join(map(_decode_label, _split_labels(host)))


def _decode_label(label: str) -> str:
    label = label.casefold()
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _split_labels(host: str) -> list[str]:
    return re.split(f"[{_STOPS}]", host)
