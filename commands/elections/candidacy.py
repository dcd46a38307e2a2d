"""Stand in an election, propose somebody, or step down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    NOTHING,
    YES_NO,
    Answer,
    Context,
    Item,
    Line,
    Moment,
    Number,
    Person,
    Rest,
    Say,
    UserError,
    UserId,
    _,
    is_in,
    items,
    n_,
    named_people,
    words,
)
from commands.decision_rules.seat_quotas import group_label
from commands.elections import election_store
from commands.elections.declaration import ELECTIONS, LONGEST_WORDS, MOST_CANDIDATES, feature
from commands.elections.election_commands import clean_words
from commands.elections.election_line import split_groups
from commands.elections.election_meant import ElectionMeant
from commands.elections.election_store import Election, Nominee
from commands.poll_book import poll_store

MOST_NOMINATED = 10
"""How many people one line can propose."""


@feature.command(
    words(
        "postularme",
        "candidatar-me",
        "run",
        "me postulo, quiero postularme, postular, me presento como candidata, me presento"
        " | me candidato, quero me candidatar, candidatar | i run, run for, stand for",
    ),
    help=_("stand in an election, with a few words"),
    example=_("For example: `run {number} I keep the radio going`", number=12),
    topic=ELECTIONS,
)
async def stand(ctx: Context, meant: ElectionMeant, text: Rest = NOTHING) -> Answer:
    """Stand as a candidate in an election, or change one's words. Return the answer. Raises
    `UserError` for too long words, too many candidates, and an election that is unknown or takes no
    candidates now."""
    one, item = meant.one, meant.item
    await _require_standing_time(ctx, one, item)
    said, groups = split_groups(text)
    said = clean_words(said)
    if len(said) > LONGEST_WORDS:
        raise UserError(_("Your words have more than {most} letters.", most=LONGEST_WORDS))
    before = await election_store.get_candidate(ctx.db, one.item, ctx.who)
    await _require_room_for(ctx, one, before)
    if before is not None:
        said, groups = said or before.words, groups or before.groups
    await election_store.put_candidate(ctx.db, one.item, Nominee(ctx.who, said, groups))
    ctx.answer_privately |= not ctx.is_private
    return [*_noted(one, item, said, groups)]


def _noted(one: Election, item: Item, said: str, groups: tuple[str, ...]) -> list[Line]:
    named: dict[str, object] = {"number": one.item, "title": item.title}
    lines = [_("Noted: you stand in election {number}, {title}.", **named)]
    if said:
        lines.append(_("On the list: “{words}”", words=said))
    else:
        lines.append(_("A few words for the list: `run {number} …`", number=one.item))
    lines += _group_lines(one, groups)
    lines.append(
        _(
            "Until {moment} you can change that, or not stand: `step down {number}`",
            moment=Moment(one.stands_until),
            number=one.item,
        )
    )
    return lines


def _group_lines(one: Election, groups: tuple[str, ...]) -> list[Line]:
    """Say which groups the candidate counts in, where the election has quotas."""
    names = [quota.name for quota in one.quotas]
    counted = tuple(group_label(name) for name in groups if name in names)
    if counted:
        return [_("For the quotas you count as: {groups}.", groups=counted)]
    if not names:
        return []
    return [
        _(
            "There are quotas for {groups}. If you belong to one: `run {number} group: {name}`",
            groups=tuple(map(group_label, names)),
            number=one.item,
            name=group_label(names[0]),
        )
    ]


@feature.command(
    words(
        "nominar", "nomear", "nominate", "proponer candidata, proponer candidato | propor nome |"
    ),
    help=_("propose somebody for an election; they must accept"),
    example=_("For example: `!nominate {number} @ana:example.org`", number=12),
    topic=ELECTIONS,
)
async def nominate(ctx: Context, meant: ElectionMeant, text: Rest = NOTHING) -> Answer:
    """Ask the people named in private whether they stand as candidates. Return the answer. Raises
    `UserError` if nobody is named or somebody is not in the room, for too many candidates, and for
    an election that is unknown or takes none now."""
    one, item = meant.one, meant.item
    await _require_standing_time(ctx, one, item)
    people, _left = await named_people(ctx, text)
    people = tuple(dict.fromkeys([*people, *(who for who in ctx.origin.mentions if who != ctx.me)]))
    if not people or len(people) > MOST_NOMINATED:
        raise UserError(
            _(
                "Who is proposed? For example: `!nominate {number} @ana:example.org`",
                number=one.item,
            )
        )
    asked: list[UserId] = []
    for person in people:
        if person == ctx.me or not await is_in(ctx, item.room, person):
            raise UserError(_("{who} is not in that room.", who=Person(person)))
        if await election_store.get_candidate(ctx.db, one.item, person) is None:
            asked.append(person)
    for person in asked:
        await _require_room_for(ctx, one, None)
        await election_store.put_candidate(ctx.db, one.item, Nominee(person, accepted=False))
        await ctx.begin_dialogue("accept", person, {"item": one.item, "by": ctx.who})
    if not asked:
        return _("They stand already, or were asked before.")
    return n_(
        "I ask {count} person in private. Who accepts is on the list: `!candidates {number}`",
        "I ask {count} people in private. Who accepts is on the list: `!candidates {number}`",
        len(asked),
        number=one.item,
    )


@feature.dialogue("accept")
async def ask_acceptance(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask a person who was proposed as a candidate whether they stand. Return what to say, if
    anything."""
    number = Number(data["item"])
    one, item = await election_store.get_election(ctx.db, number), await items.get(ctx.db, number)
    before = await election_store.get_candidate(ctx.db, number, ctx.who)
    if one is None or item is None or before is None or before.accepted or not item.open:
        return None
    answer = ctx.ask(
        "accept",
        YES_NO,
        _(
            "{who} proposes you for election {number}, {title}.",
            who=Person(UserId(data["by"])),
            number=number,
            title=item.title,
        ),
        _("Do you stand? `yes` or `no`. Nobody is told if you don't."),
    )
    if answer != "yes":
        await election_store.drop_candidate(ctx.db, number, ctx.who)
        return _("Good: you don't stand in election {number}.", number=number)
    if ctx.said_at > one.stands_until:
        return _too_late(one)
    await election_store.put_candidate(ctx.db, number, Nominee(ctx.who))
    return [*_noted(one, item, "", ())]


@feature.command(
    words(
        "desistir",
        "desistir",
        "step-down",
        "me retiro, retiro mi candidatura, retirar candidatura, renuncio a la candidatura"
        " | desisto, retiro minha candidatura | withdraw candidacy, i step down",
    ),
    help=_("stand no more in an election"),
    example=_("For example: `step down {number}`", number=12),
    topic=ELECTIONS,
)
async def step_down(ctx: Context, meant: ElectionMeant) -> Answer:
    """Withdraw one's candidacy, also while the vote is open. Return the answer. Raises `UserError`
    if the person is no candidate, or if the vote has ended."""
    one, item = meant.one, meant.item
    mine = await election_store.get_candidate(ctx.db, one.item, ctx.who)
    if mine is None:
        raise UserError(_("You don't stand in election {number}.", number=one.item))
    ctx.answer_privately |= not ctx.is_private
    if one.poll is None:
        await election_store.drop_candidate(ctx.db, one.item, ctx.who)
        return _("Noted: you don't stand in election {number}.", number=one.item)
    poll = await poll_store.get_poll(ctx.db, one.poll)
    if poll.over(ctx.said_at) or not await poll_store.withdraw_option(
        ctx.db, one.poll, mine.place or 0
    ):
        raise UserError(_("The vote has ended, or you had stepped down before."))
    return [
        _("Noted: you stand no more in election {number}.", number=one.item),
        *withdrawn_effects(one, item, mine),
    ]


def withdrawn_effects(one: Election, item: Item, gone: Nominee) -> list[Say]:
    """Return the message to the room that a candidate withdrew while the vote is open."""
    told = _(
        "{who} stands no more in election {number}. Votes stay; theirs go to the next on each.",
        who=Person(gone.person),
        number=one.poll or one.item,
    )
    return [Say((told,), room=item.room, loud=True, item=one.poll or one.item)]


async def _require_standing_time(ctx: Context, one: Election, item: Item) -> None:
    """Raise `UserError` unless people can stand now, and this one is in the room."""
    if not item.open and one.poll is None and ctx.said_at <= one.stands_until:
        raise UserError(_("Election {number} has ended.", number=one.item))
    if not item.open or ctx.said_at > one.stands_until:
        raise UserError(_too_late(one))
    if not await is_in(ctx, item.room, ctx.who):
        raise UserError(_("There is no number {number} here.", number=one.item))


def _too_late(one: Election) -> Line:
    return _(
        "In election {number} people could stand until {moment}.",
        number=one.item,
        moment=Moment(one.stands_until),
    )


async def _require_room_for(ctx: Context, one: Election, before: Nominee | None) -> None:
    if before is None:
        count = len(await election_store.list_candidates(ctx.db, one.item))
        if count >= MOST_CANDIDATES:
            raise UserError(_("An election has up to {most} candidates.", most=MOST_CANDIDATES))
