"""Ask both people in private, and pass on contacts if both say yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    NOTHING,
    REACH_AUTHOR,
    YES_NO,
    Answer,
    Bare,
    Context,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Rest,
    Say,
    UserError,
    UserId,
    _,
    words,
)
from commands.exchange import (
    identifiers,
    introduction_store,
    post_meaning,
    store,
    texts,
    visibility,
)
from commands.exchange.declaration import ANSWER_WITHIN, EXCHANGE_TOPIC, UNANSWERED_JOB, feature
from commands.exchange.introduction_store import Introduction
from commands.exchange.matching.fit import compute_fit
from commands.exchange.store import NEED, Post

LONGEST_NOTE = 300
MOST_ANSWERS_A_DAY = 20
"""How many posts one person may answer in a day."""
MOST_REFUSALS = 2
"""After this many refusals by one author, a person's answers no longer reach them."""


# --- asking both ----------------------------------------------------------------------------------


@feature.dialogue("introduce")
async def ask_person(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one of two people whether they want to be introduced. Nothing they read names the other.
    Return what to say, if anything."""
    met = await introduction_store.get_introduction(ctx.db, data["meeting"])
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
    await introduction_store.save_answer(ctx.db, met, ctx.who, answer)
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
    await introduction_store.save_answer(ctx.db, met, ctx.who, "no" if said is None else "yes")
    return await _refuse(ctx, met, mine, theirs) if said is None else said


async def _ask_network(
    ctx: Context, post: Post, lead: tuple[Line, ...], note: str
) -> list[Line | Effect] | None:
    """Ask another network about its post. Returns None if the person does not want that.

    Raises `UserError` if the network is not linked any more.
    """
    for reach in ctx.registry.offers(REACH_AUTHOR):
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
    """Tell the person who said yes to an introduction that no answer has come. Return what to say,
    if anything."""
    met = await introduction_store.get_introduction(ctx.db, job.payload["meeting"])
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
    bare=Bare.NUMBERED,
)
async def answer_post(ctx: Context, post: visibility.PostMeant, *, note: Rest = NOTHING) -> Answer:
    """Ask the author of a need or offer in private whether to exchange contacts. Return the answer.

    The text behind the number goes along. Raises `UserError` and `MissingArgument`.
    """
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
    for met in await introduction_store.introductions_about(ctx.db, post.item, ctx.who):
        if met.answer_of(ctx.who) == "yes":
            raise UserError(
                _("I asked already: {what}. You hear from me.", what=texts.post_name(post))
            )
    await _check_frequency(ctx, post)
    needs = post.side == NEED
    key = await introduction_store.add_introduction(
        ctx.db,
        post.item if needs else None,
        None if needs else post.item,
        post.person if needs else ctx.who,
        ctx.who if needs else post.person,
        ctx.said_at,
    )
    made = await introduction_store.get_introduction(ctx.db, key)
    assert made is not None
    await introduction_store.save_answer(ctx.db, made, ctx.who, "yes")
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
    recent = await introduction_store.count_answered_since(ctx.db, ctx.who, day)
    if not ctx.defaults.unlimited and recent >= MOST_ANSWERS_A_DAY:
        raise UserError(
            _("You answered to {count} in a day; please go on tomorrow.", count=MOST_ANSWERS_A_DAY)
        )
    if await introduction_store.count_refusals(ctx.db, post.person, ctx.who) >= MOST_REFUSALS:
        raise UserError(_("I can't pass that on for you: {what}.", what=texts.post_name(post)))
