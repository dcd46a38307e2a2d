"""Messages to a room about a joint decision: who takes part, and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.api import (
    EXPORT_ITEM,
    STOP_SHARING,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Say,
    SendFile,
    Span,
    UserError,
    _,
    items,
    quoted_line,
    verbatim,
)
from commands.joint_decisions import exclusions, question, result_texts, store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.home_result import wait_for_late_votes
from commands.joint_decisions.introduced_lines import room_lines
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.proof_check import write_proof
from commands.joint_decisions.statement import JointStatement
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import JointTerms

TOTALS = _("Only totals leave this network, and only after the end.")


def _waiting_line(terms: JointTerms) -> Line:
    """Return the line that says when our own vote is counted."""
    return _(
        "The result comes about {wait} after the end: votes sent in time may arrive late.",
        wait=Span(wait_for_late_votes(terms)),
    )


async def lines_above_vote(ctx: Context, one: JointDecision) -> tuple[Line, ...]:
    """Return the lines that stand in a room above its vote on a joint decision of linked
    networks."""
    known = await network_names(ctx, one)
    called = tuple(known[key] for key in one.terms.keys)
    lines = [_("A decision that several networks take together: {names}.", names=called)]
    if one.terms.about:
        lines.append(verbatim(quoted_line(one.terms.about)))
    return (*lines, *question.rule_lines(one.terms), TOTALS, _waiting_line(one.terms))


async def announce_opening(ctx: Context, one: JointDecision, part: Sequence[str]) -> list[Effect]:
    """Tell the room that proposed a joint decision which networks take part. Return the
    messages."""
    known = await network_names(ctx, one)
    inside = tuple(known[key] for key in one.terms.keys if key in part)
    others = tuple(known[key] for key in one.terms.keys if key not in part)
    lines = [_("Joint decision {number} is open: {names}.", number=one.item, names=inside)]
    if others:
        lines.append(_("Not taking part: {names}.", names=others))
    lines += [*question.rule_lines(one.terms), TOTALS, _waiting_line(one.terms)]
    return [Say(tuple(lines), room=one.room)]


async def _make_own_again(ctx: Context, one: JointDecision, told: str) -> None:
    """Make the decision our own again, and close it as joint. `told`: see `JointDecision`."""
    await store.put_decision(ctx.db, replace(one, told=told))
    await items.close(ctx.db, one.item)
    await stop_sharing(ctx, one)


async def stop_sharing(ctx: Context, one: JointDecision) -> None:
    """Make our vote on a joint decision our own again: it can be changed, and its end is told to no
    other network."""
    if one.poll is None:
        return
    for apart in ctx.registry.offers(STOP_SHARING.of("poll")):
        await apart(ctx, one.poll)


async def report_left_link(ctx: Context, one: JointDecision, *, part: bool) -> list[Effect]:
    """Tell the room with our vote on a joint decision that we left the link. Return the messages.
    `part`: we had said yes."""
    await _make_own_again(ctx, one, store.CALLED_OFF)
    if not part:
        return []
    line = _(
        "We left the link with the other networks, so our votes don't count in joint decision"
        " {number}, “{title}”. A vote that is open here is our own now.",
        number=one.item,
        title=question.title(one.terms),
    )
    return [Say((line,), room=one.room)]


async def report_alone(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Tell the room that no other network takes part in the joint decision; its vote goes on as our
    own. Return what to say."""
    await _make_own_again(ctx, one, store.ALONE)
    line = _(
        "No other network takes part in joint decision {number}. Our own vote goes on.",
        number=one.item,
    )
    return [Say((line,), room=one.room)]


async def report_called_off(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Tell the room what follows from the end of its own vote on a joint decision. Return what to
    say."""
    if await store.get_word(ctx.db, one.item, "open", one.terms.proposer):
        line = _(
            "In joint decision {number} we have no result now: the others see that. What comes"
            " out is told here.",
            number=one.item,
        )
    else:
        await store.put_decision(ctx.db, replace(one, told=store.CALLED_OFF))
        await items.close(ctx.db, one.item)
        line = _(
            "So joint decision {number} is off: the networks that were asked are told.",
            number=one.item,
        )
    return [Say((line,), room=one.room)]


async def announce_result(
    ctx: Context, one: JointDecision, found: JointStatement, *, again: bool
) -> list[Line | Effect]:
    """Tell the room a joint decision's result, the same as in every other network, and who was left
    out. Return what to say."""
    known = await network_names(ctx, one)
    lines = [
        _(
            "Joint decision {number}, “{title}”: {outcome}",
            number=one.item,
            title=question.title(one.terms),
            outcome=result_texts.outcome_line(one.terms, found),
        ),
        *result_texts.count_lines(one.terms, found),
    ]
    if again:
        lines.insert(0, _("More has come in from another network since; this is the result now."))
    ours = ctx.signer.public
    parts = sorted(found.parts, key=lambda p: (p.key != ours, known[p.key]))  # ours first
    lines += [result_texts.part_line(one.terms, p, known[p.key]) for p in parts]
    lines += exclusions.exclusion_lines(
        one.terms,
        await store.words_of_kind(ctx.db, one.item, "sign"),
        {p.key for p in found.parts},
        known,
    )
    introduced = await store.words_of_kind(ctx.db, one.item, "introduced")
    lines += room_lines(one.terms, introduced, {p.key for p in found.parts}, known, ours)
    lines.append(
        _(
            "What each network said is signed by it; to check it: `!export {number}`",
            number=one.item,
        )
    )
    return [Say(tuple(lines), room=one.room, loud=True, item=one.item)]


@feature.offers(EXPORT_ITEM.of("joint"))
async def export_proof(ctx: Context, item: Item) -> Answer:
    """Send everything that was signed about linked networks' joint decision as one file, which
    anybody can check offline. Return what to say, with the file. Raises `UserError` before there is
    a result.

    The file is the same in every network that has the same words, to the byte.
    """
    one = await store.get_decision(ctx.db, item.number)
    if one is not None and one.told == store.RESTORED:
        raise UserError(
            _("What was said in joint decision {number} is not all here.", number=item.number),
            _("I was restored from a copy: the other networks have its file."),
        )
    if one is not None and one.told in store.ENDINGS_WITHOUT_RESULT:
        raise UserError(
            _("Joint decision {number} came to nothing: it has no result.", number=item.number)
        )
    if one is None or one.told is None:
        raise UserError(_("Joint decision {number} has not ended yet.", number=item.number))
    data = write_proof(one.terms, await store.all_words(ctx.db, item.number))
    caption = _(
        "Joint decision {number}: to check it, `minga verify-result` and this file.",
        number=item.number,
    )
    phone = _("On a phone: `!export verifier` is a page that checks it in the browser.")
    name = f"minga-{item.number}.json"
    return [SendFile(name, "application/json", data, caption=(caption, phone))]
