"""The picture of a result, for rooms that want pictures. It follows the result in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.api import (
    Context,
    FileContent,
    Item,
    Line,
    RenderLine,
    SendFile,
    Setting,
    Switch,
    _,
    n_,
    words,
)
from commands.poll_book import bar_chart, texts
from commands.poll_book.bar_chart import ChartBar
from commands.polls import outcome, result_texts
from commands.polls.declaration import feature
from commands.polls.outcome import OptionShare, PollOutcome

PICTURES = Setting(
    "pictures",
    words("imágenes", "imagens", "pictures"),
    Switch(),
    "no",
    _("Whether a small picture of the bars follows each result."),
)
feature.settings.append(PICTURES)
FILE_STEM = words("resultado", "resultado", "result")


async def result_pictures(ctx: Context, item: Item, found: PollOutcome) -> list[SendFile]:
    """Return the picture of a result, or nothing if the room does not want it or it is secret."""
    wanted = not found.poll.is_show_of_hands
    drawable = (
        wanted and found.weight > 0 and not found.poll.rule.secret
    )  # those counts may be withheld
    if not drawable or await ctx.setting_value(PICTURES, item.room) != "yes":
        return []
    language = (await ctx.policy_of_room(item.room)).language
    name = f"{FILE_STEM.in_language(language)}-{item.number}.png"
    caption = (result_texts.headline(found),)  # a client shows it beside the words of the result
    drawn = partial(_draw, found)
    return [SendFile(name, "image/png", drawn, caption=caption, room=item.room, item=item.number)]


def _draw(found: PollOutcome, tell: RenderLine) -> FileContent:
    """Draw the picture in the event loop: 15 ms for a few options, 80 ms for twenty.

    Measured on a busy machine with two cores. A thread would hold the transaction open as long.
    """
    poll = found.poll
    shares = outcome.option_shares(found)
    shown = _most_voted(shares)
    rows = [ChartBar(tell(one.label), tell(_votes_line(one)), one.part, one.won) for one in shown]
    left = len(shares) - len(shown)
    footer = texts.turnout_line(poll)
    if left:
        footer = n_(
            "{count} more option, in words above.", "{count} more options, in words above.", left
        )
    return FileContent(*bar_chart.draw_bars(tell(texts.head_line(poll)), rows, tell(footer)))


def _most_voted(shares: Sequence[OptionShare]) -> list[OptionShare]:
    """Return the options that fit on the picture, those with the most votes, in their order."""
    most = sorted(shares, key=lambda one: -one.part)[: bar_chart.MOST_BARS]
    return [one for one in shares if one in most]


def _votes_line(one: OptionShare) -> Line:
    """Return the votes with their share, `14 (56%)`, and how many more can come if need be."""
    said = Line("{votes} ({percent})", {"votes": one.votes, "percent": one.percent})
    if not one.percent:
        said = Line("{votes}", {"votes": one.votes})
    return _("{votes}, if need be: {maybe}", votes=said, maybe=one.maybe) if one.maybe else said
