"""Requests to accept new rules: all members are asked in private, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import Answer, Context, Effect, Job, Line, Moment, Person, UserId, _, n_, rooms
from commands.rules import gate, store
from commands.rules.declaration import ASK_RULES_JOB, feature

WAVE = 10
"""How many members are asked at a time."""
PAUSE = timedelta(seconds=10)
SHOWN = 20


async def network_members(ctx: Context) -> list[UserId]:
    """Return everybody who is in a room of the network, without the bot."""
    found: set[UserId] = set()
    for room in await rooms.network_rooms(ctx.db):
        found |= set(await rooms.members(ctx.db, room.room))
    return sorted(found - {ctx.me})


async def ask_for_acceptance(ctx: Context, people: Sequence[UserId]) -> None:
    """Store that these people are to be asked to accept the newest rules, and schedule that the
    first of them are asked now. Whoever was still to be asked before and is not among them is asked
    no more."""
    await store.set_people_to_ask(ctx.db, people)
    await ctx.schedule(ASK_RULES_JOB, ctx.now)


@feature.runs(ASK_RULES_JOB)
async def ask_next_members(ctx: Context, _job: Job) -> Answer:
    """Ask the next `WAVE` members to accept the new rules, and schedule the rest. Members who have
    accepted meanwhile are not asked. Return what to say, if anything."""
    rules = await store.current_rules(ctx.db)
    people = await store.take_people_to_ask(ctx.db, WAVE)
    if rules is None or not people:
        return None
    await ctx.schedule(ASK_RULES_JOB, ctx.now + PAUSE)
    done = await store.people_accepted(ctx.db, rules.version)
    effects: list[Effect] = [
        gate.rules_message(ctx, rules, person, _("The rules of the network have changed."))
        for person in people
        if person not in done
    ]
    return effects


async def missing_acceptances(ctx: Context) -> list[Line]:
    """Return lines for `!requests`: who waits to accept the rules, and which members have not
    accepted."""
    rules = await store.current_rules(ctx.db)
    if rules is None:
        return []
    lines = [
        _(
            "{person}: let in, has yet to accept the rules since {since}",
            person=Person(one.person, full=True),
            since=Moment(one.since, with_zone=False),
        )
        for one in await store.held_admissions(ctx.db)
    ][:SHOWN]
    done = await store.people_accepted(ctx.db, rules.version)
    people = [person for person in await network_members(ctx) if person not in done]
    if people:
        named = tuple(Person(person) for person in people[:SHOWN])
        lines.append(
            n_(
                "{count} person has not accepted version {version} of the rules: {people}",
                "{count} people have not accepted version {version} of the rules: {people}",
                len(people),
                version=rules.version,
                people=named,
            )
        )
    return lines
