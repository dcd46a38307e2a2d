"""What somebody reads who reports an incident: who has it, who reads it, what else helps now."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    REDACTED_NOTICE,
    YES_NO,
    Context,
    HelpKind,
    Line,
    Number,
    Person,
    UserError,
    _,
    find_help_kind,
    may_redact,
    n_,
    shorten_line,
    tells_of_lost_device,
)
from commands.incidents import care_team, readers

MOST_NAMED = 6
"""Up to so many readers are named; beyond that only their number is said."""


def confirm_told(ctx: Context, text: str) -> None:
    """Ask whether this is what happened, if it answers that question and begins as a command does.

    What has words of harm in it is told. Raises `AnswerNeeded` to ask, and
    `UserError` for a no.
    """
    like_command = ctx.registry.find_command(text) is not None and find_help_kind(text) is None
    if not like_command or "part:text" not in ctx.answers:
        return
    is_it = _(
        "Is that what happened: “{text}”? I pass it on: `yes` or `no`", text=shorten_line(text)
    )
    if ctx.ask("told", YES_NO, is_it) != "yes":
        raise UserError(_("Good: nothing was kept. Here you can tell it whenever you want."))


async def receiver_line(ctx: Context, team: care_team.IncidentTeam, number: Number) -> Line:
    """Return who has the incident now."""
    if team.kind is care_team.TeamKind.CARE:
        return _("The care team has it: incident {number}.", number=number)
    if await care_team.has_care_team(ctx):
        return _("The moderation of the network has it: incident {number}.", number=number)
    return _(
        "The moderation of the network has it: incident {number}. This network has no care"
        " team yet.",
        number=number,
    )


async def help_lines(ctx: Context, text: str) -> list[Line]:
    """Return what somebody can do at once besides the report, in danger or whose phone is gone."""
    lines: list[Line] = []
    if tells_of_lost_device(text):
        for told in ctx.registry.offers(ADVICE_LINES.of("lost device")):
            lines += await told(ctx)
    can_call = ctx.registry.find_command("panic") is not None
    if can_call and find_help_kind(text) is HelpKind.DANGER:
        lines.append(_("In danger now: write `panic`, and I call your people."))
    return lines


def reader_lines(ctx: Context, team: care_team.IncidentTeam, number: Number) -> list[Line]:
    """Return who reads it, and how to leave somebody out."""
    those = tuple(Person(who) for who in team.people if who != ctx.who)
    how = _("One of them must not? `incident {number} without @name`", number=number)
    if len(those) > MOST_NAMED:
        count = len(those)
        return [n_("{count} person reads it.", "{count} people read it.", count), how]
    return [_("It is read by: {who}.", who=those), how]


async def confidence_lines(ctx: Context) -> list[Line]:
    """Return how to tell something with one's name to few, and who they are."""
    those = tuple(
        Person(who) for who in (await care_team.team_without(ctx)).people if who != ctx.who
    )
    if not those:
        return await readers.outside_lines(ctx)
    if len(those) > MOST_NAMED:
        return [
            n_(
                "With your name: `incident` and the words. {count} person reads it.",
                "With your name: `incident` and the words. {count} people read it.",
                len(those),
            )
        ]
    return [_("With your name: `incident` and the words. It is read by {who} alone.", who=those)]


def redaction_lines(ctx: Context) -> list[Line]:
    """Return what happened to a report that was typed in a room; none for one in private."""
    if ctx.is_private:
        return []
    left = _("I can't take your message out of the room: please delete it there.")
    return [REDACTED_NOTICE if may_redact(ctx) else left]
