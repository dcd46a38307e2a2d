"""What the site says itself, in three languages, and dates as it writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

from bot.api import Catalogue, Line, _, dates
from commands.public_site.published import KINDS, documents

WORDS: dict[str, Line] = {
    "skip": _("Skip to the content"),
    "languages": _("Languages"),
    "sections": _("Sections"),
    "home": _("Start"),
    "newest": _("Newest"),
    "nothing": _("Nothing yet."),
    "older": _("Older"),
    "pages": _("Pages"),
    "withdrawn": _("withdrawn"),
    "facts": _("In short"),
    "result": _("Votes by option"),
    "option": _("Option"),
    "votes": _("Votes"),
    "maybe": _("If need be"),
    "share": _("Share of the votes"),
    "chosen": _("chosen"),
    "when": _("When and where"),
    "begins": _("Begins"),
    "ends": _("Ends"),
    "place": _("Place"),
    "repeats": _("It repeats: the calendar has all its dates."),
    "cancelled": _("This was cancelled."),
    "text": _("Text"),
    "source": _("Where it comes from"),
    "link": _("Address"),
    "licence": _("Licence"),
    "publisher": _("Published by"),
    "published_there": _("Published there"),
    "checked": _("Confirmed"),
    "themes": _("Themes"),
    "files": _("Files"),
    "size": _("Size in bytes"),
    "public_since": _("Public since"),
    "changed": _("Changed"),
    "machines": _("For machines"),
    "record": _("This page as data (JSON)"),
    "package": _("These files as a data package"),
    "tables": _("All as tables (data package)"),
    "schema": _("What the JSON files contain"),
    "feed": _("What is new, for feed readers"),
    "calendar": _("Dates, for calendars"),
    "follow": _("To follow it"),
    "check": _("How to check this"),
    "check_this": _("Check this result"),
    "give_it": _("Keep this file, and give it to that page:"),
    "taken_back": _("The network took this back. Whoever has a copy still has it."),
    "because": _("Reason"),
    "trust": _("You need nobody's word: all of this can be checked, also without a network."),
    "check_when": _("When was it decided, by what rule, how many voted?"),
    "check_when_1": _("Open the decision: its page says when, by what rule, and how many voted."),
    "check_result": _("Is the result true?"),
    "check_result_1": _(
        "Open this page in a browser, on a phone too; it sends nothing to anybody:"
    ),
    "check_result_2": _(
        "Give it the signed file of the decision, such as decision-57.json: its page has it."
    ),
    "check_result_3": _("It checks the signatures, counts again, and says what holds."),
    "check_folder": _("Is all of it as the network wrote it?"),
    "check_folder_phone": _(
        "On a phone: get all of it as one ZIP file."
        " The bot gives it to members: `!export published`."
    ),
    "check_folder_ask": _("If you are not a member, ask one for that file."),
    "check_folder_page": _(
        "Give that file as it is to this page; on a computer it takes the whole folder too:"
    ),
    "minga": _("Minga is free software: ask the network that publishes this for a copy."),
    "folder": _("FOLDER"),
    "check_folder_1": _("The same on a computer with Minga, with a copy of all these files:"),
    "check_folder_2": _(
        "It holds each file against the signed log, and names what was changed or taken away."
    ),
    "check_folder_3": _("Keep this small file. Later it shows whether the past was rewritten:"),
    "check_key": _("Who signed it?"),
    "check_key_1": _("The network's bot, with this key. Members compare it with its `!status`:"),
    "check_hand": _("Without Minga"),
    "check_hand_1": _(
        "Each line of the log (folder log) is a signed change: it names files and their SHA-256."
    ),
    "check_hand_2": _(
        "A computer makes this number of a file; the last line with the file must say the same:"
    ),
}
"""By the names that templates know."""
LISTS: dict[documents.Kind, Line] = {
    "decision": _("Decisions"),
    "event": _("Events"),
    "announcement": _("Announcements"),
    "text": _("Texts"),
    "data": _("Data"),
}
ONE: dict[documents.Kind, Line] = {
    "decision": _("Decision {number}"),
    "event": _("Event {number}"),
    "announcement": _("Announcement {number}"),
    "text": _("Text {number}"),
    "data": _("Data {number}"),
}
INTRODUCTION = _("What {network} makes public: signed, and checkable by anybody.")
NEWS = _("{network}: what is new")
LANGUAGE_NAMES: dict[documents.Language, str] = {
    "es": "Español",
    "pt": "Português",
    "en": "English",
}
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""Dates are written as for a reader of another time: whole, with the year."""

_LATEST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())


@cache
def catalogue() -> Catalogue:
    """Return the translations of the public site's sentences into all languages; they are read
    once."""
    return Catalogue.load([Path(__file__).parent])


def say(line: Line, language: documents.Language, **values: object) -> str:
    """Return a sentence of the public site in a language."""
    return catalogue().template(line, language).format_map(values)


@cache
def words_in(language: documents.Language) -> dict[str, str]:
    """Return all words for page templates in a language, with text in backticks as `code`."""
    return {name: _with_code(say(line, language)) for name, line in WORDS.items()}


def _with_code(text: str) -> str:
    if "`" not in text:
        return text
    plain, code = Markup("{}"), Markup("<code>{}</code>")
    parts = enumerate(text.split("`"))
    return Markup("").join((code if n % 2 else plain).format(one) for n, one in parts)


@cache
def lists_in(language: documents.Language) -> dict[documents.Kind, str]:
    """Return the names of the public site's lists in a language."""
    return {kind: say(LISTS[kind], language) for kind in KINDS}


def say_day(at: int, zone: str, language: documents.Language) -> str:
    """Return a date in words with its year. `at`: seconds since 1970 (UTC)."""
    return dates.say_day(instant(at), known_zone(zone), language, now=_LONG_AGO)


def say_moment(at: int, zone: str, language: documents.Language) -> str:
    """Return a date and time in words, with the place of the clock. `at`: seconds since 1970
    (UTC)."""
    return dates.say_moment(instant(at), known_zone(zone), language, now=_LONG_AGO)


def iso(at: int) -> str:
    """Return an instant in the form of RFC 3339, in UTC. `at`: seconds since 1970."""
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"


def instant(at: int) -> datetime:
    """Return the instant (UTC) of seconds since 1970, at most in the year 9999."""
    return datetime.fromtimestamp(min(at, _LATEST), UTC)


@lru_cache(maxsize=256)
def known_zone(zone: str) -> str:
    """Return the name of the time zone if there is one, else UTC."""
    return zone if dates.is_zone(zone) else "UTC"
