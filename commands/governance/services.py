"""The services of governance for other capabilities."""

from __future__ import annotations

from bot.api import (
    BEING_DECIDED,
    DESCRIBE_LOG_ENTRY,
    EXPORT_PERSON,
    FORGET,
    PENDING_OF_KIND,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Number,
    RoomId,
    Say,
    UserId,
    _,
    is_in,
    items,
    log,
    n_,
    verbatim,
)
from commands.governance import requests, room_decisions, rule_text, store
from commands.governance.declaration import ORPHANED_JOB, feature
from commands.governance.rules import GovernanceRule
from commands.governance.store import StoredRequest

feature.rows("governance_rule", room="room", on_clash="drop")
feature.rows("governance_wish", room="room", text="payload", on_forget="code")
feature.rows("governance_yes", person="person", on_forget="code")

PAGE_SIZE = 10


@feature.offers(DESCRIBE_LOG_ENTRY)
async def describe_log_entry(ctx: Context, entry: log.LogEntry) -> Line | None:
    """Return the line about a changed rule in a room's log, whose title the registry knows."""
    facts = entry.facts
    if entry.act == "rule" and "key" in facts:
        was, now = (_rule(facts.get(name)) for name in ("before", "after"))
        return _(
            "{title}: {before} → {after}",
            title=rule_text.rule_title(ctx, str(facts["key"])),
            before=was,
            after=now,
        )
    return None


def _rule(kept: object) -> Line:
    if isinstance(kept, dict):
        return rule_text.describe_rule(GovernanceRule.from_json(kept))
    return Line("{none}", {"none": rule_text.NO_RULE_WORDS})


@feature.offers(BEING_DECIDED)
async def requests_being_decided(ctx: Context, room: RoomId) -> list[Item]:
    """Return the acts in a room that wait for approval or a vote."""
    return await items.open_in(ctx.db, room, "wish")


@feature.offers(PENDING_OF_KIND.of("wish"))
async def list_waiting_requests(ctx: Context, room: RoomId) -> list[Line]:
    """List the requests that wait for moderators, a line each, and return them. Decisions of the
    room are listed as polls."""
    found = await store.waiting_requests(ctx.db, room, PAGE_SIZE)
    return [
        _(
            "Number {number} waits for moderators: {what}. `!support {number}`",
            number=one.item,
            what=verbatim(one.title),
        )
        for one in found
        if one.poll is None
    ]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """End the open requests about a person who is to be forgotten, and delete what they approved.
    Return lines that say what goes on without their name.

    A request that protects a room from them goes on, without their name, while they are in it.
    """
    goes_on = 0
    for kept in await store.requests_about(ctx.db, person):
        if not kept.open:
            continue
        if await _protects_from(ctx, kept, person):
            await store.hide_person(ctx.db, kept, person)
            goes_on += 1
            continue
        await requests.close_request(ctx, kept)
        await ctx.schedule(ORPHANED_JOB, ctx.now, item=kept.item, room=kept.room)
    await store.forget_person(ctx.db, person)
    asked = len(await store.requests_of_person(ctx.db, person))
    line = n_(
        "{count} thing that you wanted done here goes on without your name",
        "{count} things that you wanted done here go on without your name",
        asked,
    )
    about = n_(
        "your name in {count} thing that others decide about you: it goes on without it",
        "your name in {count} things that others decide about you: they go on without it",
        goes_on,
    )
    return [*([line] if asked else []), *([about] if goes_on else [])]


async def _protects_from(ctx: Context, kept: StoredRequest, person: UserId) -> bool:
    """Return whether the request protects others from a person who is still here.

    Asking to be forgotten is no way out of that.
    """
    known = ctx.registry.acts.get(kept.act)
    if known is None or not known[1].urgent or kept.payload.get("person") != person:
        return False  # for instance giving them a role, which is pointless now
    return await is_in(ctx, kept.room, person)


@feature.runs(ORPHANED_JOB)
async def end_orphaned_request(ctx: Context, job: Job) -> list[Effect]:
    """End a request for an act whose person left or was forgotten. Return what to send."""
    number = job.item
    kept = await store.get_request(ctx.db, Number(number)) if number is not None else None
    if kept is None:
        return []
    why = _("there is nothing left to decide.")
    if kept.poll is not None:
        return await room_decisions.withdraw_vote(ctx, kept, why)
    over = _(
        "Number {number}, “{what}”, is over: {why}",
        number=kept.item,
        what=verbatim(kept.title),
        why=why,
    )
    return [Say((over,), room=kept.room, item=kept.item)]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """List the waiting requests that a person made or approved."""
    return [
        _(
            "You want, with others: {what} (number {number})",
            what=verbatim(one.title),
            number=one.item,
        )
        for one in await store.requests_of_person(ctx.db, person)
    ]
