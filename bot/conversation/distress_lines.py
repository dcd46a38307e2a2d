"""What the bot says in danger or after harm, whoever asks: which command helps, or who does."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.feature import Command
from bot.capability.registry import Registry
from bot.capability.services import OPEN_CALL_LINES
from bot.distress import HelpKind, call_answers
from bot.i18n import _
from bot.lines import Line
from bot.types import Message

HELP_COMMANDS = {HelpKind.DANGER: "panic", HelpKind.CARE: "incident"}


def command_for(registry: Registry, door: HelpKind) -> Command | None:
    """Return the command that gives this kind of help (`panic`, `incident`), or None if its
    capability was removed."""
    name = HELP_COMMANDS.get(door)
    return registry.command_named(name) if name and registry.find_command(name) else None


def is_help_command(registry: Registry, one: Command) -> bool:
    """Return whether the command is itself one that gives help in danger, so that help need not be
    offered."""
    doors = (door for door, name in HELP_COMMANDS.items() if one.name.en == name)
    return any(command_for(registry, door) is one for door in doors)


def at_any_time() -> tuple[Line, ...]:
    """Return what somebody in danger can always do, whatever was asked or answered before."""
    return (_("In danger you can always write `panic`, or call somebody you trust."),)


def self_help_line() -> Line:
    """Return the advice to call somebody one trusts. It comes first in what people read whom the
    bot can't help yet, because their device is not signed or their identity is new."""
    return _("In danger: call somebody you trust, or the emergency number.")


def is_voice(message: Message) -> bool:
    """Return whether this is a voice message, or a sound file without text."""
    sound = message.media is not None and message.media.mime.startswith("audio/")
    return message.voice or (sound and not message.text.strip())


def voice_refusal(registry: Registry) -> tuple[Line, ...]:
    """Return the answer to a voice message, which the bot can't hear. It begins with what to do in
    danger."""
    first = (
        _("In danger: write `panic`, and I call your people. I can't listen to voice messages.")
        if command_for(registry, HelpKind.DANGER)
        else _(
            "In danger: call somebody you trust, or the emergency number. I can't listen to"
            " voice messages."
        )
    )
    return (
        first,
        *incident_lines(registry),
        _("For anything else write to me, please. All there is: `!help`"),
    )


def not_understood_line(registry: Registry) -> Line:
    """Return the answer to a private sentence that nothing understood: it names the commands for
    help in danger."""
    panic, incident = command_for(registry, HelpKind.DANGER), command_for(registry, HelpKind.CARE)
    if panic and incident:
        return _(
            "I didn't understand that. In danger: `panic`. If somebody harmed you: `incident`"
            " and what happened."
        )
    if panic:
        return _("I didn't understand that. In danger: `panic`.")
    if incident:
        return _("I didn't understand that. If somebody harmed you: `incident` and what happened.")
    return _(
        "I didn't understand that. In danger call somebody you trust, or the emergency number."
    )


def danger_line(registry: Registry) -> Line:
    """Return what to do in danger, or after harm, as `not_understood_line` says it."""
    panic, incident = command_for(registry, HelpKind.DANGER), command_for(registry, HelpKind.CARE)
    if panic and incident:
        return _("In danger: `panic`. If somebody harmed you: `incident` and what happened.")
    if panic:
        return _("In danger: `panic`.")
    if incident:
        return _("If somebody harmed you: `incident` and what happened.")
    return self_help_line()


def no_command_lines(door: HelpKind) -> list[Line]:
    """Return whom to turn to where the capability that would help was removed."""
    if door is HelpKind.CARE:
        return [_("Write to a moderator or to somebody you trust: I can't pass it on.")]
    return [
        _("Call somebody you trust or the emergency number now: I can't call anybody."),
        _("Or write to a moderator."),
    ]


def incident_lines(registry: Registry) -> list[Line]:
    """Return how to report harm; an empty list if that capability was removed."""
    if command_for(registry, HelpKind.CARE) is None:
        return []
    return [_("If somebody harmed or harassed you: `incident` and what happened.")]


def mistake_line() -> Line:
    """Return that nobody was told yet, for a line that only sounded like a call for help."""
    return _("If it was not meant so, all is well: for this message I told nobody.")


def first_lines(registry: Registry, door: HelpKind, *, aloud: bool) -> list[Line]:
    """Return what somebody who calls for help reads first. `aloud`: it was said to the room."""
    wanted = HelpKind.DANGER if door is HelpKind.UNSURE else door
    if command_for(registry, wanted) is None:
        return no_command_lines(door)
    if door is HelpKind.CARE:
        return [
            _(
                "Shall I pass on what you wrote, as an incident? `yes`. Or write `incident` and"
                " what happened."
            )
        ]
    if door is HelpKind.UNSURE:
        return [_("In danger: write `panic`, and I call your people until somebody answers.")]
    if aloud:
        return [
            _("In danger? Shall I call your people now? `yes`. At any time: write `panic` here.")
        ]
    return [
        _("Shall I call your people now, with what you wrote? `yes`. At any time: write `panic`.")
    ]


def police_lines(answer: str) -> list[Line]:
    """Return that the bot can't call the police, if a yes asks for that; else nothing."""
    if not call_answers.wants_police(answer):
        return []
    return [_("I can't call the police, only your people here. If you can, call their number.")]


async def open_call_lines(ctx: Context) -> tuple[Line, ...]:
    """Return how a call of theirs that rings already stands, or () without one."""
    for goes_on in ctx.registry.offers(OPEN_CALL_LINES):
        if lines := await goes_on(ctx):
            return tuple(lines)
    return ()
