"""The picture of a result, for rooms that want pictures. It follows the result in words."""

from __future__ import annotations

from functools import partial

from bot.api import Context, Item, Line, Made, Moment, SendFile, Setting, Switch, Tell, _, words
from commands.polls import texts
from commands.polls.declaration import feature
from commands.polls.records import bar_chart, percentages
from commands.polls.records.bar_chart import Row
from commands.polls.records.outcome import Outcome
from commands.polls.records.percentages import Share

PICTURES = Setting(
    "pictures",
    words("imagenes", "imagens", "pictures", "imágenes"),
    Switch(),
    "no",
    _("Whether a small picture of the bars follows each result."),
)
feature.settings.append(PICTURES)
NAME = words("resultado", "resultado", "result")


async def of(ctx: Context, item: Item, found: Outcome) -> list[SendFile]:
    """Return the picture of a result, or nothing if the room does not want it or it is secret."""
    drawable = found.weight > 0 and not found.poll.rule.secret  # those counts may be withheld
    if not drawable or await ctx.setting(PICTURES, item.room) != "yes":
        return []
    language = (await ctx.for_room(item.room)).language
    name = f"{NAME.in_language(language)}-{item.number}.png"
    caption = (
        texts.headline(found),
        *texts.counts(found.poll, found.result),
        texts.turnout(found.poll),
    )
    drawn = partial(_drawn, found)
    return [SendFile(name, "image/png", drawn, caption=caption, room=item.room, item=item.number)]


def _drawn(found: Outcome, tell: Tell) -> Made:
    """Draw the picture in the event loop: 15 ms for a few options, 80 ms for twenty.

    Measured on a busy machine with two cores. A thread would hold the transaction open as long.
    """
    poll = found.poll
    rows = [
        Row(tell(one.label), tell(_got(one)), one.part, one.won) for one in percentages.of(found)
    ]
    footer = [tell(texts.turnout(poll))]
    if poll.ended is not None:
        footer.append(tell(_("It closed on {moment}.", moment=Moment(poll.ended))))
    return Made(*bar_chart.bars(tell(texts.head(poll)), rows, " ".join(footer)))


def _got(one: Share) -> Line:
    """Return the votes with their share, `14 (56%)`, and how many more can come if need be."""
    said = Line("{votes} ({percent})", {"votes": one.votes, "percent": one.percent})
    if not one.percent:
        said = Line("{votes}", {"votes": one.votes})
    return _("{votes}, if need be: {maybe}", votes=said, maybe=one.maybe) if one.maybe else said
