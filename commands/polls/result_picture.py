"""The picture of a result, for rooms that want pictures. It follows the result in words."""

from __future__ import annotations

from functools import partial

from bot.api import (
    Context,
    FileContent,
    Item,
    Line,
    Moment,
    RenderLine,
    SendFile,
    Setting,
    Switch,
    _,
    words,
)
from commands.poll_book import texts
from commands.polls import bar_chart, percentages, result_texts
from commands.polls.bar_chart import ChartBar
from commands.polls.declaration import feature
from commands.polls.outcome import PollOutcome
from commands.polls.percentages import OptionShare

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
    drawable = found.weight > 0 and not found.poll.rule.secret  # those counts may be withheld
    if not drawable or await ctx.setting_value(PICTURES, item.room) != "yes":
        return []
    language = (await ctx.policy_of_room(item.room)).language
    name = f"{FILE_STEM.in_language(language)}-{item.number}.png"
    caption = (
        result_texts.headline(found),
        *texts.count_lines(found.poll, found.result),
        texts.turnout_line(found.poll),
    )
    drawn = partial(_draw, found)
    return [SendFile(name, "image/png", drawn, caption=caption, room=item.room, item=item.number)]


def _draw(found: PollOutcome, tell: RenderLine) -> FileContent:
    """Draw the picture in the event loop: 15 ms for a few options, 80 ms for twenty.

    Measured on a busy machine with two cores. A thread would hold the transaction open as long.
    """
    poll = found.poll
    rows = [
        ChartBar(tell(one.label), tell(_votes_line(one)), one.part, one.won)
        for one in percentages.option_shares(found)
    ]
    footer = [tell(texts.turnout_line(poll))]
    if poll.ended is not None:
        footer.append(tell(_("It closed on {moment}.", moment=Moment(poll.ended))))
    return FileContent(*bar_chart.draw_bars(tell(texts.head_line(poll)), rows, " ".join(footer)))


def _votes_line(one: OptionShare) -> Line:
    """Return the votes with their share, `14 (56%)`, and how many more can come if need be."""
    said = Line("{votes} ({percent})", {"votes": one.votes, "percent": one.percent})
    if not one.percent:
        said = Line("{votes}", {"votes": one.votes})
    return _("{votes}, if need be: {maybe}", votes=said, maybe=one.maybe) if one.maybe else said
