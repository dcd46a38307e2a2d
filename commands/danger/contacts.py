"""`!panic tell @ana`: the contacts that a person wants called. Each must agree first."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.api import (
    CALL,
    CALL_KEY,
    CALL_PATIENCE,
    YES_NO,
    Answer,
    Context,
    Line,
    People,
    Person,
    Say,
    UserError,
    UserId,
    _,
    fold,
    rooms,
)
from commands.danger import call_store, named_helpers
from commands.danger.declaration import MOST_CONTACTS, feature, helpers_of

_LINKING_WORDS = r"(?:\s*(?:,|;|\b(?:a|y|e|and|to|al|ao)\b)\s*)*"
_TELL = re.compile(r"(?:avisar|avisa|avisen|avise|llamar|chamar|tell|call)" + _LINKING_WORDS)
_NOT = re.compile(r"(?:sin|sem|without|quitar|tirar|drop)" + _LINKING_WORDS)
_NOT_ME = re.compile(r"(?:sin mi|no a mi|sem mim|eu nao|without me|not me)")
_WHO = re.compile(r"(?:a quien|quien|quienes|para quem|quem|who|whom)\??")
_TELL_BARE, _NOT_BARE = ("avisar", "tell"), ("sin", "sem", "without")
"""Words behind which a name may stand without `@`. `panic call ana` may be a cry instead."""
_BETWEEN_NAMES, _BEFORE_NAMES = (",", "y", "e", "and"), ("a", "al", "ao", "to")
_SOMEBODY = (
    r"todas|todos|todes|tod[ao]|everyone|everybody|all|gente|mama|papa|mae|pai|mom|mum|dad|familia"
    r"|family|vecin\w*|vizinh\w*|neighbou?rs?|moderador\w*|moderators?|herman\w*|irma\w*|sisters?"
    r"|brothers?|abogad\w*|advogad\w*|lawyers?|marido|espos[oa]|husband|wife|novi[oa]|namorad[oa]"
    r"|boyfriend|girlfriend|hij[oa]s?|filh[oa]s?|daughter|amig\w*|friends?"
)
_NO_NAME = re.compile(
    r"polic\w*|cops|ambul\w*|911|190|someone|somebody|anyone|alguien|alguem|them|ya|ahora|now|agora"
    rf"|ja|rapido|quick\w*|urgent\w*|please|porfa\w*|pls|help|ayuda|ajuda|me|{_SOMEBODY}"
)
"""What somebody in danger asks to be told, which is nobody's short name."""
_CHOSEN = re.compile(rf"{_SOMEBODY}|mi|mis|minhas?|meus?|my")
"""Whom somebody who is in no danger may be choosing beforehand."""
_LACKED = re.compile(r"luz|paz|sol|esperan[cz]a|fe|faith|hope")
"""Names that behind `sin` are rather what is missing."""

Subcommand = Callable[[Context, People], Awaitable[Answer]]


async def find_subcommand(
    ctx: Context, text: str, people: People
) -> tuple[Subcommand, People] | None:
    """Return the handler, and the people it is about, if the text behind `panic` is about contacts;
    None means a call for help. Raises `UserError` for an `@` name that nobody or several have, and
    `AnswerNeeded` to ask whether to call."""
    parts = text.split()
    words = fold(" ".join(part for part in parts if not part.startswith("@"))).strip()
    short = [fold(part.strip("@,;.:!")) for part in parts if part.startswith("@")]
    if (tells := _TELL.fullmatch(words) is not None) or _NOT.fullmatch(words):
        named = (*people, *[await _require_person(ctx, name) for name in short])
        if named and not tells and await _is_calling(ctx):
            return None
        if named:
            return (add_contacts if tells else remove_contacts), tuple(dict.fromkeys(named))
        return (show_contacts, ()) if tells else None
    if _WHO.fullmatch(words):
        return show_contacts, ()
    if _NOT_ME.fullmatch(words) and not people:
        return withdraw_as_contact, ()
    if (found := await _find_bare_names(ctx, words)) is None:
        return None
    if found[0] is remove_contacts and await _is_calling(ctx):
        return None
    others = [await _require_person(ctx, name) for name in short]
    named = tuple(dict.fromkeys((*people, *others, *found[1])))
    helpers = dict.fromkeys(await helpers_of(ctx, ctx.who), True)
    known = dict(await call_store.contacts_of(ctx.db, ctx.who)) | helpers
    if found[0] is add_contacts and known.keys() >= {*named}:
        await _ask_whether_to_call(ctx, *_contact_lines(known, named))
        return None
    return found[0], named


async def _find_bare_names(ctx: Context, words: str) -> tuple[Subcommand, People] | None:
    """Return what `tell carla` or `without carla` means; None if that is a call for help. Raises
    `AnswerNeeded` to ask whether it is, if nobody or several have the name."""
    verb, _space, rest = words.partition(" ")
    pieces = _split_names(rest)
    names = [name for piece in pieces for name in piece]
    if verb in _TELL_BARE and names and all(map(_CHOSEN.fullmatch, names)):
        await _ask_whether_to_call(ctx)
        return None
    if not names or any(map(_NO_NAME.fullmatch, names)):
        return None
    if verb in _NOT_BARE:
        contacts = [await _contacts_called(ctx, name) for name in names]
        if any(len(one) != 1 for one in contacts) or any(map(_LACKED.fullmatch, names)):
            return None
        return remove_contacts, tuple(one[0] for one in contacts)
    if verb not in _TELL_BARE:
        return None
    known = [await _people_called(ctx, name) for name in names]
    unknown = [name for name, found in zip(names, known, strict=True) if len(found) != 1]
    if not unknown:
        return add_contacts, tuple(one[0] for one in known)
    if len(names) > len(pieces):
        return None
    await _ask_whether_to_call(ctx, *_unknown_lines(unknown[0]))
    return None


async def _is_calling(ctx: Context) -> bool:
    """Return whether a call of the asker rings, so that `without ana` is about that call."""
    return await call_store.call_of(ctx.db, ctx.who) is not None


async def _ask_whether_to_call(ctx: Context, *lines: Line) -> None:
    """Ask whether words that may be about contacts are a call for help. Return if a call rings
    already, as they are for whoever was called; else raises `AnswerNeeded`."""
    if not await _is_calling(ctx):
        still = _("I have called nobody yet. Shall I call your people now? `yes` or `no`")
        ctx.ask(CALL_KEY, CALL, *lines, still, patience=CALL_PATIENCE)


def _split_names(text: str) -> list[list[str]]:
    """Return the words of each piece of an enumeration: `a carla, ana y bea`."""
    pieces: list[list[str]] = [[]]
    for word in re.sub(r"[,;]", " , ", text).split():
        if word in _BETWEEN_NAMES:
            pieces.append([])
        elif word not in _BEFORE_NAMES:
            pieces[-1].append(word.strip(".:!"))
    return [piece for piece in pieces if piece]


async def _contacts_called(ctx: Context, name: str) -> list[UserId]:
    """Return the contacts of the asker that a short name means."""
    named = await call_store.contacts_of(ctx.db, ctx.who)
    return [one for one, _yes in named if one.startswith(f"@{name}:")]


async def _people_called(ctx: Context, name: str) -> list[UserId]:
    """Return whom a short name means: a contact of the asker, else people in the asker's rooms. A
    word such as `sister` means nobody: a stranger may have taken it as their name."""
    if found := await _contacts_called(ctx, name):
        return found
    if _NO_NAME.fullmatch(name):
        return []
    found = await rooms.people_called(ctx.db, ctx.who, name)
    return [one for one in found if one != ctx.me]


async def _require_person(ctx: Context, name: str) -> UserId:
    known = await _people_called(ctx, name)
    if len(known) != 1:
        nobody = _("I called nobody and noted nobody. In danger: `panic`")
        raise UserError(*_unknown_lines(name), nobody)
    return known[0]


def _unknown_lines(name: str) -> tuple[Line, Line]:
    return (
        _("I don't know who “{name}” is. Please write the whole address.", name=f"@{name}"),
        _("For example: `panic tell @ana:server.org`"),
    )


def _contact_lines(contacts: Mapping[UserId, bool], people: Iterable[UserId]) -> list[Line]:
    """Return which of the people are called, as they agreed to it, and which have not agreed."""
    lines: list[Line] = []
    if agreed := tuple(Person(one, full=True) for one in people if contacts[one]):
        lines.append(_("If you call for help, I call: {who}.", who=agreed))
    if waiting := tuple(Person(one, full=True) for one in people if not contacts[one]):
        lines.append(_("Not agreed to it yet: {who}.", who=waiting))
    return lines


async def show_contacts(ctx: Context, _people: People = ()) -> Answer:
    """Show whom a call for help of the asker would reach, and who has not agreed to be called yet.
    Return what to say, if anything."""
    named = await call_store.contacts_of(ctx.db, ctx.who)
    lines: list[Line] = []
    if called := tuple(Person(p, full=True) for p in await helpers_of(ctx, ctx.who)):
        lines.append(_("If you call for help, I call: {who}.", who=called))
    if waiting := tuple(Person(one, full=True) for one, yes in named if not yes):
        lines.append(_("Not agreed to it yet: {who}.", who=waiting))
    unread = [one for one, _yes in named if await _is_unreachable(ctx, one)]
    if unread:
        lines.append(_unreachable_line(unread))
    return [
        *lines,
        _machine_off_line(),
        _(
            "To name somebody: `panic tell @ana:server.org`. To take a name out:"
            " `panic without @ana:server.org`"
        ),
    ]


async def add_contacts(ctx: Context, people: People) -> Answer:
    """Add people to those who are called when the person is in danger; each of them is asked first.
    Return what to say, if anything.

    Raises `UserError` for oneself alone, for too many, and for whom the bot shares no room with.
    """
    named = [one for one in people if one not in (ctx.who, ctx.me)]
    if not named:
        raise UserError(_("Please name somebody else: you would only call yourself."))
    before = dict(await call_store.contacts_of(ctx.db, ctx.who))
    if len({*before, *named}) > MOST_CONTACTS:
        raise UserError(_("That is more people than I call: {count} at most.", count=MOST_CONTACTS))
    for one in named:
        if not await rooms.shares_room(ctx.db, one):
            raise UserError(
                _("I can't write to {who}: we share no room.", who=Person(one, full=True)),
                _("Name somebody who is in a room with me."),
            )
    unread = [one for one in named if await _is_unreachable(ctx, one)]
    await call_store.add_contacts(ctx.db, ctx.who, named)
    added = [one for one in named if one not in before]
    for one in added:
        await ctx.begin_dialogue("agree", one, {"person": ctx.who})
    lines = _contact_lines(before, [one for one in named if one in before])
    if added:
        asked = tuple(Person(one, full=True) for one in added)
        noted = _("Noted. I ask them, and call them once they agree: {who}.", who=asked)
        lines = [noted, _called_nobody_line(), *lines]
    lines.append(_machine_off_line())
    return [*lines, _unreachable_line(unread)] if unread else lines


def _called_nobody_line() -> Line:
    return _("With this I called nobody. In danger: `panic`")


def _machine_off_line() -> Line:
    """Return what nobody may find out only when they are in danger."""
    return _("If my computer is off, I hear no call and call nobody: have a phone number too.")


async def remove_contacts(ctx: Context, people: People) -> Answer:
    """Remove people from those who are called when the person is in danger. Return what to say, if
    anything."""
    for one in people:
        await call_store.remove_contact(ctx.db, ctx.who, one)
    still = {*await helpers_of(ctx, ctx.who)}
    lines: list[Line] = []
    if gone := tuple(Person(one, full=True) for one in people if one not in still):
        lines.append(_("Done. I would not call them any more: {who}.", who=gone))
    if team := tuple(Person(one, full=True) for one in people if one in still):
        lines.append(_("I call all the same whoever cares for the network: {who}.", who=team))
    return [*lines, _called_nobody_line()]


async def withdraw_as_contact(ctx: Context, _people: People = ()) -> Answer:
    """Remove the asker from the contacts of everybody, and tell each of them. Return what to say,
    if anything."""
    by = await call_store.people_with_contact(ctx.db, ctx.who)
    for person in by:
        await call_store.remove_contact(ctx.db, person, ctx.who)
    if not by:
        return _("Nobody named you to be called.")
    said = _withdrawn_line(ctx)
    return [
        _("Good that you say so. I tell {who}.", who=tuple(Person(one, full=True) for one in by)),
        *[Say((said,), to=one, loud=True) for one in by],
    ]


def _withdrawn_line(ctx: Context) -> Line:
    return _(
        "{who} can't answer a call of yours. You can name somebody else.",
        who=Person(ctx.who, full=True),
    )


async def _is_unreachable(ctx: Context, person: UserId) -> bool:
    return not ctx.fetched.devices(person).signed


def _unreachable_line(people: list[UserId]) -> Line:
    return _(
        "Can't be reached now, as no device of theirs is confirmed: {who}.",
        who=tuple(Person(one, full=True) for one in people),
    )


@feature.dialogue("agree")
async def ask_contact(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask somebody whether they agree to be called in danger. Nobody is called without a yes.
    Return what to say, if anything."""
    person = UserId(payload["person"])
    named = {one for one, _yes in await call_store.contacts_of(ctx.db, person)}
    if ctx.who not in named:
        return None
    who = Person(person, full=True)
    answer = ctx.ask(
        "will",
        YES_NO,
        _(
            "{who} would like me to call you if they are in danger: I would write to you again and"
            " again until somebody answers.",
            who=who,
        ),
        _("Would you answer such a call? `yes` or `no`"),
    )
    if answer != "yes":
        await call_store.remove_contact(ctx.db, person, ctx.who)
        told = Say((_withdrawn_line(ctx),), to=person, loud=True)
        return [_("Good that you say so. I tell {who}.", who=who), told]
    if not await call_store.mark_agreed(ctx.db, person, ctx.who):
        return None
    said = _("{who} would answer a call of yours.", who=Person(ctx.who, full=True))
    out = await named_helpers.left_out_lines_for(ctx, person, ctx.who)
    return [
        _("Thank you. If {who} calls, I write to you at once.", who=who),
        _("If you can't any more: `panic without me`"),
        Say((said, *out), to=person),
    ]
