"""Export the library or one theme as files, to where they may be read."""

from __future__ import annotations

from bot.api import Answer, Context, Line, SendFile, UserError, _, fold, n_, words
from commands.library import store
from commands.library.content.typed_entries import NAMED
from commands.library.declaration import feature, sight
from commands.library.sources import facts, sheet

MOST = 5_000
LIBRARY = words("biblioteca", "biblioteca", "library")
_ALL = frozenset(
    map(
        fold,
        (*LIBRARY, "recursos", "resources", "toda la biblioteca", "la biblioteca", "a biblioteca",
         "toda a biblioteca", "the library", "the whole library", "biblioteca entera",
         "biblioteca inteira",),
    )
)  # fmt: skip


@feature.service("export_theme")
async def export(ctx: Context, text: str) -> Answer:
    """Return the files, or None if the words mean no part of the library.

    In a room they hold what all of its members may see. Raises `UserError` if there is nothing.
    """
    typed = " ".join(text.split()).rstrip(".!")
    name = NAMED.fullmatch(typed)
    if fold(typed) not in _ALL and (name is None or name[1].isdigit()):
        return None
    here = await sight(ctx)
    if name is None:
        found, count = await store.newest(ctx.db, here, MOST, 0)
        title = LIBRARY.in_language(ctx.policy.language)
    else:
        found, count = await store.of_theme(ctx.db, name[1], here, MOST, 0)
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
    known = await facts.of(ctx.db, [one.item for one in found])
    zone, language = ctx.policy.zone, ctx.policy.language
    entries = [sheet.entry(one, known.get(one.item), zone) for one in ours]
    head = n_("{title}: {count} thing as a table, for a spreadsheet.",
              "{title}: {count} things as a table, for a spreadsheet.",
              len(ours), title=f"#{title}" if name else title)  # fmt: skip
    notes: list[Line] = [_("Nobody is named in the files. What is kept as a file stays with me.")]
    if len(ours) < len(found):
        notes.append(_("What other networks shared isn't in them."))
    if count > len(found):
        notes.append(_("Only the newest {count} are in it.", count=len(found)))
    stem = f"{title}-{ctx.now:%Y-%m-%d}"
    return [
        _file(ctx, f"{stem}.csv", "text/csv", sheet.table(entries, language), head, *notes),
        _file(ctx, f"{stem}.json", "application/json", sheet.packages(entries),
              _("The same for programs, with the fields of CKAN.")),
        _file(ctx, f"{stem}.md", "text/markdown", sheet.markdown(entries, title, language),
              _("The same for people.")),
    ]  # fmt: skip


def _file(ctx: Context, name: str, mime: str, data: bytes, *caption: Line) -> SendFile:
    event, thread = ctx.origin.event, ctx.origin.thread
    return SendFile(name, mime, data, caption=caption, reply_to=event, thread=thread)
