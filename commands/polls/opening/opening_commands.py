"""The commands that open a decision: a poll, a proposal or a date poll."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.api import (
    TEXT_TO_DECIDE,
    Answer,
    Behind,
    CommandPlace,
    Context,
    DecidableText,
    Effect,
    EventId,
    Line,
    Number,
    ParsedArguments,
    Person,
    Reach,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    fold,
    item_translations,
    items,
    n_,
    require_voice,
    rooms,
    run_line,
    words,
)
from commands.ballot_secrecy import ballot_opening
from commands.embargo.typed_times import refuse_time
from commands.many_rooms.room_choice import choose_rooms, homes_by, preview_lines
from commands.poll_book import chamber_roll, chamber_store, poll_store, requested_proposals, roll
from commands.poll_book.extensions import ROLL_WRITTEN
from commands.poll_book.poll import Electorate
from commands.poll_book.roll import VoterGroup
from commands.poll_book.voter_store import Voter
from commands.poll_lines.labels import EXAMPLE
from commands.poll_lines.loose_type import take_loose_type
from commands.polls import nudges
from commands.polls.declaration import CLOSE_JOB, DECISIONS, feature
from commands.polls.opening import opening_post, other_rooms, plan
from commands.polls.opening.arguments import ARGS
from commands.polls.opening.plan import DATE_POLL_EXAMPLE, PROPOSAL_EXAMPLE, PollPlan
from commands.translations.typed_texts import original_language, take_original

MOST_NAMES = 50
_ASKS_WHEN = re.compile(
    r"^\W*\w+\s+(?:es|e|eh|era|sera|son|sao|is|are|was|will|do|does|seria|toca|hay|tem|tenemos|temos"
    r"|empiez\w+|comienz\w+|comec\w+|starts?|nos|vamos)\b[^,;\n]*$"
)
"""`cuándo es la asamblea`, folded: a question about what is fixed, with no dates to choose from."""


@feature.command(
    words(
        "encuesta",
        "enquete",
        "poll",
        "votación, sondeo, pregunta, consulta, votemos, encuestar | votação, pergunta, sondagem"
        " | survey",
    ),
    help=_("ask the room a question with options; with `secret` behind them, in secret"),
    example=EXAMPLE,
    topic=DECISIONS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=ARGS,
    homes=homes_by(ARGS),
    behind=Behind.OPTIONS,
)
async def open_poll(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a poll: a question with options, as a message to reply to and a native poll to tap.
    Return the answer."""
    refuse_time(ctx)
    parts = take_loose_type(ctx, parts, ARGS)
    parts, language = take_original(parts, ctx.policy.language)
    return await open_plan(ctx, replace(plan.plan_poll(ctx, parts), language=language))


@feature.command(
    words(
        "propuesta",
        "proposta",
        "proposal",
        "propongo, proponer, moción, decidir | proponho, propor, moção | propose, motion",
    ),
    help=_("decide on a text by a rule"),
    example=PROPOSAL_EXAMPLE,
    topic=DECISIONS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=ARGS,
    homes=homes_by(ARGS),
    behind=Behind.BEGINNING,
)
async def open_proposal(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a proposal: a text for approval, by its words or its name, or options to rank or to
    score. Return the answer."""
    refuse_time(ctx)
    parts = take_loose_type(ctx, parts, ARGS)
    text = await _text_meant(ctx, parts)
    if text is not None:
        title = await ctx.render_line(text.title, ctx.place)
        return await open_plan(ctx, plan.plan_text(ctx, parts, title), text)
    parts, language = take_original(parts, ctx.policy.language)
    return await open_plan(ctx, replace(plan.plan_proposal(ctx, parts), language=language))


async def _text_meant(ctx: Context, parts: ParsedArguments) -> DecidableText | None:
    """Return the text that another capability keeps under these words, or None."""
    if parts.quoted or not parts.free:
        return None
    for service in ctx.registry.offers(TEXT_TO_DECIDE):
        found = await service(ctx, parts.free)
        if found is not None:
            return found
    return None


@feature.command(
    words(
        "cuándo",
        "quando",
        "when",
        "fechas, qué día, qué días, disponibilidad, doodle"
        " | datas, que dia, que dias, horários, disponibilidade | dates, what day, availability",
    ),
    help=_("find the date that suits most people"),
    example=DATE_POLL_EXAMPLE,
    topic=DECISIONS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=ARGS,
    homes=homes_by(ARGS),
)
async def open_date_poll(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a date poll, in which people say which dates suit them, and which only if need be.
    Return the answer.

    Somebody who asks when something is (`¿cuándo es la asamblea?`) is shown the next events
    instead.
    """
    if _ASKS_WHEN.search(fold(ctx.text)):
        return await run_line(ctx, "events")
    refuse_time(ctx)
    return await open_plan(
        ctx, plan.plan_date_poll(ctx, parts, await ctx.policy_of_room(ctx.place))
    )


async def open_plan(ctx: Context, asked: PollPlan, text: DecidableText | None = None) -> Answer:
    """Open a poll now, as it was asked for: store it with who may vote, and show it in its room.
    Return what to say, if anything. `text`: the draft or other thing that it decides on.

    Raises `UserError` if the person may not speak in that room.
    """
    room = ctx.place
    await require_voice(ctx, room)
    asked = replace(asked, voters=await roll.resolve_area_name(ctx, asked.voters))
    chosen = await choose_rooms(ctx, room, asked.where)
    if chosen.others:
        if asked.rule.secret:
            raise UserError(_("A secret vote stays in one room, whose people know each other."))
        voters = await roll.build_shared_roll(ctx, chosen.every, asked.voters)
        ctx.confirm(*await preview_lines(ctx, chosen, len(voters)))
    number = await store_plan(ctx, asked, room, ctx.who, others=chosen.every[1:])
    if text is not None:
        await requested_proposals.add_request(ctx, number, text.then)
    first = list(text.first if text is not None else ())
    if asked.review is not None:
        first.append(await nudges.schedule_review(ctx, number, room, asked.review))
    thread = ctx.origin.thread if room == ctx.room else None
    effects = await opening_effects(ctx, number, room, thread, *first)
    effects = [*(text.before if text is not None else ()), *effects]
    effects += await _tell_absent(ctx, number, room, asked)
    if room == ctx.room:
        return effects
    name = ctx.target.name if ctx.target else room
    return [_("Poll {number} is open in {room}.", number=number, room=name or room), *effects]


async def _tell_absent(ctx: Context, number: Number, room: RoomId, asked: PollPlan) -> list[Effect]:
    """Tell how many of the named people are not in the room; tell the author who.

    The author gets only the names of people with whom they share a room.
    """
    absent = await roll.absent_members(ctx, room, asked.voters)
    if not absent:
        return []
    told = n_(
        "{count} person of those you named is not in this room, and can't vote in {number}.",
        "{count} people of those you named are not in this room, and can't vote in {number}.",
        len(absent),
        number=number,
    )
    seen = [person for person in absent if await _shares_room(ctx, person)]
    names = tuple(Person(person) for person in seen[:MOST_NAMES])
    effects: list[Effect] = [Say((told,), room=room, item=number)]
    if names:
        who = _(
            "They can't vote in {number}, as they are not in its room: {names}",
            number=number,
            names=names,
        )
        effects.append(Say((who,), to=ctx.who, item=number))
    return effects


async def _shares_room(ctx: Context, person: UserId) -> bool:
    """Return whether the author and this person share a room with the bot."""
    mine = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    return any(room.room in mine for room in await rooms.shared_rooms(ctx.db, person))


async def store_plan(
    ctx: Context,
    asked: PollPlan,
    room: RoomId,
    author: UserId,
    *,
    remind: bool = True,
    others: Sequence[RoomId] = (),
) -> Number:
    """Store a planned poll with its voters, and schedule its end, and its opening in other rooms.
    Return its number.

    `remind`: also nudge those who have not voted. Raises `UserError` if nobody could vote, or a
    secret vote has too few voters.
    """
    if asked.chambers and others:
        raise UserError(
            _("A decision by chambers is asked in one room: leave out `in:` or `chambers:`.")
        )
    chambers = await chamber_roll.build_chambers(ctx, room, asked.chambers)
    voters = [voter for _name, among in chambers for voter in among]
    if not chambers:
        voters = await roll.build_shared_roll(ctx, (room, *others), asked.voters)
    if asked.rule.secret:
        ballot_opening.require_hidden_voters(voters)
        await ballot_opening.confirm_similar_roll(ctx, room, voters)
    number = await items.add(
        ctx.db, feature.name, "poll", room, author, asked.question, ctx.said_at
    )
    await items.show_in(ctx.db, number, others)
    named = Electorate.NAMED if others else _electorate(asked, voters[0])
    rule = replace(asked.rule, voters=named)
    await poll_store.add_poll(ctx.db, number, asked.question, asked.options, rule, asked.closes)
    await _store_texts(ctx, asked, number, room, author)
    await roll.write_roll(ctx.db, number, voters)
    await chamber_store.put_chambers(ctx.db, number, chambers)
    for added in ctx.registry.offers(ROLL_WRITTEN):
        await added(ctx, number)
    await poll_store.store_roll(ctx.db, number, len(voters), sum(v.weight for v in voters))
    if asked.rule.secret:
        await ballot_opening.sign_opening(ctx, number, voters)
    item = await items.get(ctx.db, number)
    assert item is not None
    await other_rooms.repeat(ctx, item, "open")
    if asked.closes:
        await ctx.schedule(CLOSE_JOB, asked.closes, item=number, room=room)
        if remind:
            await nudges.plan_nudge(ctx, item, asked.closes)
    return number


async def _store_texts(
    ctx: Context, asked: PollPlan, number: Number, room: RoomId, author: UserId
) -> None:
    """Store what a poll is asked in other languages. Raises `UserError` if its own is unclear."""
    if not asked.texts:
        return
    own = asked.language or await original_language(ctx, room, author, asked.texts)
    await item_translations.set_language(ctx.db, number, own)
    for language, text in asked.texts.items():
        await item_translations.add(ctx.db, number, language, text.parts, None)
    poll = await poll_store.get_poll(ctx.db, number)
    await poll_store.index_title(ctx.db, number, poll.title)


async def opening_effects(
    ctx: Context, number: Number, room: RoomId, thread: EventId | None, *first: Line
) -> list[Effect]:
    """Return the messages that open a stored poll in its room, with the lines `first` above
    them."""
    return await opening_post.opening_messages(
        ctx, await poll_store.get_poll(ctx.db, number), room, thread, *first
    )


def _electorate(asked: PollPlan, first: Voter) -> Electorate:
    if first.is_organisation:
        return Electorate.ORGANISATIONS
    named = asked.voters.who is VoterGroup.NAMED or asked.chambers
    return Electorate.NAMED if named else Electorate.HERE
