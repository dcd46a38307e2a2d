"""The step between being let in and being invited: the rules have to be accepted first."""

from __future__ import annotations

from bot.api import Context, Effect, Line, Moment, Say, UserId, _, rooms, verbatim
from commands.onboarding import stuck_reminders
from commands.onboarding.areas import store as areas
from commands.onboarding.invitations import arrival
from commands.onboarding.rules import store
from commands.onboarding.rules.store import Coming, Rules


async def come(ctx: Context, one: Coming) -> list[Effect]:
    """Invite the person now if they have accepted the rules; else show them the rules and wait.

    Also schedules the reminder for them and the report to the moderators.
    """
    await stuck_reminders.begin(ctx, "nudge_inside", "stuck_inside", one.room, person=one.person)
    rules = await store.rules(ctx.db)
    if rules is None or await store.accepted(ctx.db, rules.version, one.person):
        return await _invite(ctx, one)
    await store.hold(ctx.db, one)
    return [shown_to(ctx, rules, one.person, _("One thing before the invitations come:"))]


async def accepted(ctx: Context, person: UserId) -> list[Effect]:
    """Invite the person to everything that waited for them to accept the rules."""
    effects: list[Effect] = []
    for one in await store.let_go(ctx.db, person):
        effects += await _invite(ctx, one)
    return effects


async def _invite(ctx: Context, one: Coming) -> list[Effect]:
    found = [await rooms.get(ctx.db, room) for room in one.places]
    places = [room for room in found if room is not None and room.joined]
    area = await areas.named(ctx.db, one.area) if one.area else None
    given = frozenset(one.given)
    return await arrival.begin(ctx, one.person, one.target, places, area, one.by, one.room, given)


def shown_to(ctx: Context, rules: Rules, person: UserId, *before: Line) -> Say:
    """Return a private message with the rules and how to accept them."""
    lines = (*before, *shown(ctx, rules), _("To accept them: `I agree`"))
    return Say(lines, to=person, loud=True, item=rules.item)


def shown(ctx: Context, rules: Rules) -> list[Line]:
    """Return the rules as lines: network, version and date, then the text."""
    head = _("The rules of {network}, version {version}, from {moment}:",
             network=ctx.defaults.network, version=rules.version,
             moment=Moment(rules.at))  # fmt: skip
    return [head, verbatim(rules.text)]
