"""Build the lines that show offers and needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import Day, Edit, Line, MessageRef, Words, _, shorten_line
from commands.exchange.args import KINDS
from commands.exchange.store import NEED, Post

LONGEST_SHOWN = 120
_TAGS_BEHIND = re.compile(r"(?<=\S)(?:\s+#[^\W_][\w-]{0,39})+$")


def shown_text(text: str) -> str:
    """Return a post's text without the themes typed behind it, which are facts of their own."""
    return _TAGS_BEHIND.sub("", text)


def shorten_text(text: str) -> str:
    """Return a post's text without the themes behind it, cut to what a line shows."""
    return shorten_line(shown_text(text), most=LONGEST_SHOWN)


def post_name(post: Post) -> Line:
    """Return the side and the number of a post, as in `need 57`."""
    if post.side == NEED:
        return _("need {number}", number=post.item)
    return _("offer {number}", number=post.item)


def post_facts(post: Post) -> tuple[object, ...]:
    """Return what is said in a line below a need or offer: the network it comes from, its kind,
    themes and place, and until when it stands; each only if it has one."""
    behind = _TAGS_BEHIND.search(post.text)
    themes = tuple(behind[0].split()) if behind else ()
    kind: Sequence[Words] = (KINDS[post.kind],) if post.kind else ()
    place = (post.place,) if post.place else ()
    origin = (_("of {network}", network=post.origin),) if post.origin else ()
    return (*origin, *kind, *themes, *place, _("until {day}", day=Day(post.until, post.zone)))


def post_line(post: Post, *, mine: bool = False) -> Line:
    """Return a need or offer as a line of a list. `mine` marks it as the reader's own."""
    told = (*post_facts(post), *((_("yours"),) if mine else ()))
    return _(
        "{number}: “{text}” · {facts}", number=post.item, text=shorten_text(post.text), facts=told
    )


def open_post_lines(post: Post) -> tuple[Line, ...]:
    """Return the message about a need or offer in its room. It does not say whose post it is."""
    about = {"number": post.item, "text": shown_text(post.text), "facts": post_facts(post)}
    if post.side == NEED:
        return (
            _("Need {number}: “{text}” · {facts}", **about),
            _(
                "Can you? `!interested {number}` (names pass only if both say yes). To take it"
                " back: `!cancel {number}`",
                number=post.item,
            ),
        )
    return (
        _("Offer {number}: “{text}” · {facts}", **about),
        _(
            "Of use to you? `!interested {number}` (names pass only if both say yes). To take it"
            " back: `!cancel {number}`",
            number=post.item,
        ),
    )


def draft_lines(post: Post) -> tuple[Line, ...]:
    """Return lines with the content of a need or offer that has no number yet."""
    about = {"text": shown_text(post.text), "facts": post_facts(post)}
    if post.side == NEED:
        return (_("Need: “{text}” · {facts}", **about),)
    return (_("Offer: “{text}” · {facts}", **about),)


def edit_message(post: Post) -> Edit:
    """Return the edit that brings the message about a need or offer up to date."""
    return Edit(MessageRef(post.item, "post"), open_post_lines(post), room=post.room)


def closed_post_lines(post: Post) -> tuple[Line, ...]:
    """Return the message about a need or offer that is over, with how it ended."""
    about = {"number": post.item, "text": shown_text(post.text), "how": _end_reason(post)}
    if post.side == NEED:
        return (_("Need {number}: “{text}” · {how}", **about),)
    return (_("Offer {number}: “{text}” · {how}", **about),)


def _end_reason(post: Post) -> Line:
    return {"done": _("it is fulfilled"), "withdrawn": _("it was taken back")}.get(
        post.state, _("its time is over")
    )
