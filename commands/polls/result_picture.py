"""The picture of a result, for rooms that want pictures and for whoever asks for one.

The result in words always stands before it. What the picture adds, the shares, is its caption: that
is what clients read aloud in place of a picture (Matrix has no other field for it).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from bot.api import (
    Context,
    FileContent,
    Item,
    Line,
    RenderLine,
    RoomId,
    SendFile,
    Setting,
    Switch,
    UserId,
    _,
    fold,
    n_,
    verbatim,
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


_PICTURE_WORD = re.compile(
    r"\b(?:con |como |en |com |em |as a |as an |with a |in a )?(?:una |uma |un |um )?"
    r"(?:imagen|imagem|image|picture|pic|grafic[oa]|graph|chart|foto|photo|barras|bars|figura"
    r"|dibujo|desenho)"
    r"\b"
)


feature.stands_for(
    words("imagen", "imagem", "picture", "gráfico | gráfico | graph, chart, pic"),
    "results",
    is_kept=True,
    by_number=True,
)


def asks_for_picture(text: str) -> bool:
    """Return whether the words behind `!results` ask for a picture of the counts."""
    return _PICTURE_WORD.search(fold(text)) is not None


def without_picture(text: str) -> str:
    """Return the words behind `!results` without those that ask for a picture."""
    return _PICTURE_WORD.sub("", fold(text)) if asks_for_picture(text) else text


async def result_pictures(ctx: Context, item: Item, found: PollOutcome) -> list[SendFile]:
    """Return the picture that follows a poll's result, or nothing if the room does not want it."""
    if found.poll.is_show_of_hands or await ctx.setting_value(PICTURES, item.room) != "yes":
        return []
    return await draw_result(ctx, item, found, room=item.room)


async def draw_result(
    ctx: Context,
    item: Item,
    found: PollOutcome,
    *,
    room: RoomId | None = None,
    to: UserId | None = None,
) -> list[SendFile]:
    """Return the picture of a poll's counts, or nothing while none are shown.

    It goes to the room or the person, or else to where it was asked for.
    """
    poll = found.poll
    shown = poll.ended is not None or (poll.rule.interim and not poll.rule.secret)
    if not shown or found.hidden or not found.weight:
        return []
    place = await (ctx.policy_of_person(to) if to else ctx.policy_of_room(room or ctx.room))
    name = f"{FILE_STEM.in_language(place.language)}-{item.number}.png"
    drawn, caption = partial(_draw, found), (_caption(found),)
    return [SendFile(name, "image/png", drawn, caption=caption, room=room, to=to, item=item.number)]


def _caption(found: PollOutcome) -> Line:
    """Return on one line what the picture shows besides the counts, which are said before it.

    Options stand one after another, for who hears them, and no sign stands between.
    """
    ended = found.poll.ended is not None
    said = result_texts.headline(found) if ended else texts.head_line(found.poll)
    shares = [one for one in _most_voted(outcome.option_shares(found)) if one.percent]
    if not shares:
        return said
    lines = [Line("{label}, {part}", {"label": one.label, "part": one.percent}) for one in shares]
    told = lines[0]
    for one in lines[1:]:
        told = Line("{before}; {one}", {"before": told, "one": one})
    if not ended:
        return _("Of those who voted so far: {shares}. {poll}", shares=told, poll=said)
    return _("{outcome} Of those who voted: {shares}.", outcome=said, shares=told)


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
    so_far = _("The counts so far")
    came_out = tell(result_texts.short_outcome(found) if poll.ended else so_far)
    came_out = came_out[:1].upper() + came_out[1:]
    title = tell(verbatim(poll.title))
    return FileContent(*bar_chart.draw_bars(title, came_out, rows, tell(footer)))


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
