"""Answers lines typed in danger or after harm; the first line says what to do.

Nobody is called and nothing is passed on before the person says yes (decision 0022).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot import distress
from bot.capability.authority.typed_forms import Bare, CommandPlace
from bot.capability.context import Context
from bot.capability.data import alluded_people
from bot.capability.data.alluded_people import CALLED_BY_WORDS, CalledByWords
from bot.capability.errors import CALL, AnswerNeeded
from bot.capability.feature import Answer, Command
from bot.capability.registry import Registry
from bot.capability.resume_point import ResumePoint
from bot.capability.services import (
    ADD_TO_OPEN_CALL,
    ADVICE_LINES,
    OUTING_LINES,
)
from bot.conversation import distress_lines
from bot.conversation.addressing import AddressedLine, has_prefix
from bot.conversation.private_answers import REDACTED_NOTICE, may_redact
from bot.conversation.questions import call_question
from bot.delivery.effects import Effect, Redact, Say
from bot.distress import HelpKind, about_bot, call_answers
from bot.i18n import _
from bot.lines import Line, Person
from bot.text.removal_questions import asks_how_to_remove
from bot.types import Message, RoomId, UserId
from storage import questions
from storage.questions import Question


def _is_alone_with_traces(text: str) -> bool:
    """Return whether somebody wants what they wrote gone and tells of nobody who reads along, who
    is to learn of no report."""
    return distress.is_about_traces(text) and distress.find_help_kind(text) is None


def _tells_in_confidence(text: str) -> bool:
    """Return whether few are to learn of something other than of a vote."""
    return distress.asks_secrecy(text) and not about_bot.asks_secret_ballot(text)


_ADVICE: tuple[tuple[Callable[[str], bool], str], ...] = (
    (distress.is_about_traces, "forgetting"),
    (_is_alone_with_traces, "reported"),
    (distress.tells_of_lost_device, "lost device"),
    (_tells_in_confidence, "confidence"),
    (about_bot.asks_secret_ballot, "secret vote"),
    (distress.warns_of_account, "lost account"),
)
"""What is read in a line, and the kind of `ADVICE_LINES` that it calls for."""


_HOW_TO_USE = _("How to use me: `!help polls`. All there is: `!help`")


def is_command(registry: Registry, found: Command, _typed: str, rest: str) -> bool:
    """Return whether the line really is the command that its first word names.

    `urgent remove …` and `help panic` are; `help, panic, they follow me` is a call for help.
    """
    if distress_lines.is_help_command(registry, found):
        return True
    if found.is_vote:  # `vou encontrar alguém …` holds the word of another command, and is none
        return False
    named = registry.find_command(rest)
    if named is None or registry.is_call_word(named[1]):
        return False
    return not (distress_lines.is_help_command(registry, named[0]) and named[2])


def is_talk(registry: Registry, found: Command, typed: str, rest: str) -> bool:
    """Return whether a line of somebody in danger only begins like a command, as `voy por la 7`
    does.

    A line that names a date, a number or an address is a command: `voy 7`, `idioma pt`.
    """
    if call_question.asks_about_harm(registry, found.feature):
        return False
    if found.is_vote or found.bare is Bare.NUMBERED:
        return re.match(r"#?\d{1,9}(?!\w)", rest) is None
    may_be_call = registry.is_call_word(typed) and registry.find_command(rest) is None
    is_long = len(rest.split()) > 1
    return (may_be_call or is_long) and re.search(r"[\d@#]", rest) is None


async def offer_help(
    ctx: Context, door: HelpKind, text: str, network: Iterable[UserId], *, aloud: bool
) -> Answer:
    """Answer a call for help in private: say what to do, and ask whether to call or report it now.
    `aloud`: it was said to the room and not to the bot. Return what to say, if anything.

    Raises `AnswerNeeded`.
    """
    if aloud and (going_on := await distress_lines.open_call_lines(ctx)):
        again = _("To call them once more, write here: `panic`")
        return Say((*going_on, again), to=ctx.who, loud=True)
    if aloud and await _is_asked_whether_to_call(ctx):
        return ()
    asked = await questions.get(ctx.db, RoomId(ctx.who), "", ctx.who)
    one = distress_lines.command_for(ctx.registry, door)
    before = ""
    if (
        asked is not None
        and call_question.waits_for_yes(asked, ctx.said_at)
        and call_question.is_for(ctx.registry, asked, door)
    ):
        before = asked.payload["text"]
    called = await _called_by_words(ctx, door, before, text)
    reaches = called is None or called.reaches
    first = _first_lines(ctx, door, called, aloud=aloud)
    unnamed = await alluded_people.find_unnamed(ctx, text, network)
    others = await _other_help_lines(ctx, door, unnamed, bids_call=reaches)
    advice = await advice_lines(ctx, text)
    if removes := await _removal_lines(ctx, door, text):
        return (*removes, *distress_lines.at_any_time())
    lines = (
        *((*advice, *first) if distress.asks_to_clear(text) else (*first, *advice)),
        *(_name_lines(text) if reaches else ()),
        *others,
        *_room_message_lines(ctx),
    )
    if aloud and door is HelpKind.CARE:  # a warning, which is no incident
        lines = (*await advice_lines(ctx, text), *_room_message_lines(ctx))
        return Say((*lines, *distress_lines.at_any_time()), to=ctx.who, loud=True)
    if one is None:
        return lines if door is HelpKind.UNSURE else (*lines, distress_lines.mistake_line())
    ctx.feature, ctx.resume_point = one.feature, ResumePoint("command")
    silent = aloud and door is HelpKind.DANGER and called is None
    words = "" if silent else text.replace("@", "")
    ctx.text = call_answers.add_line(before or one.name.en, words)
    raise AnswerNeeded(
        call_question.CALL_KEY,
        CALL,
        (*lines, distress_lines.mistake_line()),
        patience=call_question.CALL_PATIENCE,
    )


async def _removal_lines(ctx: Context, door: HelpKind, text: str) -> list[Line]:
    """Return how somebody is taken out of a room if a moderator asks that, else nothing."""
    if door is not HelpKind.CARE or not asks_how_to_remove(text):
        return []
    lines: list[Line] = []
    for told in ctx.registry.offers(ADVICE_LINES.of("removal")):
        lines += await told(ctx)
    return lines


async def keep_for_call(ctx: Context, question: Question | None, text: str) -> Answer:
    """Add a private line, such as `I am in 5th street`, to the text that a yes will pass on.

    A wish for secrecy is passed on too: who is told must know whom not to tell.
    Return the answer, or None if no question whether to call is open.
    """
    if question is None or not call_question.waits_for_yes(question, ctx.said_at):
        return None
    if call_question.is_about_other_things(ctx.registry, question, text):
        return None
    still = _("I have told nobody yet. Shall I, with all that you wrote here? `yes` or `no`")
    named = ctx.registry.find_command(text)
    nameless = named is not None and named[0].is_beside_call
    advice = await advice_lines(ctx, text)
    lines = (*_name_lines(text, nameless=nameless), *advice)
    if distress.is_about_traces(text):
        return (*lines, still)
    said = call_answers.add_line(question.payload["text"], text.replace("@", ""))
    payload = {**question.payload, "text": said}
    await questions.set_payload(ctx.db, question, payload)
    if not call_question.is_for(ctx.registry, question, HelpKind.DANGER):
        return (*lines, still)
    called = await _called_by_words(ctx, HelpKind.DANGER, question.payload["text"], text)
    if called is None:
        return (*lines, still)
    return (*called.lines, *lines, still) if called.reaches else (*called.lines, *advice)


def _name_lines(text: str, *, nameless: bool = False) -> tuple[Line, ...]:
    """Return that a yes tells their name, if somebody wants that few learn of it, or may have meant
    `nameless` words; else ()."""
    if not (nameless or distress.asks_secrecy(text)):
        return ()
    return (_("With a `yes`, whoever I tell sees your name and what you wrote."),)


async def still_asking_lines(ctx: Context, question: Question) -> list[Line]:
    """Return that the question whether to call goes on; where a yes would reach nobody, that."""
    if call_question.is_for(ctx.registry, question, HelpKind.DANGER):
        called = await _called_by_words(ctx, HelpKind.DANGER, question.payload["text"], "")
        if called is not None and not called.reaches:
            return called.lines
    return [_("For this message I have told nobody yet. Shall I? `yes` or `no`")]


async def _called_by_words(
    ctx: Context, door: HelpKind, before: str, text: str
) -> CalledByWords | None:
    """Return whom a call with these words, and those kept before, reaches, if these name somebody
    who would be called."""
    if door is not HelpKind.DANGER:
        return None
    for told in ctx.registry.offers(CALLED_BY_WORDS):
        if (called := await told(ctx, before, text)) is not None:
            return called
    return None


def _first_lines(
    ctx: Context, door: HelpKind, called: CalledByWords | None, *, aloud: bool
) -> tuple[Line, ...]:
    """Return what somebody who calls for help reads first: no question whether to call where
    nobody could be called."""
    if called is not None and not called.reaches:
        return tuple(called.lines)
    asking = distress_lines.first_lines(ctx.registry, door, aloud=aloud)
    return (*asking, *(called.lines if called is not None else ()))


async def advice_lines(ctx: Context, text: str) -> tuple[Line, ...]:
    """Return the advice of every kind that the line calls for, such as how a phone that is gone is
    shut out; else ()."""
    lines: list[Line] = []
    for kind in (kind for applies, kind in _ADVICE if applies(text)):
        for told in ctx.registry.offers(ADVICE_LINES.of(kind)):
            lines += await told(ctx)
    if distress.is_about_traces(text) and not lines:
        return (_("This chat and your messages you delete in your app."),)
    return tuple(lines)


async def declined_lines(ctx: Context) -> tuple[Line, ...]:
    """Return the answer to a no to calling for help. A call that was made before goes on."""
    if going_on := await distress_lines.open_call_lines(ctx):
        return (_("I told nobody anything new."), *going_on)
    return (_("Good. I told nobody."), *distress_lines.at_any_time())


async def stays_in_room(
    ctx: Context, message: Message, heard: AddressedLine, door: HelpKind | None
) -> bool:
    """Return whether a line written in danger stays in the room, for who can help or is warned:
    each cry that accuses nobody and asks for no secrecy, and each warning of an account.

    A report, and what is typed with the prefix (`!panic`), is for the bot alone. Where it tells of
    another person's danger, whoever is named may be the one to be helped.
    """
    text = heard.text
    if distress.warns_of_account(text):
        return True
    is_cry = door is HelpKind.DANGER and not has_prefix(message, ctx.policy)
    if not is_cry or distress.accuses(text) or distress.asks_secrecy(text):
        return False
    return not (distress.is_of_oneself(text) and await alluded_people.is_about_member(ctx, text))


async def redact_call(
    ctx: Context, message: Message, heard: AddressedLine, door: HelpKind | None
) -> list[Line | Effect]:
    """Return the effects that redact a call for help or a complaint written in a room, also one
    from a device that does not count; else an empty list."""
    found = ctx.registry.find_command(heard.text)
    if await stays_in_room(ctx, message, heard, door):
        return []
    sensitive = door is not None or (found is not None and found[0].where is CommandPlace.PRIVATE)
    if not (sensitive and heard.calls_bot and may_redact(ctx)):
        return []
    return [REDACTED_NOTICE, Redact(ctx.origin.event, quiet=True)] if ctx.origin.event else []


async def _is_asked_whether_to_call(ctx: Context) -> bool:
    """Return whether the question is open already, so that nobody is asked for every line."""
    question = await questions.get(ctx.db, RoomId(ctx.who), "", ctx.who)
    return call_question.waits_for_yes(question, ctx.said_at)


async def _other_help_lines(
    ctx: Context, door: HelpKind, network: Iterable[UserId], *, bids_call: bool
) -> list[Line]:
    """Return the other kind of help, and whom to turn to. `bids_call`: also to call somebody, which
    is not said yet."""
    lines: list[Line] = []
    if distress.is_outing(ctx.text):
        for advise in ctx.registry.offers(OUTING_LINES):
            lines += await advise(ctx)
    if about_bot.asks_how_to_use(ctx.text):
        lines.append(_HOW_TO_USE)
    if bids_call and door is HelpKind.DANGER and distress_lines.command_for(ctx.registry, door):
        lines.append(_("If you can, call somebody you trust too, or the emergency number."))
    if door is HelpKind.CARE and distress_lines.command_for(ctx.registry, HelpKind.DANGER):
        lines.append(_("In danger now: write `panic`, and I call your people."))
    if door is not HelpKind.CARE:
        lines += distress_lines.incident_lines(ctx.registry)
    if door is HelpKind.UNSURE:
        return [
            *lines,
            _("Something else that you need: `!need chairs for Saturday`"),
            _HOW_TO_USE,
        ]
    named = tuple(Person(user, full=True) for user in sorted(network)[:3])
    return [*lines, _("Who moderates this network: {people}", people=named)] if named else lines


def _room_message_lines(ctx: Context) -> list[Line]:
    """Return what happens to the line in the room."""
    if ctx.is_private:
        return []
    if ctx.answers_silently:
        return [_("Your message stays in the room, for who can help you. You can delete it there.")]
    if may_redact(ctx):
        return [REDACTED_NOTICE]
    return [_("I can't take your message out of the room: please delete it there.")]


async def add_to_open_call(ctx: Context, heard: AddressedLine) -> Answer:
    """Pass a private line on to the people whom this person called for help. Return None if no call
    is open.

    The dialogue of a call begins only after its commit; a line that arrives with it must not be
    lost.
    """
    return await pass_on(ctx, heard.text) if ctx.is_private and heard.text.strip() else None


async def pass_on(ctx: Context, text: str) -> Answer:
    """Pass on a line, also one said to the bot in a room, to whom this person called for help.
    Return None if no call is open."""
    for add in ctx.registry.offers(ADD_TO_OPEN_CALL):
        if (found := await add(ctx, text)) is not None:
            return found
    return None
