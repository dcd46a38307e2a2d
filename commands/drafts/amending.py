"""Propose amendments, and write one anew that does not fit any more."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Line, Number, Say, UserError, _, is_author, items, one_line
from commands.drafts import (
    amendment_store,
    amendments,
    draft_limits,
    draft_store,
    lookup,
    request_parser,
    texts,
)
from commands.drafts.amendments import (
    BEGINNING,
    Amendment,
    AmendmentKind,
    AmendmentState,
    Change,
)
from commands.drafts.declaration import MOST_OPEN
from commands.drafts.lookup import MeantDraft
from commands.drafts.paragraphs import Body, number_of, text_of
from commands.drafts.request_parser import AmendmentRequest


async def propose(ctx: Context, meant: MeantDraft, wanted: AmendmentRequest) -> Answer:
    """Store an amendment to a draft and show what it changes. Return what to say, if anything.
    Raises `UserError` for one that can't be made."""
    await lookup.require_changeable(ctx, meant)
    change = plan_change(meant, wanted)
    waiting = await amendment_store.open_amendments(ctx.db, meant.draft.item)
    if len(waiting) >= MOST_OPEN:
        raise UserError(
            _("{count} amendments wait here already; first some of them.", count=MOST_OPEN),
            _("Those that wait: `!amend {name}`", name=meant.draft.name),
        )
    for one in waiting:
        if replace(one.change, base=0) == replace(change, base=0):
            raise UserError(
                _("Amendment {number} says just that already.", number=one.item),
                _("To have the room decide on it: `!proposal {number}`", number=one.item),
            )
    number = await ctx.add_item("amendment", meant.draft.name, meant.item.room)
    await amendment_store.add_amendment(ctx.db, number, meant.draft.item, change, ctx.who)
    return _shown(ctx, meant, number, change, waiting)


def _shown(
    ctx: Context,
    meant: MeantDraft,
    number: Number,
    change: Change,
    waiting: list[Amendment],
) -> Answer:
    """Return what the room reads of an amendment, and a line for who typed it elsewhere."""
    others = [
        one.item
        for one in waiting
        if one.item != number and amendments.same_place(one.change, change)
    ]
    head = _("Amendment {number} to “{name}”:", number=number, name=meant.draft.name)
    lines: tuple[Line, ...] = (
        head,
        *texts.change_lines(change, meant.body),
        *texts.conflict_lines(others, number_of(meant.body, change.paragraph)),
        _("Who began the draft accepts it: `!I agree {number}`", number=number),
        _("Or the room decides: `!proposal {number}`", number=number),
    )
    said = Say(lines, room=meant.item.room, item=number, slot="opening", loud=True)
    if meant.item.room == ctx.room:
        return [said]
    return [head, *texts.change_lines(change, meant.body), said]


def plan_change(meant: MeantDraft, wanted: AmendmentRequest) -> Change:
    """Return the change of the draft's present version that was typed. Raises `UserError` for a
    paragraph or words that the version has not, for a change that changes nothing, and for too much
    text."""
    body, version = meant.body, meant.draft.version
    if wanted.kind is AmendmentKind.ADD:
        number = len(body) if wanted.number is None else wanted.number
        after = _paragraph_key(meant, number) if number else BEGINNING
        change = Change(AmendmentKind.ADD, after, wanted.text, version)
    elif wanted.phrase:
        change = _phrase_change(meant, wanted)
    else:
        key = _paragraph_key(meant, wanted.number or 0)
        change = Change(wanted.kind, key, wanted.text, version)
    require_sense(body, change, meant.draft.next_key)
    return change


def _paragraph_key(meant: MeantDraft, number: int) -> int:
    """Return the key of the paragraph with this number. Raises `UserError` if there is none."""
    if not 1 <= number <= len(meant.body):
        raise UserError(
            _(
                "“{name}” has no paragraph {number}: it has 1 to {last}.",
                name=meant.draft.name,
                number=number,
                last=len(meant.body),
            ),
            _("To read it: `!draft {name}`", name=meant.draft.name),
        )
    return meant.body[number - 1].key


def _phrase_change(meant: MeantDraft, wanted: AmendmentRequest) -> Change:
    """Return the change of some words. Raises `UserError` unless they stand in one place."""
    body = meant.body
    if wanted.number is not None:
        body = tuple(one for one in body if one.key == _paragraph_key(meant, wanted.number or 0))
    places = sum(one.text.count(wanted.phrase) for one in body)
    if places != 1:
        raise UserError(
            _(
                "The words “{words}” stand there {count} times.",
                words=wanted.phrase[:60],
                count=places,
            ),
            _(
                "With the whole paragraph it is clear: `!amend {name} 3: new text`",
                name=meant.draft.name,
            ),
        )
    one = next(one for one in body if wanted.phrase in one.text)
    text = one_line(one.text.replace(wanted.phrase, wanted.text))
    return Change(AmendmentKind.CHANGE, one.key, text, meant.draft.version)


def require_sense(body: Body, change: Change, key: int) -> None:
    """Raise `UserError` for a change of a draft that is empty, changes nothing or makes the text
    too long."""
    if change.kind is not AmendmentKind.DELETE and not any(map(str.isalnum, change.text)):
        raise request_parser.example_error()
    if change.kind is AmendmentKind.CHANGE and text_of(body, change.paragraph) == change.text:
        raise UserError(
            _("Paragraph {number} says that already.", number=number_of(body, change.paragraph))
        )
    after = amendments.apply_change(change, body, body, key)
    assert not isinstance(after, amendments.Conflict)
    draft_limits.require_fit(after)


async def rewrite(ctx: Context, one: Amendment, meant: MeantDraft, text: str) -> Answer:
    """Replace an open amendment by another change of the present version. Its author and the
    draft's may. Return what to say, if anything.

    Raises `UserError` if it is not open or is voted on, for others, and for a change that
    `plan_change` refuses.
    """
    item = await items.get(ctx.db, one.item)
    if item is None or not (is_author(ctx, item) or await ctx.may_change(meant.item)):
        raise UserError(
            _("You can't write {number} anew: that is for who proposed it.", number=one.item),
            _("With a number of its own: `!amend {name} 3: new text`", name=meant.draft.name),
        )
    require_open(one)
    await lookup.require_changeable(ctx, meant)
    await require_no_vote(ctx, one.item)
    number = number_of(meant.body, one.change.paragraph)
    kind = AmendmentKind.CHANGE if one.change.kind is AmendmentKind.DELETE else one.change.kind
    change = Change(
        kind, one.change.paragraph, one_line(text.strip().strip('"')), meant.draft.version
    )
    if not number and one.change.kind is not AmendmentKind.ADD:
        raise gone_error(one, meant)
    if not number and change.paragraph != BEGINNING:
        change = replace(change, paragraph=meant.body[-1].key)
    require_sense(meant.body, change, meant.draft.next_key)
    await amendment_store.rewrite(ctx.db, one.item, change)
    waiting = await amendment_store.open_amendments(ctx.db, meant.draft.item)
    return _shown(ctx, meant, one.item, change, waiting)


def gone_error(one: Amendment, meant: MeantDraft) -> UserError:
    """Return the refusal to change a paragraph that was removed, and how to keep its words."""
    return UserError(
        _("The paragraph that {number} changes is gone.", number=one.item),
        _(
            "To have its words all the same: `!amend {name} add: its text`",
            name=meant.draft.name,
        ),
    )


def require_open(one: Amendment) -> None:
    """Raise `UserError` for an amendment that was accepted, rejected or withdrawn."""
    if one.state is not AmendmentState.OPEN:
        told = {
            AmendmentState.ACCEPTED: _("Amendment {number} was accepted already.", number=one.item),
            AmendmentState.REJECTED: _("Amendment {number} was not accepted.", number=one.item),
            AmendmentState.WITHDRAWN: _("Amendment {number} was taken back.", number=one.item),
        }
        raise UserError(told[one.state])


async def require_no_vote(ctx: Context, number: Number) -> None:
    """Raise `UserError` if the room is voting on this amendment."""
    poll = await lookup.open_vote(ctx.db, number)
    if poll is not None:
        raise UserError(
            _("The room decides on {number} in proposal {poll}.", number=number, poll=poll),
            _("How it goes: `!results {poll}`", poll=poll),
        )


async def base_body(ctx: Context, one: Amendment) -> Body:
    """Return the paragraphs of the version for which an amendment was written."""
    found = await draft_store.get_version(ctx.db, one.draft, one.change.base)
    return found.body if found else ()
