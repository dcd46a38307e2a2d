"""The text of a room's welcome: its moderators write it, in as many languages as they like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    LANGUAGE_WORDS,
    Answer,
    Context,
    Line,
    Room,
    RoomId,
    Span,
    UserError,
    _,
    fold,
    strip_hidden,
    verbatim,
)
from commands.onboarding.areas import permissions
from commands.welcome import greeting, store
from commands.welcome.declaration import feature

LONGEST = 1000
"""Letters of a welcome."""
EXAMPLE = _("For example: `!welcome set We are glad that you are here. We meet on Mondays.`")
_CODES = {fold(word): code for code, names in LANGUAGE_WORDS.items() for word in names}
_LANGUAGE = re.compile(r"\s*(?:en |em |in )?([^\W\d_]{2,12})[ ]*(?::|\n)\s*", re.IGNORECASE)


def _split(text: str, usual: str) -> tuple[str, str]:
    """Return language and text: `pt: …` names a language, else it is the `usual` one.

    A first word that names no language (`Es un gusto`) belongs to the text.
    """
    found = _LANGUAGE.match(text)
    code = _CODES.get(fold(found[1])) if found else None
    if found is None or code is None:
        return usual, text
    return code, text[found.end() :]


async def _place(ctx: Context) -> Room:
    room = await ctx.choose_room()
    if not await ctx.moderates(room.room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("What is written here: `!welcome text`"),
        )
    return room


async def change_text(ctx: Context, text: str) -> Answer:
    """Set the room's welcome after a confirmation that shows the new and the old text. Return what
    to say, if anything.

    Raises `UserError` without the right, for an empty or too long text, and for the same text.
    """
    room = await _place(ctx)
    language, rest = _split(text, (await ctx.policy_of_room(room.room)).language)
    said = strip_hidden(rest).strip().strip('"“”').strip()
    if not re.search(r"\w", said):
        raise UserError(_("Missing: what I say to those who come in."), EXAMPLE)
    if len(said) > LONGEST:
        raise UserError(
            _(
                "A welcome has up to {most} letters; this one has {count}.",
                most=LONGEST,
                count=len(said),
            )
        )
    before = (await store.get_texts(ctx.db, room.room)).get(language)
    if before == said:
        raise UserError(_("It says so already."))
    ctx.confirm(*await _preview(ctx, room, language, said, before))
    await _put(ctx, room.room, language, said, before)
    return _("Changed. It stands in `!log`, which all of the room can read. To go back: `!undo`")


async def _preview(
    ctx: Context, room: Room, language: str, said: str, before: str | None
) -> list[Line]:
    wait = timedelta(seconds=int(await ctx.setting_value(greeting.WAIT, room.room)))
    lines = [
        _(
            "Whoever comes into “{room}” will read, beside their names ({language}):",
            room=permissions.room_label(room),
            language=LANGUAGE_WORDS[language],
        ),
        verbatim(said),
        _(
            "One for all who come within {span}. For another language: `!welcome set pt: …`",
            span=Span(wait),
        ),
    ]
    return [*lines, _("Until now: “{text}”", text=before)] if before is not None else lines


async def remove_text(ctx: Context, text: str) -> Answer:
    """Delete the room's welcome in the language named, or the only one there is, after a
    confirmation. Return what to say, if anything.

    Raises `UserError` without the right, and if there is no such text or none is named of several.
    """
    room = await _place(ctx)
    texts = await store.get_texts(ctx.db, room.room)
    named = _CODES.get(fold(text.strip(" .:!")))
    if not texts or (named is not None and named not in texts):
        raise UserError(_("There is nothing to take away: no welcome is written."), EXAMPLE)
    if named is None and len(texts) > 1:
        raise UserError(
            _(
                "In which language? There are: {languages}",
                languages=tuple(LANGUAGE_WORDS[code] for code in sorted(texts)),
            ),
            _("For example: `!welcome remove pt`"),
        )
    language = named or next(iter(texts))
    ctx.confirm(
        _(
            "I say this no more in “{room}” ({language}): “{text}”",
            room=permissions.room_label(room),
            language=LANGUAGE_WORDS[language],
            text=texts[language],
        )
    )
    await _put(ctx, room.room, language, None, texts[language])
    return _("Changed. It stands in `!log`, which all of the room can read. To go back: `!undo`")


def _language_in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"language": LANGUAGE_WORDS[str(facts["language"])]}


feature.log_line("welcome", _("wrote the welcome ({language})"), values=_language_in_words)
feature.log_line("no_welcome", _("took the welcome away ({language})"), values=_language_in_words)


async def _put(
    ctx: Context, room: RoomId, language: str, said: str | None, before: str | None
) -> None:
    await store.set_text(ctx.db, room, language, said)
    act = "welcome" if said is not None else "no_welcome"
    await ctx.log(
        act,
        {"language": language},
        room=room,
        undo={"room": room, "language": language, "before": before},
    )


async def show_texts(ctx: Context) -> Answer:
    """Show the room's welcome in all languages. Anybody in the room may read it. Return what to
    say, if anything."""
    room = await ctx.choose_room()
    texts = await store.get_texts(ctx.db, room.room)
    if not texts:
        return [_("No welcome is written here, so I say nothing when somebody comes in."), EXAMPLE]
    wait = timedelta(seconds=int(await ctx.setting_value(greeting.WAIT, room.room)))
    lines = [
        Line("{language}: {text}", {"language": LANGUAGE_WORDS[code], "text": texts[code]})
        for code in sorted(texts)
    ]
    return [
        *lines,
        _("One for all who come within {span}: `!config welcome-wait 30 min`", span=Span(wait)),
    ]


@feature.undo("welcome")
@feature.undo("no_welcome")
async def undo_welcome(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Restore the text that the room's welcome had before a change, for `!undo`. Return what to
    say, if anything."""
    await store.set_text(ctx.db, RoomId(kept["room"]), str(kept["language"]), kept["before"])
    return None
