"""`!my-organisation delegate @bea`: an organisation changes who speaks for it, by itself.

The delegate in force names the next one, and the alternate confirms it in private. The log says it,
and everybody in the room can question it (`questions.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Line,
    NamedArgument,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    fold,
    rooms,
    split_arguments,
    words,
)
from commands.organisations import nomination_store, organisation_changes, voter_texts
from commands.organisations.declaration import feature
from commands.organisations.nomination_store import Nomination
from commands.organisations.organisation_table import COLUMNS
from commands.poll_book import voter_store
from commands.poll_book.people import Crowd
from commands.poll_book.voter_store import Organisation, SeatRole
from commands.polls.declaration import DECISIONS

EXAMPLE = _("For example: `!my-organisation delegate @bea`")
ORGANISATION = NamedArgument(COLUMNS["name"])
ROLES = {
    organisation_changes.DELEGATE: SeatRole.DELEGATE,
    organisation_changes.ALTERNATE: SeatRole.ALTERNATE,
}
_SPOKEN = re.compile(
    r"(?<!\w)(titular|delegad[oa]|delegate|representante|suplente|alternate)\s+(?=[@\[\w])",
    re.IGNORECASE,
)
"""Matches a role without its colon: `titular @bea`."""
_FILLERS = frozenset(
    [
        "la",
        "el",
        "nuevo",
        "nueva",
        "o",
        "a",
        "novo",
        "nova",
        "the",
        "new",
        "es",
        "e",
        "is",
        "our",
        "nuestra",
        "nuestro",
        "nossa",
        "nosso",
    ]
)
_TAKES_BACK = frozenset(
    ["cancelar", "cancela", "cancel", "no", "nao", "quitar", "remover", "remove"]
)
Spoken = tuple[RoomId, Organisation]


@feature.command(
    words(
        "mi-organización",
        "minha-organização",
        "my-organisation",
        "mi organización, mi org, nuestra organización | minha organização, minha org,"
        " nossa organização | my organisation, my organization, my org, our organisation",
    ),
    help=_("name the next delegate of your organisation"),
    example=EXAMPLE,
    topic=DECISIONS,
)
async def name_next(ctx: Context, *, text: str = "") -> Answer:
    """Show for which organisations the person speaks, or name the next delegate or alternate of
    one. Return the answer.

    Raises `UserError` unless they are its delegate, and where it has no alternate to confirm.
    """
    # Organisation, role and person stand in any order.
    spoken = await nomination_store.organisations_spoken_for(ctx.db, ctx.who)
    if not spoken:
        raise UserError(_("You speak for no organisation here."), _("Who may vote here: `!voters`"))
    if not text.strip():
        return await _list_spoken(ctx, spoken)
    parts = split_arguments(
        _SPOKEN.sub(r"\1: ", text), (*ROLES, ORGANISATION), lambda _words: False
    )
    rest = " ".join(w for w in parts.free.split() if fold(w) not in _FILLERS)
    if fold(rest) in _TAKES_BACK:
        return await _take_back(ctx, spoken)
    asked = [(role, parts.named[arg.key]) for arg, role in ROLES.items() if arg.key in parts.named]
    if len(asked) != 1:
        raise UserError(_("Whom do you name, and as what: delegate or alternate?"), EXAMPLE)
    role, typed = asked[0]
    person, behind = _split_person(typed)
    named = parts.named.get(ORGANISATION.key) or " ".join((*parts.quoted, behind or rest)).strip()
    place, one = _choose(ctx, spoken, named)
    return await _nominate(ctx, place, one, role, person)


def _split_person(typed: str) -> tuple[str, str]:
    """Split `@bea Cooperativa Sur` into the person and what stands behind."""
    found = re.match(r"(@\S+)\s+(\S.*)$", typed, re.DOTALL)
    return (found[1], found[2]) if found else (typed, "")


def _choose(ctx: Context, spoken: list[Spoken], named: str) -> Spoken:
    """Return the one organisation that is meant. Raises `UserError` if it is not clear."""
    wanted = voter_store.comparable_name(named.strip("\"' "))
    fits = [pair for pair in spoken if wanted in voter_store.comparable_name(pair[1].name)]
    exact = [pair for pair in fits if voter_store.comparable_name(pair[1].name) == wanted]
    fits = exact or fits
    own = [pair for pair in fits if pair[1].delegate == ctx.who]
    here = [pair for pair in own if pair[0] == ctx.room]
    found = own if len(own) == 1 else here if len(here) == 1 else own or fits
    if len(found) == 1:
        return found[0]
    raise UserError(
        _("You speak for: {names}", names=tuple(one.name for _room, one in spoken[:20])),
        _('For which is it? `!my-organisation "{name}" delegate @bea`', name=spoken[0][1].name),
    )


async def _list_spoken(ctx: Context, spoken: list[Spoken]) -> list[Line]:
    """List the person's organisations, and whom each has named."""
    lines: list[Line] = []
    for _room, one in spoken[:20]:
        lines.append(voter_texts.organisation_line(one))
        waits = await nomination_store.get_nomination(ctx.db, one.id or 0)
        if waits is not None and waits.fits(one):
            lines.append(
                _(
                    "{person} is named; {alternate} has not confirmed it yet.",
                    person=Person(waits.next),
                    alternate=Person(waits.alternate),
                )
            )
    return [*lines, EXAMPLE]


async def _nominate(
    ctx: Context, room: RoomId, one: Organisation, role: SeatRole, typed: str
) -> Answer:
    if one.delegate != ctx.who:
        raise UserError(
            _("Only the delegate of “{name}” names the next one.", name=one.name),
            voter_texts.organisation_line(one),
        )
    if one.alternate is None:
        raise UserError(
            _("“{name}” has no alternate who could confirm it.", name=one.name),
            _("The room's moderators can change it: `!voters add`"),
        )
    crowd = await Crowd.read(ctx, room)
    person = crowd.one(typed)
    if person not in crowd.names:
        raise UserError(
            _("{person} is not in that room yet.", person=Person(person, full=True)),
            _("Who speaks for “{name}” reads the polls there.", name=one.name),
        )
    if person == (one.delegate if role is SeatRole.DELEGATE else one.alternate):
        raise UserError(_("It is so already."), voter_texts.organisation_line(one))
    if role is SeatRole.ALTERNATE and person == ctx.who:
        raise UserError(_("The delegate and the alternate are the same person."))
    made = Nomination(one.id or 0, role, person, ctx.who, one.alternate, ctx.said_at)
    await nomination_store.put_nomination(ctx.db, made)
    await ctx.begin_dialogue(
        "confirm", one.alternate, {"organisation": made.organisation, "at": made.at.timestamp()}
    )
    return [
        _named_line(one, made),
        _(
            "It holds when {person} confirms it; I ask in private. To take it back:"
            " `!my-organisation cancel`",
            person=Person(one.alternate),
        ),
    ]


def _named_line(one: Organisation, made: Nomination) -> Line:
    if made.role is SeatRole.DELEGATE:
        return _("“{name}”: next delegate, {person}.", name=one.name, person=Person(made.next))
    return _("“{name}”: next alternate, {person}.", name=one.name, person=Person(made.next))


async def _take_back(ctx: Context, spoken: list[Spoken]) -> Line:
    mine = [one.id or 0 for _room, one in spoken if one.delegate == ctx.who]
    dropped = [await nomination_store.drop_nomination(ctx.db, number) for number in mine]
    if not any(dropped):
        raise UserError(_("Nobody is named and waits for a confirmation."))
    return _("Taken back: all stays as it is.")


# --- the alternate answers ------------------------------------------------------------------------


@feature.dialogue("confirm")
async def ask_alternate(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the alternate in private whether the person named shall speak for the organisation.
    Return what to say, if anything."""
    made = await nomination_store.get_nomination(ctx.db, int(data["organisation"]))
    found = await nomination_store.find_organisation(ctx.db, int(data["organisation"]))
    if made is None or found is None or made.at.timestamp() != data["at"]:
        return _("That has been taken back: all stays as it is.") if ctx.answers else None
    room, one = found
    if not made.fits(one) or ctx.who != made.alternate:
        await nomination_store.drop_nomination(ctx.db, made.organisation)
        return _("Who speaks for “{name}” has changed meanwhile.", name=one.name)
    answer = ctx.ask(
        "confirm",
        YES_NO,
        _(
            "{person} names who speaks for “{name}” from now on.",
            person=Person(made.delegate, full=True),
            name=one.name,
        ),
        _("{role} Do you confirm it? `yes` or `no`", role=_named_line(one, made)),
    )
    await nomination_store.drop_nomination(ctx.db, made.organisation)
    if answer != "yes":
        refused = _("{person} did not confirm it: all stays as it is.", person=Person(ctx.who))
        return [_("Good: all stays as it is."), Say((refused,), to=made.delegate)]
    return await _hand_over(ctx, room, one, made)


async def _hand_over(ctx: Context, room: RoomId, one: Organisation, made: Nomination) -> Answer:
    """Change who speaks for the organisation and tell the room.

    Who is the alternate and becomes the delegate leaves the alternate's place empty.
    """
    here = await rooms.member_names(ctx.db, room)
    if made.next not in here:
        return _("{person} is not in that room any more.", person=Person(made.next))
    after = _after(one, made)
    await organisation_changes.make_changes(ctx, room, "own", [(one, after)])
    told = [
        _(
            "{before} named and {alternate} confirmed:",
            before=Person(made.delegate),
            alternate=Person(made.alternate),
        ),
        voter_texts.organisation_line(after),
        _('It stands in `!log`. Whoever doubts it: `!voters question "{name}"`', name=one.name),
    ]
    return [
        _("Confirmed."),
        Say(tuple(told), room=room),
        Say((voter_texts.organisation_line(after),), to=made.delegate),
        *_tell_new(made, after),
    ]


def _after(one: Organisation, made: Nomination) -> Organisation:
    if made.role is SeatRole.ALTERNATE:
        return replace(one, alternate=made.next)
    alternate: UserId | None = None if made.next == one.alternate else one.alternate
    return replace(one, delegate=made.next, alternate=alternate)


def _tell_new(made: Nomination, after: Organisation) -> list[Say]:
    if made.next == made.alternate:
        return []
    line = _("You speak for “{name}” now: `!my-organisation`", name=after.name)
    return [Say((line,), to=made.next, loud=True)]
