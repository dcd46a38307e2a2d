"""Accept or turn down amendments: by who began the draft, a moderator, or the room's vote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Line,
    Number,
    Person,
    Say,
    UserError,
    _,
    is_author,
    items,
)
from commands.drafts import (
    amending,
    amendment_store,
    amendments,
    draft_limits,
    draft_store,
    lookup,
)
from commands.drafts.amendments import Amendment, AmendmentKind, AmendmentState, Conflict
from commands.drafts.declaration import feature
from commands.drafts.lookup import MeantDraft
from commands.drafts.paragraphs import Body, number_of, text_of

feature.log_line("accepted", _("accepted amendment {number} to another person's draft"))
feature.log_line("rejected", _("turned down amendment {number} to another person's draft"))


async def accept(ctx: Context, one: Amendment, meant: MeantDraft) -> Answer:
    """Make an amendment the draft's next version. Return what to say, if anything.

    If the draft was changed since at the same place, and both changes can be merged, raises
    `AnswerNeeded`, which asks whether to do so. Raises `UserError` if they can't be merged, without
    the right to decide on it, and for an amendment that is decided or that the room votes on.
    """
    await _require_decider(ctx, one, meant)
    await _require_paragraph_free(ctx, one)
    after = await _apply(ctx, one, meant)
    if isinstance(after, Conflict):
        after = await _merge(ctx, one, meant, after)
    if not is_author(ctx, meant.item):
        await ctx.log("accepted", {"number": one.item}, room=meant.item.room)
    return await carry_out(ctx, one, meant, after)


async def _require_decider(ctx: Context, one: Amendment, meant: MeantDraft) -> None:
    """Raise `UserError` unless the person may decide on an open amendment, and nobody else does."""
    amending.require_open(one)
    if not await ctx.may_change(meant.item):
        raise UserError(
            _("You can't decide on {number}: that is for who began the draft.", number=one.item),
            _("To have the room decide: `!proposal {number}`", number=one.item),
        )
    await lookup.require_changeable(ctx, meant)
    await amending.require_no_vote(ctx, one.item)


async def _require_paragraph_free(ctx: Context, one: Amendment) -> None:
    """Raise `UserError` while the room votes on another amendment of the same paragraph."""
    for other in await amendment_store.open_amendments(ctx.db, one.draft):
        if other.item != one.item and amendments.same_place(other.change, one.change):
            await amending.require_no_vote(ctx, other.item)


async def _apply(ctx: Context, one: Amendment, meant: MeantDraft) -> Body | Conflict:
    base = await amending.base_body(ctx, one)
    return amendments.apply_change(one.change, base, meant.body, meant.draft.next_key)


async def require_fitting(ctx: Context, one: Amendment, meant: MeantDraft) -> None:
    """Raise `UserError` for an amendment that does not fit the draft's present version as it is."""
    found = await _apply(ctx, one, meant)
    if isinstance(found, Conflict):
        raise amending.gone_error(one, meant) if found.gone else _changed_error(one, meant)


def _changed_error(one: Amendment, meant: MeantDraft) -> UserError:
    """Return the refusal of a change of what says something else now, with the way to go on."""
    name, number = meant.draft.name, number_of(meant.body, one.change.paragraph)
    deletes = one.change.kind is AmendmentKind.DELETE
    return UserError(
        changed_line(one, meant),
        _("It says now: {text}", text=text_of(meant.body, one.change.paragraph)),
        _("To take it out as it is now: `!amend {name} delete {number}`", name=name, number=number)
        if deletes
        else _("To write it anew for that: `!amend {number}: new text`", number=one.item),
    )


def changed_line(one: Amendment, meant: MeantDraft) -> Line:
    """Return the line that says that the paragraph of an amendment has changed since."""
    return _(
        "Paragraph {number} has changed since amendment {amendment} was written.",
        number=number_of(meant.body, one.change.paragraph),
        amendment=one.item,
    )


async def _merge(ctx: Context, one: Amendment, meant: MeantDraft, found: Conflict) -> Body:
    """Return the body with both changes, once confirmed. Raises `UserError` where there is none."""
    if found.gone:
        raise amending.gone_error(one, meant)
    if found.merged is None:
        raise _changed_error(one, meant)
    answer = ctx.ask(
        "merge",
        YES_NO,
        changed_line(one, meant),
        _("Both changes fit together. It would say: {text}", text=found.merged),
        _("Accept it like that? `yes` or `no`"),
    )
    if answer != "yes":
        raise UserError(_("I left it as it was."))
    return amendments.replace_paragraph(meant.body, one.change.paragraph, found.merged)


async def carry_out(ctx: Context, one: Amendment, meant: MeantDraft, body: Body) -> Answer:
    """Store the version of a draft that an amendment makes, and tell the room. Return what to say,
    if anything. Raises `UserError` if the draft takes no more versions, or if the change doesn't
    fit its text any more."""
    draft_limits.require_version_left(meant)
    draft_limits.require_fit(body)
    draft = await draft_store.add_version(ctx.db, meant.draft, body, one.who, ctx.said_at, one.item)
    await _close(ctx, one.item, AmendmentState.ACCEPTED)
    told = _(
        "Amendment {number} is accepted: “{name}” is version {version} now.",
        number=one.item,
        name=draft.name,
        version=draft.version,
    )
    stuck = await _stuck_lines(ctx, draft.item, body)
    return _tell(ctx, meant, one.item, told, *stuck)


async def _stuck_lines(ctx: Context, draft: Number, body: Body) -> list[Line]:
    """Name the open amendments that do not fit the new version as they are written."""
    changed: list[Number] = []
    gone: list[Number] = []
    for other in await amendment_store.open_amendments(ctx.db, draft):
        base = await amending.base_body(ctx, other)
        after = amendments.apply_change(other.change, base, body, 0)
        if isinstance(after, Conflict):
            (gone if after.gone else changed).append(other.item)
    lines: list[Line] = []
    if changed:
        lines += [
            _(
                "These do not fit any more, as their paragraph changed: {numbers}",
                numbers=_listed(changed),
            ),
            _("To see whether both fit: `!I agree {number}`", number=changed[0]),
            _("To write it anew: `!amend {number}: new text`", number=changed[0]),
        ]
    if gone:
        lines.append(
            _("These have no paragraph any more, as it is gone: {numbers}", numbers=_listed(gone))
        )
    return lines


def _listed(numbers: Sequence[Number]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


async def reject(ctx: Context, one: Amendment, meant: MeantDraft) -> Answer:
    """Turn an amendment down, if the person may decide on it. Return what to say, if anything.
    Raises `UserError` if it is not open, if the person may not decide, and while the room votes on
    it."""
    await _require_decider(ctx, one, meant)
    await _close(ctx, one.item, AmendmentState.REJECTED)
    if not is_author(ctx, meant.item):
        await ctx.log("rejected", {"number": one.item}, room=meant.item.room)
    told = _(
        "Amendment {number} to “{name}” is not accepted. The text stays as it was.",
        number=one.item,
        name=meant.draft.name,
    )
    return _tell(ctx, meant, one.item, told)


async def withdraw(ctx: Context, one: Amendment, meant: MeantDraft) -> Answer:
    """Take an open amendment back, for the person who proposed it. Return what to say, if anything.
    Raises `UserError` if it is not open, and while the room votes on it."""
    amending.require_open(one)
    await amending.require_no_vote(ctx, one.item)
    await _close(ctx, one.item, AmendmentState.WITHDRAWN)
    told = _(
        "{person} takes amendment {number} to “{name}” back.",
        person=Person(ctx.who),
        number=one.item,
        name=meant.draft.name,
    )
    return _tell(ctx, meant, one.item, told)


async def _close(ctx: Context, number: Number, state: AmendmentState) -> None:
    await amendment_store.set_state(ctx.db, number, state)
    await items.close(ctx.db, number)


def _tell(ctx: Context, meant: MeantDraft, item: Number, *lines: Line) -> Answer:
    """Tell the draft's room, and in private whoever decided there."""
    said = Say(lines, room=meant.item.room, item=item, thread=ctx.origin.thread)
    return [said] if meant.item.room == ctx.room else [lines[0], said]


async def carry_out_vote(ctx: Context, one: Amendment, meant: MeantDraft) -> Answer:
    """Make the amendment that the room voted for the draft's next version, or say why that can't
    be. Return what to say, if anything.

    What the room voted for is never merged with another text.
    """
    after = await _apply(ctx, one, meant)
    if isinstance(after, Conflict):
        why = (
            amending.gone_error(one, meant).lines
            if after.gone
            else (
                _("Its paragraph has changed since it was written."),
                _("Write it anew: `!amend {number}: new text`", number=one.item),
            )
        )
        cannot = _("The room accepted amendment {number}, and it does not fit.", number=one.item)
        return _tell(ctx, meant, one.item, cannot, *why)
    return await carry_out(ctx, one, meant, after)


async def note_refusal(ctx: Context, one: Amendment, meant: MeantDraft) -> Answer:
    """Close an amendment against which the room voted. Return what to say, if anything."""
    await _close(ctx, one.item, AmendmentState.REJECTED)
    told = _(
        "Amendment {number} to “{name}” is not accepted. The text stays as it was.",
        number=one.item,
        name=meant.draft.name,
    )
    return _tell(ctx, meant, one.item, told)
