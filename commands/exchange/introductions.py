"""Find posts that fit, ask both people in private, and pass on contacts if both say yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.api import (
    NOTHING,
    REACH,
    YES_NO,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Rest,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    rooms,
    words,
)
from commands.exchange import identifiers, post_meaning, store, texts, visibility
from commands.exchange import introduction_store as meetings
from commands.exchange.args import PostDraft
from commands.exchange.declaration import EXCHANGE_TOPIC, UNANSWERED_JOB, feature
from commands.exchange.introduction_store import Introduction
from commands.exchange.matching.fit import Fit, compute_fit
from commands.exchange.matching.lexicon import Lexicon
from commands.exchange.matching.meaning import Meaning, parse_meaning
from commands.exchange.store import NEED, OFFER, Post

MOST_CANDIDATES = 200
"""How many posts with a word in common are compared."""
MOST_AT_ONCE = 3
"""How many matches are proposed to somebody who publishes a post."""
MOST_SHOWN = 5
ANSWER_WITHIN = timedelta(days=7)
LONGEST_NOTE = 300
MOST_ANSWERS_A_DAY = 20
"""How many posts one person may answer in a day."""
MOST_FROM_NETWORKS = 3
"""How many matching posts of other networks are proposed to one person in a day."""
MOST_REFUSALS = 2
"""After this many refusals by one author, a person's answers no longer reach them."""


@dataclass(frozen=True, slots=True)
class Match:
    """A post that fits another one."""

    post: Post
    fit: Fit


# --- matching -------------------------------------------------------------------------------------


async def find_matches(
    ctx: Context,
    side: str,
    meaning: Meaning,
    kind: str,
    known: Lexicon,
    places: Sequence[RoomId],
    but: UserId,
) -> list[Match]:
    """Return the posts of this side that fit the meaning: ours first, then by score.

    Only posts visible in these rooms, without those of the person `but`. `kind` may be empty.
    """
    heads, others = post_meaning.wanted_terms(meaning, known)
    near = await store.find_candidates(ctx.db, side, places, but, heads, others, MOST_CANDIDATES)
    found: list[Match] = []
    for post in near:
        if kind and post.kind and kind != post.kind:
            continue
        theirs = post_meaning.meaning_of(post, known)
        one = compute_fit(meaning, theirs) if side == OFFER else compute_fit(theirs, meaning)
        if one.is_enough:
            found.append(Match(post, one))
    return sorted(
        found, key=lambda match: (bool(match.post.origin), -match.fit.score, -match.post.item)
    )


async def offers_for_need(ctx: Context, draft: PostDraft) -> list[Post]:
    """Return the offers that fit a need, without those the person hides.

    In a room only offers of that room and of the whole network are shown.
    """
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = parse_meaning(draft.text, known, draft.place)
    places = await _rooms_of(ctx, ctx.who)
    found = await find_matches(ctx, OFFER, meaning, draft.kind, known, places, ctx.who)
    here = set(await visibility.visible_rooms(ctx))
    shown = [one.post for one in found if one.post.network or one.post.room in here]
    return [post for post in shown if not await store.hides_post(ctx.db, ctx.who, post)][
        :MOST_SHOWN
    ]


async def propose_matches(ctx: Context, post: Post) -> None:
    """Propose what fits a new post to its author. The other side is asked only after a yes."""
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = post_meaning.meaning_of(post, known)
    places = [post.room] if post.origin else await _rooms_of(ctx, post.person)
    found = await find_matches(ctx, post.other_side, meaning, post.kind, known, places, post.person)
    begun = 0
    for match in found:
        if begun == MOST_AT_ONCE:
            break
        if await _may_introduce(ctx, post, match.post):
            await _begin_introduction(ctx, post, match.post)
            begun += 1


async def _rooms_of(ctx: Context, person: UserId) -> list[RoomId]:
    return [room.room for room in await rooms.shared_rooms(ctx.db, person)]


async def _may_introduce(ctx: Context, post: Post, other: Post) -> bool:
    """True if both may see the other's post, neither hides it, and it is a new pair.

    Of other networks' posts only a few are proposed to a person in a day.
    """
    if post.person == other.person or not await visibility.may_see_post(ctx, post, other.person):
        return False
    if await store.hides_post(ctx.db, post.person, other):
        return False
    if await store.hides_post(ctx.db, other.person, post):
        return False
    if post.origin or other.origin:
        ours, theirs = (other, post) if post.origin else (post, other)
        day = ctx.now - timedelta(days=1)
        told = await meetings.count_remote_since(ctx.db, ours.person, day)
        if told >= MOST_FROM_NETWORKS:
            return False
        return not await meetings.introductions_about(ctx.db, theirs.item, ours.person)
    return not await meetings.introductions_about(ctx.db, other.item, post.person)


async def _begin_introduction(ctx: Context, one: Post, other: Post) -> None:
    """Begin an introduction: ask the author of the newer post first.

    If that post came from another network, the local author is asked.
    """
    first = other.person if one.origin else one.person
    need, offer = (one, other) if one.side == NEED else (other, one)
    key = await meetings.add_introduction(
        ctx.db, need.item, offer.item, need.person, offer.person, ctx.said_at
    )
    await ctx.begin_dialogue("introduce", first, {"meeting": key}, patience=ANSWER_WITHIN)


# --- asking both ----------------------------------------------------------------------------------


@feature.dialogue("introduce")
async def ask_person(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one of the two people. Nothing they read names the other."""
    met = await meetings.get_introduction(ctx.db, data["meeting"])
    if met is None or ctx.who not in (met.needer, met.offerer):
        return None
    mine, theirs = await _own_and_other(ctx, met)
    if not await _is_still_possible(ctx, met, mine, theirs):
        asked = "want" in ctx.answers
        return _("That is not there any more; I asked nobody.") if asked else None
    if mine is not None and theirs is not None and theirs.origin:
        return await _propose_remote(ctx, met, mine, theirs)
    answer = ctx.ask(
        "want", YES_NO, *await _question_lines(ctx, mine, theirs, data.get("note", ""))
    )
    await meetings.save_answer(ctx.db, met, ctx.who, answer)
    if answer == "no":
        return await _refuse(ctx, met, mine, theirs)
    if met.answer_of(met.other_person(ctx.who)) == "yes":
        return _exchange_contacts(ctx, met, mine, theirs)
    await ctx.begin_dialogue(
        "introduce", met.other_person(ctx.who), {"meeting": met.id}, patience=ANSWER_WITHIN
    )
    about = mine or theirs
    assert about is not None
    await ctx.schedule(
        UNANSWERED_JOB,
        ctx.said_at + ANSWER_WITHIN,
        item=about.item,
        room=about.room,
        person=ctx.who,
        meeting=met.id,
    )
    return _("Noted. I ask the other person and tell you what comes of it.")


async def _propose_remote(ctx: Context, met: Introduction, mine: Post, theirs: Post) -> Answer:
    """Propose a post of another network, and ask that network if the person wants it."""
    came = _("It is of {network}: {number}.", network=theirs.origin, number=theirs.item)
    try:
        said = await _ask_network(ctx, theirs, (await _match_line(ctx, mine, theirs), came), "")
    except UserError:
        if "want" in ctx.answers:
            raise
        return None  # a proposal that fails is not worth a message
    await meetings.save_answer(ctx.db, met, ctx.who, "no" if said is None else "yes")
    return await _refuse(ctx, met, mine, theirs) if said is None else said


async def _ask_network(
    ctx: Context, post: Post, lead: tuple[Line, ...], note: str
) -> list[Line | Effect] | None:
    """Ask another network about its post. Returns None if the person does not want that.

    Raises `UserError` if the network is not linked any more.
    """
    for reach in ctx.registry.offers(REACH):
        said: list[Line | Effect] | None = await reach(ctx, post.item, lead, note)
        return said
    raise UserError(_("{network} is not linked with us any more.", network=post.origin))


async def _own_and_other(ctx: Context, met: Introduction) -> tuple[Post | None, Post | None]:
    """Return the person's own post and the other's. Somebody who only answered has none."""
    need = await store.get_post(ctx.db, met.need) if met.need else None
    offer = await store.get_post(ctx.db, met.offer) if met.offer else None
    return (need, offer) if ctx.who == met.needer else (offer, need)


async def _is_still_possible(
    ctx: Context, met: Introduction, mine: Post | None, theirs: Post | None
) -> bool:
    """True if both posts are open, each person may still see the other's, and no one refused."""
    for post, reader in ((mine, met.other_person(ctx.who)), (theirs, ctx.who)):
        if post is not None and not (
            post.is_open and await visibility.may_see_post(ctx, post, reader)
        ):
            return False
    return met.answer_of(met.other_person(ctx.who)) != "no"


async def _question_lines(
    ctx: Context, mine: Post | None, theirs: Post | None, note: str
) -> list[Line]:
    lines = [await _match_line(ctx, mine, theirs) if theirs else _answer_line(mine)] if mine else []
    if note:
        lines.append(_("They say: “{text}”", text=note))
    return [*lines, _("Contacts pass only if both say yes. Do you want that? `yes` or `no`")]


async def _match_line(ctx: Context, mine: Post, theirs: Post) -> Line:
    """Return the line that says what fits the person's own post, and why."""
    known = await post_meaning.load_lexicon(ctx.db)
    need, offer = (mine, theirs) if mine.side == NEED else (theirs, mine)
    found = compute_fit(post_meaning.meaning_of(need, known), post_meaning.meaning_of(offer, known))
    about: dict[str, Any] = {
        "number": mine.item,
        "text": texts.shorten_text(theirs.text),
        "why": post_meaning.reasons_line(found),
    }
    if mine.side == NEED:
        return _("There is an offer like your need {number}: “{text}” ({why}).", **about)
    return _("There is a need like your offer {number}: “{text}” ({why}).", **about)


def _answer_line(mine: Post) -> Line:
    about: dict[str, Any] = {"number": mine.item, "text": texts.shorten_text(mine.text)}
    if mine.side == NEED:
        return _("Somebody can help with your need {number}, “{text}”.", **about)
    return _("Somebody is interested in your offer {number}, “{text}”.", **about)


async def _refuse(
    ctx: Context, met: Introduction, mine: Post | None, theirs: Post | None
) -> Answer:
    """Hide the post from this person, and tell the other, if they had said yes, that it failed."""
    if theirs is not None:
        await store.hide_post(ctx.db, ctx.who, theirs.item)
    said = _("Noted. I don't show you that again.")
    other = met.other_person(ctx.who)
    if met.answer_of(other) != "yes":
        return said
    return [said, Say(_refusal_lines(theirs, mine), to=other)]


def _refusal_lines(asked_for: Post | None, other: Post | None) -> tuple[Line, ...]:
    """Return the lines for the person who said yes. They do not say who refused or why."""
    if asked_for is None:
        assert other is not None
        return (_("It did not come about this time: {what}.", what=texts.post_name(other)),)
    return (
        _("It did not come about this time: {what}.", what=texts.post_name(asked_for)),
        _("It stays open, and I go on looking."),
    )


def _exchange_contacts(
    ctx: Context, met: Introduction, mine: Post | None, theirs: Post | None
) -> Answer:
    """Tell each of the two who the other is, after both said yes."""
    other = met.other_person(ctx.who)
    return [
        *_contact_lines(mine or theirs, other),
        Say(tuple(_contact_lines(theirs or mine, ctx.who)), to=other, loud=True),
    ]


def _contact_lines(about: Post | None, person: UserId) -> list[Line]:
    assert about is not None
    lines = [
        _(
            "Both said yes, {what}: {person}. Write to each other.",
            what=texts.post_name(about),
            person=Person(person, full=True),
        )
    ]
    lines.append(_("When it is settled: `!solved {number}`", number=about.item))
    return lines


@feature.runs(UNANSWERED_JOB)
async def tell_unanswered(ctx: Context, job: Job) -> Answer:
    """Tell the person who said yes that no answer has come."""
    met = await meetings.get_introduction(ctx.db, job.payload["meeting"])
    post = await store.get_post(ctx.db, Number(job.item)) if job.item is not None else None
    if met is None or post is None or not post.is_open or job.person is None:
        return None
    if met.answer_of(met.other_person(job.person)):
        return None
    lines = (
        _("I have no answer yet from the other person: {what}.", what=texts.post_name(post)),
        _("It stays open, and I go on looking."),
    )
    return Say(lines, to=job.person, item=post.item)


# --- answers to a post ----------------------------------------------------------------------------


@feature.command(
    words(
        "me-interesa",
        "me-interessa",
        "interested",
        "yo puedo, me sirve | eu posso, me serve | i can help, i am interested",
    ),
    help=_("answer to an offer or a need: contacts pass only if both say yes"),
    example=_("For example: `!interested {number}`", number=57),
    topic=EXCHANGE_TOPIC,
    of=visibility.POST_KINDS,
    bare=True,
)
async def answer_post(ctx: Context, post: visibility.PostMeant, *, note: Rest = NOTHING) -> Answer:
    """Ask a post's author in private whether to exchange contacts. Raises `UserError`."""
    if post.person == ctx.who:
        raise UserError(
            _("That is your own: {what}.", what=texts.post_name(post)),
            _("What others offer and need: `!offers`, `!needs`"),
        )
    if not post.is_open:
        raise UserError(_("That is over: {what}.", what=texts.post_name(post)))
    if len(note) > LONGEST_NOTE:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_NOTE))
    if post.origin:  # redact the line: no name may go along
        ctx.discreet = not ctx.is_private
        identifiers.refuse_identifiers(note)
        said = await _ask_network(ctx, post, (texts.post_line(post),), note)
        return _("I asked nobody.") if said is None else said
    await _record_answer(ctx, post, note)
    return _("Noted. I ask the other person in private and tell you there what comes of it.")


async def _record_answer(ctx: Context, post: Post, note: str) -> None:
    """Record the person's yes and ask the author.

    Raises `UserError` if they said yes before, also to a proposed match.
    """
    for met in await meetings.introductions_about(ctx.db, post.item, ctx.who):
        if met.answer_of(ctx.who) == "yes":
            raise UserError(
                _("I asked already: {what}. You hear from me.", what=texts.post_name(post))
            )
    await _check_frequency(ctx, post)
    needs = post.side == NEED
    key = await meetings.add_introduction(
        ctx.db,
        post.item if needs else None,
        None if needs else post.item,
        post.person if needs else ctx.who,
        ctx.who if needs else post.person,
        ctx.said_at,
    )
    made = await meetings.get_introduction(ctx.db, key)
    assert made is not None
    await meetings.save_answer(ctx.db, made, ctx.who, "yes")
    data = {"meeting": key, "note": note}
    await ctx.begin_dialogue("introduce", post.person, data, patience=ANSWER_WITHIN)
    await ctx.schedule(
        UNANSWERED_JOB,
        ctx.said_at + ANSWER_WITHIN,
        item=post.item,
        room=post.room,
        person=ctx.who,
        meeting=key,
    )


async def _check_frequency(ctx: Context, post: Post) -> None:
    """Raise `UserError` if the person answered too much today or was refused too often."""
    day = ctx.said_at - timedelta(days=1)
    recent = await meetings.count_answered_since(ctx.db, ctx.who, day)
    if not ctx.defaults.unlimited and recent >= MOST_ANSWERS_A_DAY:
        raise UserError(
            _("You answered to {count} in a day; please go on tomorrow.", count=MOST_ANSWERS_A_DAY)
        )
    if await meetings.count_refusals(ctx.db, post.person, ctx.who) >= MOST_REFUSALS:
        raise UserError(_("I can't pass that on for you: {what}.", what=texts.post_name(post)))
