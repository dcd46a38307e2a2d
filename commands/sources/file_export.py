"""Export the library or one theme as files, to where they may be read."""

from __future__ import annotations

from bot.api import EXPORT_THEME, Answer, Context, Line, SendFile, UserError, _, fold, n_, words
from commands.library import source_facts, store
from commands.library.content.typed_entries import NAME_PATTERN
from commands.library.declaration import visible_here
from commands.sources import sheet
from commands.sources.declaration import feature

MOST_EXPORTED = 5_000
LIBRARY_WORDS = words("biblioteca", "biblioteca", "library")
_ALL_WORDS = frozenset(
    map(
        fold,
        (
            *LIBRARY_WORDS,
            "recursos",
            "resources",
            "toda la biblioteca",
            "la biblioteca",
            "a biblioteca",
            "toda a biblioteca",
            "the library",
            "the whole library",
            "biblioteca entera",
            "biblioteca inteira",
        ),
    )
)


@feature.offers(EXPORT_THEME)
async def export_library(ctx: Context, text: str) -> Answer:
    """Send the resources of our own library, all or of a `#theme`, as CSV, JSON and Markdown files.
    Return what to say, with the files, or None if the words name neither.

    In a room the files hold what all of its members may see. Raises `UserError` if there is
    nothing, or only what other networks shared.
    """
    typed = " ".join(text.split()).rstrip(".!")
    name = NAME_PATTERN.fullmatch(typed)
    if fold(typed) not in _ALL_WORDS and (name is None or name[1].isdigit()):
        return None
    here = await visible_here(ctx)
    if name is None:
        found, count = await store.newest_resources(ctx.db, here, MOST_EXPORTED, 0)
        title = LIBRARY_WORDS.in_language(ctx.policy.language)
    else:
        found, count = await store.resources_with_theme(ctx.db, name[1], here, MOST_EXPORTED, 0)
        title = name[1]
    if not found:
        raise UserError(
            _("Nothing has the theme #{theme} here.", theme=name[1][:40])
            if name is not None
            else _("Nothing is kept here yet."),
            _("Which themes there are: `!resources`"),
        )
    ours = [one for one in found if not one.origin]
    if not ours:
        raise UserError(
            _("All of it was shared by other networks: what is theirs I don't pass on as files.")
        )
    known = await source_facts.facts_of(ctx.db, [one.item for one in found])
    zone, language = ctx.policy.zone, ctx.policy.language
    entries = [sheet.make_entry(one, known.get(one.item), zone) for one in ours]
    head = n_(
        "{title}: {count} thing as a table, for a spreadsheet.",
        "{title}: {count} things as a table, for a spreadsheet.",
        len(ours),
        title=f"#{title}" if name else title,
    )
    notes: list[Line] = [_("Nobody is named in the files. What is kept as a file stays with me.")]
    if len(ours) < len(found):
        notes.append(_("What other networks shared isn't in them."))
    if count > len(found):
        notes.append(_("Only the newest {count} are in it.", count=len(found)))
    stem = f"{title}-{ctx.said_at:%Y-%m-%d}"
    return [
        _build_file(
            ctx, f"{stem}.csv", "text/csv", sheet.write_table(entries, language), head, *notes
        ),
        _build_file(
            ctx,
            f"{stem}.json",
            "application/json",
            sheet.write_packages(entries),
            _("The same for programs, with the fields of CKAN."),
        ),
        _build_file(
            ctx,
            f"{stem}.md",
            "text/markdown",
            sheet.write_markdown(entries, title, language),
            _("The same for people."),
        ),
    ]


def _build_file(ctx: Context, name: str, mime: str, data: bytes, *caption: Line) -> SendFile:
    event, thread = ctx.origin.event, ctx.origin.thread
    return SendFile(name, mime, data, caption=caption, reply_to=event, thread=thread)
