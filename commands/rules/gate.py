"""The step between being let in and being invited: the rules have to be accepted first."""

from __future__ import annotations

from bot.api import Context, Effect, Line, Moment, Say, UserId, _, rooms, verbatim
from commands.onboarding.areas import store as area_store
from commands.onboarding.invitations import arrival
from commands.rules import store, stuck_reminders
from commands.rules.declaration import NUDGE_INSIDE_JOB, STUCK_INSIDE_JOB
from commands.rules.store import Admission, Rules


async def let_in(ctx: Context, one: Admission, hello: Line | None = None) -> list[Effect]:
    """Invite the person now if they have accepted the rules; else show them the rules and wait.
    Return what to send.

    `hello` begins the one message that they read of either. Also schedules the reminder for them
    and the report to the moderators.
    """
    await stuck_reminders.schedule_reminders(
        ctx, NUDGE_INSIDE_JOB, STUCK_INSIDE_JOB, one.room, person=one.person
    )
    rules = await store.current_rules(ctx.db)
    if rules is None or await store.acceptance_time(ctx.db, rules.version, one.person):
        return await _invite(ctx, one, hello)
    await store.hold_admission(ctx.db, one)
    before = [hello] if hello is not None else []
    first = _("One thing before the invitations come:")
    return [rules_message(ctx, rules, one.person, *before, first)]


async def invite_held(ctx: Context, person: UserId, hello: Line | None = None) -> list[Effect]:
    """Invite the person to every room that waited for them to accept the rules. Return what to
    send.

    `hello` begins the message about where they are invited. If nothing waited, nothing is said.
    """
    effects: list[Effect] = []
    for one in await store.release_admissions(ctx.db, person):
        effects += await _invite(ctx, one, hello)
        hello = None
    return effects


async def _invite(ctx: Context, one: Admission, hello: Line | None) -> list[Effect]:
    found = [await rooms.get(ctx.db, room) for room in one.places]
    places = [room for room in found if room is not None and room.joined]
    area = await area_store.find_area(ctx.db, one.area) if one.area else None
    given = frozenset(one.granted)
    return await arrival.begin_arrival(
        ctx, one.person, one.target, places, area, one.by, one.room, given, hello
    )


def rules_message(ctx: Context, rules: Rules, person: UserId, *before: Line) -> Say:
    """Return a private message with the rules and how to accept them."""
    lines = (*before, *rules_lines(ctx, rules), _("To accept them: `I agree`"))
    return Say(lines, to=person, loud=True, item=rules.item)


def rules_lines(ctx: Context, rules: Rules) -> list[Line]:
    """Return the rules as lines: network, version and date, then the text."""
    head = _(
        "The rules of {network}, version {version}, from {moment}:",
        network=ctx.defaults.network,
        version=rules.version,
        moment=Moment(rules.at),
    )
    return [head, verbatim(rules.text)]
