"""What the network's moderators hear of the folder, each trouble once."""

from __future__ import annotations

from bot.api import Answer, Context, Line, _, tell_moderators
from commands.publishing.places.folder import State
from commands.publishing.places.rendering import RenderedFiles

_NOTHING_LOST = _("Nothing is lost: I try again by myself, and write it then.")
_OPERATOR = _("Whoever runs me can see more with: minga doctor")
TROUBLES: dict[State, tuple[Line, ...]] = {
    "away": (
        _("I can't write what became public: its folder is away, or I may not write there."),
        _NOTHING_LOST,
        _OPERATOR,
    ),
    "full": (
        _("I can't write what became public: the disk of its folder is full."),
        _NOTHING_LOST,
        _OPERATOR,
    ),
    "foreign": (
        _("In the folder for what is public lies something that is not mine."),
        _("I touch nothing of it, and write nothing there."),
        _OPERATOR,
    ),
    "forked": (
        _("In the folder for what is public stands something that I signed and don't know of."),
        _("So that there are no two truths, I write nothing there."),
        _OPERATOR,
    ),
}


async def tell_trouble(ctx: Context, state: State) -> Answer:
    """Tell the moderators why the folder can't be written."""
    return list(await tell_moderators(ctx, TROUBLES[state], sorted(ctx.defaults.moderators)))


async def tell_unfit(ctx: Context, rendered: RenderedFiles) -> Answer:
    """Tell the moderators of items that no page could be made of, and of unfit templates."""
    lines: list[Line] = []
    if rendered.unfit:
        numbers = tuple(sorted(rendered.unfit))
        lines += [
            _("I can make no page of {numbers}, so it stands in no folder.", numbers=numbers),
            _("All else is written. This is a fault of mine: please tell whoever runs me."),
        ]
    if not lines:
        return None
    return list(await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators)))
