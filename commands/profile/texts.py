"""Texts about profiles."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, Person, UserId, Words, _, words
from commands.profile.profile_parts import PARTS, SEEN, Part, Seen
from commands.profile.profile_store import Held

_ONLY_YOU = words("solo tú", "só você", "only you")
CAREFUL = _("You decide who sees each part; at first nobody but you. Nothing here gives rights.")


def who(seen: Seen) -> Words:
    """Return who sees a part, for its person to read."""
    return _ONLY_YOU if seen is Seen.NOBODY else SEEN[seen]


def question(part: Part) -> Line:
    """Return the question for a part."""
    return {
        Part.NAME: _("What name do you want to be called by?"),
        Part.PRONOUNS: _("Which are your pronouns?"),
        Part.ORGANISATION: _("Which organisation are you with?"),
        Part.PLACE: _("Where are you, as roughly as you like? For example: `Recife, Pernambuco`"),
        Part.LANGUAGES: _("Which languages do you speak? With commas between them."),
        Part.THEMES: _("Which themes interest you? With commas between them."),
    }[part]


def own(held: Sequence[Held], *, greets: bool) -> list[Line]:
    """Return the person's own profile: its parts, who sees them, and what could be added."""
    if not held:
        return [
            _("Your profile is empty, and that is fine. It can have: {parts}",
              parts=tuple(PARTS.values())),
            CAREFUL,
            _("For example: `!profile pronouns she`. One thing at a time: `!profile step by step`"),
        ]  # fmt: skip
    lines = [_("Your profile:")]
    lines += [
        _("{part}: {words} (sees it: {who})", part=PARTS[one.part], words=one.words,
          who=who(one.seen))
        for one in held
    ]  # fmt: skip
    lines += [_("I greet you by your name in private.")] if greets else []
    missing = tuple(PARTS[part] for part in Part if part not in {one.part for one in held})
    if missing:
        lines.append(_("Could be added: {parts}. `!profile step by step`", parts=missing))
    first = PARTS[held[0].part]
    lines += [
        _("Who sees a part: `!profile show {part} my rooms` (or: moderators, network, nobody)",
          part=first),
        _("To take one out: `!profile remove {part}`", part=first),
    ]  # fmt: skip
    return lines


def of(person: UserId, held: Sequence[Held]) -> list[Line]:
    """Return what another person shows, with their address, as names can be anybody's."""
    if not held:
        return [_("{person} shows you nothing of a profile.", person=Person(person, full=True))]
    lines = [_("{person} says of themselves:", person=Person(person, full=True))]
    return lines + [one_line(one) for one in held]


def one_line(one: Held) -> Line:
    return _("{part}: {words}", part=PARTS[one.part], words=one.words)


def written(one: Held, *, greets: bool) -> list[Line]:
    """Return the part as it is now, who sees it, and what it does not do."""
    lines = [_("Noted. {part}: {words}", part=PARTS[one.part], words=one.words)]
    if one.part is Part.ORGANISATION:
        lines.append(_("It is what you say of yourself: it gives no vote and no weight."))
    if one.part is Part.NAME and not greets:
        lines.append(_("Shall I greet you by it in private? `!profile greeting yes`"))
    if one.seen is Seen.NOBODY:
        lines.append(_("Only you see it. To show it: `!profile show {part} my rooms`",
                       part=PARTS[one.part]))  # fmt: skip
    else:
        lines.append(_("Sees it: {who}. To hide it: `!profile show {part} nobody`",
                       who=who(one.seen), part=PARTS[one.part]))  # fmt: skip
    return lines


def seen_by(seen: Seen) -> Line:
    """Explain who sees a part with this visibility."""
    if seen is Seen.NOBODY:
        return _("Nobody but you.")
    if seen is Seen.MODERATORS:
        return _("Who moderates a room that you are in, and who is in the moderators' room.")
    if seen is Seen.ROOMS:
        return _("Whoever is in a room with you.")
    return _("Whoever is in any room of this network.")
