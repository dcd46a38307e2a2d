"""Texts about profiles."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, Person, UserId, Words, _, words
from commands.profile.profile_parts import (
    PART_NAMES,
    VISIBILITY_NAMES,
    ProfilePart,
    ProfileVisibility,
)
from commands.profile.profile_store import ProfileEntry

_ONLY_YOU = words("solo tú", "só você", "only you")
PRIVACY_LINE = _(
    "You decide who sees each part; at first nobody but you. Nothing here gives rights."
)


def visibility_name(seen: ProfileVisibility) -> Words:
    """Return the words that tell the owner of a profile who sees a part of it: `only you`,
    `moderators` and so on."""
    return _ONLY_YOU if seen is ProfileVisibility.NOBODY else VISIBILITY_NAMES[seen]


def part_question(part: ProfilePart) -> Line:
    """Return the question that asks for a part of the profile."""
    return {
        ProfilePart.NAME: _("What name do you want to be called by?"),
        ProfilePart.PRONOUNS: _("Which are your pronouns?"),
        ProfilePart.ORGANISATION: _("Which organisation are you with?"),
        ProfilePart.PLACE: _(
            "Where are you, as roughly as you like? For example: `Recife, Pernambuco`"
        ),
        ProfilePart.LANGUAGES: _("Which languages do you speak? With commas between them."),
        ProfilePart.THEMES: _("Which themes interest you? With commas between them."),
    }[part]


def own_profile_lines(held: Sequence[ProfileEntry], *, greets: bool) -> list[Line]:
    """Return lines with the person's own profile: its parts, who sees them, and what could be
    added."""
    if not held:
        return [
            _(
                "Your profile is empty, and that is fine. It can have: {parts}",
                parts=tuple(PART_NAMES.values()),
            ),
            PRIVACY_LINE,
            _("For example: `!profile pronouns she`. One thing at a time: `!profile step by step`"),
        ]
    lines = [_("Your profile:")]
    lines += [
        _(
            "{part}: {words} (sees it: {who})",
            part=PART_NAMES[one.part],
            words=one.words,
            who=visibility_name(one.seen),
        )
        for one in held
    ]
    lines += [_("I greet you by your name in private.")] if greets else []
    missing = tuple(
        PART_NAMES[part] for part in ProfilePart if part not in {one.part for one in held}
    )
    if missing:
        lines.append(_("Could be added: {parts}. `!profile step by step`", parts=missing))
    first = PART_NAMES[held[0].part]
    lines += [
        _(
            "Who sees a part: `!profile show {part} my rooms` (or: moderators, network, nobody)",
            part=first,
        ),
        _("To take one out: `!profile remove {part}`", part=first),
    ]
    return lines


def profile_lines(person: UserId, held: Sequence[ProfileEntry]) -> list[Line]:
    """Return lines with what another person's profile shows, with their address, as names can be
    anybody's."""
    if not held:
        return [_("{person} shows you nothing of a profile.", person=Person(person, full=True))]
    lines = [_("{person} says of themselves:", person=Person(person, full=True))]
    return lines + [part_line(one) for one in held]


def part_line(one: ProfileEntry) -> Line:
    """Return one part of a profile in a line."""
    return _("{part}: {words}", part=PART_NAMES[one.part], words=one.words)


def changed_lines(one: ProfileEntry, *, greets: bool) -> list[Line]:
    """Return lines about a changed part of the profile: its value, who sees it, and what it does
    not do."""
    lines = [_("Noted. {part}: {words}", part=PART_NAMES[one.part], words=one.words)]
    if one.part is ProfilePart.ORGANISATION:
        lines.append(_("It is what you say of yourself: it gives no vote and no weight."))
    if one.part is ProfilePart.NAME and not greets:
        lines.append(_("Shall I greet you by it in private? `!profile greeting yes`"))
    if one.seen is ProfileVisibility.NOBODY:
        lines.append(
            _(
                "Only you see it. To show it: `!profile show {part} my rooms`",
                part=PART_NAMES[one.part],
            )
        )
    else:
        lines.append(
            _(
                "Sees it: {who}. To hide it: `!profile show {part} nobody`",
                who=visibility_name(one.seen),
                part=PART_NAMES[one.part],
            )
        )
    return lines


def visibility_line(seen: ProfileVisibility) -> Line:
    """Return the line that explains who sees a part of the profile with this visibility."""
    if seen is ProfileVisibility.NOBODY:
        return _("Nobody but you.")
    if seen is ProfileVisibility.MODERATORS:
        return _("Who moderates a room that you are in, and who is in the moderators' room.")
    if seen is ProfileVisibility.ROOMS:
        return _("Whoever is in a room with you.")
    return _("Whoever is in any room of this network.")
