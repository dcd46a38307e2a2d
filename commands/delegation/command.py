"""`!delegate @ana until in 30 days`: give one's vote to somebody; alone, show it; with
`no`, take it back.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Line,
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    Person,
    RoomId,
    Say,
    Sentence,
    UserError,
    UserId,
    _,
    find_taking_back,
    fold,
    named_people,
    rooms,
    split_room,
    words,
)
from commands.delegation import chains, poll_proxies, store, texts
from commands.delegation.declaration import HELD, feature
from commands.delegation.store import EVERY_POLL, Delegation
from commands.delegation.texts import EXAMPLE
from commands.poll_book import poll_store, proxy_store
from commands.poll_book import texts as poll_texts
from commands.poll_book.people import Crowd
from commands.poll_book.poll import Electorate
from commands.polls.declaration import DECISIONS

UNTIL = NamedArgument(
    words("hasta", "até", "until", "plazo, prazo, deadline"), joined=("hasta", "até", "until")
)
_NUMBER = re.compile(r"(?<!\S)#?(\d{1,9})(?!\S)")
_THEME = re.compile(r"(?<!\S)#([^\W\d_][\w-]{0,40})(?!\S)")
_FILLERS = re.compile(
    r"(?<!\S)(?:mi voto|meu voto|my vote|a|para|to|en|em|in|sobre|about|la|el|o|the|de|tema)(?!\S)",
    re.IGNORECASE,
)


_VOTES_FOR_ME = re.compile(
    r"(?:dej[ae]|deix[ae]|let) (?:que )?(?:(?:a|o) )?(\S{1,60}) (?:votar|vote) "
    r"(?:por mi|por mim|pra mim|for me)[\s.!]{0,5}"
)
"""A vote that is given away: `let ana vote for me`. Folded."""
feature.sentences.append(Sentence(_VOTES_FOR_ME, "delegate {}"))


@feature.command(
    words(
        "delegar",
        "delegar",
        "delegate",
        "delego, doy mi voto, ceder mi voto, cedo mi voto, delegaciones, quién vota por mí"
        " | delego, dou meu voto, ceder meu voto, cedo meu voto, delegações, quem vota por mim"
        " | delegation, delegations, give my vote, i give my vote, proxy, who votes for me",
    ),
    help=_("give your vote to somebody you trust; your own always goes before"),
    example=EXAMPLE,
    topic=DECISIONS,
    args=(UNTIL,),
)
async def delegate(ctx: Context, parts: ParsedArguments) -> Answer:
    """Give one's vote to somebody, show what was given, or take it back. Return the answer. Raises
    `UserError` for more than one person, oneself, somebody who doesn't vote there, a vote that is
    over or secret, and what is so already."""
    takes_back, text = await find_taking_back(ctx, parts.free)
    room, text = await split_room(ctx, f" {text}")
    if takes_back:
        return await _take_back(ctx, text)
    if not parts.free.strip() and not parts.named:
        return await _show(ctx)
    theme = _THEME.search(text)
    if theme is not None:
        text = text[: theme.start()] + text[theme.end() :]
    item, text = await _poll_meant(ctx, text)
    people, _rest = await named_people(ctx, _FILLERS.sub(" ", text))
    if not people:
        raise MissingArgument("person", _("to whom, as `@name:server`"))
    if len(people) > 1:
        raise UserError(_("To one person at a time, please."), EXAMPLE)
    if item is not None:
        place = await _room_of_both(ctx, item, people[0])
    else:
        place = (room or await ctx.choose_room()).room
    wish = Delegation(
        0,
        place,
        ctx.who,
        people[0],
        item.number if item else EVERY_POLL,
        fold(theme[1]) if theme else "",
        _until(ctx, parts),
        accepted=False,
        at=ctx.said_at,
    )
    return await _request(ctx, wish)


async def _poll_meant(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the decision that is named or replied to, if any, and the rest of the text."""
    number = _NUMBER.search(text)
    if number is None:
        return await ctx.replied_item("poll"), text
    rest = f"{text[: number.start()]} {text[number.end() :]}".strip()
    item, _left = await ctx.parse_item(number[1], "poll", takes=0)
    return item, rest


async def _room_of_both(ctx: Context, item: Item, taker: UserId) -> RoomId:
    """Return in which of a decision's rooms it is given: this one, or another with both in it."""
    every = (item.room, *item.others)
    for place in sorted(every, key=lambda room: room != ctx.room):
        if {ctx.who, taker} <= set(await rooms.members(ctx.db, place)):
            return place
    return item.room


def _until(ctx: Context, parts: ParsedArguments) -> datetime | None:
    phrase = parts.named.get(UNTIL.key)
    return ctx.parse_date(phrase, end_of_day=True) if phrase else None


async def _request(ctx: Context, wish: Delegation) -> Answer:
    """Ask the other person in private. Raises `UserError` for what can't be."""
    await _require_fit_person(ctx, wish)
    await require_fit_poll(ctx, wish)
    every = await store.of_rooms(ctx.db, wish.room)
    same = next((d for d in every if d.giver == ctx.who and d.scope == wish.scope), None)
    if same is not None and (same.taker, same.until) == (wish.taker, wish.until):
        raise UserError(_("It is so already."), texts.given_line(same))
    await require_room_for_it(ctx, wish)
    number = await store.add_request(ctx.db, wish)
    await ctx.begin_dialogue("accept", wish.taker, {"delegation": number})
    lines: list[Line] = [
        texts.given_line(wish),
        _(
            "It holds when {person} accepts; I ask in private. To take it back: `!delegate no`",
            person=Person(wish.taker),
        ),
        _("Whenever you vote yourself, your own vote counts."),
    ]
    if same is not None:
        lines.insert(1, _("Until then it stays with {person}.", person=Person(same.taker)))
    return lines


async def _require_fit_person(ctx: Context, wish: Delegation) -> None:
    if wish.taker == wish.giver:
        raise UserError(_("That is you: your vote is yours already."), EXAMPLE)
    crowd = await Crowd.read(ctx, wish.room)
    for person in (wish.giver, wish.taker):
        if person not in crowd.names or crowd.has_no_vote(person):
            raise UserError(
                _("{person} does not vote in that room.", person=Person(person, full=True))
            )


async def require_fit_poll(ctx: Context, wish: Delegation) -> None:
    """Raise `UserError` if votes can't be given to others in this decision."""
    if wish.poll == EVERY_POLL:
        return
    poll = await poll_store.get_poll(ctx.db, wish.poll)
    if poll.over(ctx.said_at):
        raise UserError(poll_texts.already_over_line(poll))
    if poll.rule.secret:
        raise UserError(_("In a secret vote nobody votes for another: each votes for themselves."))
    if poll.rule.voters is Electorate.ORGANISATIONS:
        raise UserError(
            _("Organisations vote there, and have alternates: `!voters {number}`", number=wish.poll)
        )
    both = (wish.giver, wish.taker)
    if await proxy_store.people_on_roll(ctx.db, wish.poll, both) != set(both):
        raise UserError(_("Not both of you may vote there: `!voters {number}`", number=wish.poll))


async def require_room_for_it(ctx: Context, wish: Delegation) -> None:
    """Raise `UserError` if the taker holds as many votes as the room allows, or if giving them one
    more would close a circle."""
    every = [one for one in await store.of_rooms(ctx.db, wish.room) if one.overlaps(wish)]
    most = int(await ctx.setting_value(HELD, wish.room))
    if most == 0:
        raise UserError(_("In this room nobody gives their vote to another."))
    givers = {one.giver for one in every if one.taker == wish.taker} - {wish.giver}
    if len(givers) >= most:
        raise UserError(
            _(
                "{person} holds as many votes as one may here: {most}.",
                person=Person(wish.taker),
                most=most,
            )
        )
    edges = {(one.giver, one.taker) for one in every if one.giver != wish.giver}
    if chains.closes_circle(edges, wish.giver, wish.taker):
        raise UserError(
            _("That would be a circle: {person} gave theirs to you.", person=Person(wish.taker))
            if (wish.taker, wish.giver) in edges
            else _("That would be a circle: that vote would come back to you.")
        )


# --- looking, and taking back ---------------------------------------------------------------------


async def _show(ctx: Context) -> list[Line]:
    every = await store.of_person(ctx.db, ctx.who)
    if not ctx.is_private:
        every = [one for one in every if one.room == ctx.room]
    if not every:
        return [_("You gave your vote to nobody, and nobody gave you theirs."), EXAMPLE]
    lines: list[Line] = []
    for one in every[:20]:
        said = texts.given_line(one)
        lines.append(said if one.accepted else _("{given} Not accepted yet.", given=said))
    return [*lines, _("To take back or give back: `!delegate no @name`")]


async def _take_back(ctx: Context, text: str) -> Answer:
    """Take back what one gave, or give back what one was given."""
    every = await store.of_person(ctx.db, ctx.who)
    theme, number = _THEME.search(text), _NUMBER.search(text)
    people, _rest = await named_people(ctx, _NUMBER.sub(" ", _THEME.sub(" ", text)))
    found = [
        one
        for one in every
        if (ctx.is_private or one.room == ctx.room)
        and (theme is None or one.topic == fold(theme[1]))
        and (number is None or one.poll == int(number[1]))
        and ({one.giver, one.taker} & set(people) if people else one.giver == ctx.who)
    ]
    if not found:
        raise UserError(
            _("I find no vote that was given like that."), _("What there is: `!delegate`")
        )
    effects: list[Line | Effect] = []
    for one in found:
        effects += await end_delegation(ctx, one)
    for room in sorted({one.room for one in found if one.accepted}):
        await poll_proxies.refresh_room(ctx, room, withdrawn=True)
    return [_("Taken back. What was voted with it in open decisions does not count."), *effects]


feature.log_line(
    "ended",
    _("the vote of {giver} is with {taker} no more"),
    values=lambda facts: {
        "giver": Person(UserId(str(facts.get("giver", "")))),
        "taker": Person(UserId(str(facts.get("user", "")))),
    },
)


async def end_delegation(ctx: Context, one: Delegation) -> list[Effect]:
    """Delete a delegation, log it if it was accepted, and tell the other person. Return what to
    send."""
    await store.drop(ctx.db, one.id)
    if not one.accepted:
        return []
    await ctx.log("ended", {"giver": one.giver, "user": one.taker}, room=one.room)
    said = _("No more: {given}", given=texts.given_line(one))
    others = [p for p in (one.giver, one.taker) if p != ctx.who]
    return [Say((said,), to=person) for person in others if await rooms.shares_room(ctx.db, person)]
