"""Takes a line as the answer to the bot's open question, and goes on from where it was asked."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import distress
from bot.capability.authority import room_bounds
from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.registry import FoundCommand
from bot.capability.resume_point import ResumePoint
from bot.capability.services import LATE_LINES, STOP_LINES
from bot.conversation import distress_answers, distress_lines, small_talk
from bot.conversation.addressing import has_prefix
from bot.conversation.attention import Concern, is_complete
from bot.conversation.line_handlers import run_listeners, run_reply, run_typed_command
from bot.conversation.private_answers import answer_parts
from bot.conversation.questions import answers, call_question, dialogue
from bot.i18n import _
from bot.lines import Line
from bot.run.stages.deferred_events import from_json
from bot.text import spoken_answers
from bot.text.command_words import fold_answer
from bot.text.normalisation import fold
from bot.types import Media, Message
from storage import dialogues, items, questions
from storage.questions import Question

CANCEL_WORDS = frozenset({"cancelar", "cancel"})
LEAVE_WORDS = frozenset({"salir", "sair"})
"""They stop an open question, and are a command where there is none."""
LEAST_TOLD = 5
"""Least words of a text that tells what happened although it begins with a command's word."""
TOO_EARLY = _("That came before my question had arrived. Please answer it once more.")
LAPSED = _("My question has lapsed. Please write the command again.")


async def answer_question(
    ctx: Context, message: Message, concern: Concern, question: Question
) -> Answer:
    """Return what follows from a line that answers the open question, or None if it is no answer.

    Raises `UserError`, `AnswerNeeded` or `FetchNeeded`.
    """
    text, prefixed = concern.line.text, has_prefix(message, ctx.policy)
    if await _is_stop(ctx, question, text, prefixed=prefixed):
        return await _stop_asking(ctx, question)
    if await call_question.is_beside(ctx, text, question):
        return None
    found = _fitting_answer(ctx, message, concern, question)
    if _is_taken_back(ctx, message, concern, question, found):
        return await _stop_asking(ctx, question)
    if found is None or await answers.is_unread(ctx.db, question, found):
        return None
    if concern.help_kind is not None and ctx.said_at > question.until:
        return None  # a call for help, said to a question that is over
    if question.thread and not message.relation_sealed:
        ctx.unsealed_answer = text
    if _resume_point(question).dialogue is not None:
        return await _continue_dialogue(ctx, question, found)
    await ctx.end_question(question.room, question.thread)
    if ctx.said_at > question.until:
        return call_question.lapsed_call_lines(question) or LAPSED
    answer = await _resume_with_answer(ctx, question, found)
    return () if answer is None else answer


async def still_waiting_lines(ctx: Context, question: Question) -> list[Line]:
    """Return that the question goes on, if it asks what harm was done, or whether to call somebody;
    else nothing."""
    if call_question.waits_for_yes(question, ctx.said_at):
        return await distress_answers.still_asking_lines(ctx, question)
    if ctx.said_at > question.until or question.wants.get("kind") != "text":
        return []
    if not call_question.asks_about_harm(ctx.registry, question.feature):
        return []
    return [_("I still wait for what happened: write it here. To stop: `cancel`")]


async def early_answer_line(
    ctx: Context, message: Message, concern: Concern, question: Question
) -> Line | None:
    """Return what to say to a yes or a choice that came before its question, which stands below it;
    None if the line is none."""
    found = _fitting_answer(ctx, message, concern, question)
    early = found is not None and await answers.is_unread(ctx.db, question, found)
    return TOO_EARLY if early else None


async def _is_stop(ctx: Context, question: Question, text: str, *, prefixed: bool) -> bool:
    """Return whether the line ends the question. `stop` alone ends no call for help, as `cancel`
    does: who is beaten says it too."""
    if not answers.is_stop(text) or (prefixed and fold(text) in LEAVE_WORDS):
        return False
    if prefixed or fold_answer(text) in CANCEL_WORDS:
        return True
    is_of_call = call_question.is_for(ctx.registry, question, distress.HelpKind.DANGER)
    asks_whether = call_question.waits_for_yes(question, ctx.said_at)
    return asks_whether or not (is_of_call and await distress_lines.open_call_lines(ctx))


def _is_taken_back(
    ctx: Context, message: Message, concern: Concern, question: Question, found: str | None
) -> bool:
    """Return whether the line takes back what the bot asks about, in words that answer nothing.

    It changes nothing then, also where a bare `no` would do something else. No question of a
    dialogue, and none whether to call for help, is ended so.
    """
    kind, text = question.wants.get("kind"), concern.line.text
    is_part = kind == "text" and str(question.payload["key"]).startswith("part:")
    if question.name or not (kind in ("yesno", "choice") or is_part):
        return False
    if ctx.said_at > question.until or concern.help_kind is not None:
        return False
    to_it = message.reply_to is not None and message.reply_to == question.event
    if has_prefix(message, ctx.policy) or (message.reply_to is not None and not to_it):
        return False
    if is_part:
        harm = call_question.asks_about_harm(ctx.registry, question.feature)
        return found is not None and not harm and spoken_answers.is_second_thought(text, "")
    private, command = ctx.is_private, concern.command
    if found is not None or is_complete(ctx.registry, concern.line, command, private=private):
        return False
    if spoken_answers.is_second_thought(text, question.payload["text"]):
        return True
    to_bot = to_it or private or concern.line.is_addressed
    return to_bot and command is None and spoken_answers.begins_with_no(text)


async def _stop_asking(ctx: Context, question: Question) -> Answer:
    """End the question, and the dialogue that it belongs to."""
    await ctx.end_question(question.room, question.thread)
    further: list[Line] = []
    if (talk := _resume_point(question).dialogue) is not None:
        found = await dialogues.get(ctx.db, talk)
        await dialogue.end_dialogue(ctx.db, ctx, talk)
        for stopped in ctx.registry.offers(STOP_LINES.of(question.name)):
            further += await stopped(ctx, found.data if found is not None else {})
    return further or [_("I stopped. Nothing was changed.")]


def _fitting_answer(
    ctx: Context, message: Message, concern: Concern, question: Question
) -> str | None:
    """Return what the line answers, or None if it is no answer to this question."""
    kind, text = question.wants.get("kind"), concern.line.text
    to_it = message.reply_to is not None and message.reply_to == question.event
    reply = to_it and message.relation_sealed
    if message.reply_to is not None and not to_it:
        return None
    if kind != "yesno" and has_prefix(message, ctx.policy):
        return None
    if not reply and kind == "choice":
        private = ctx.is_private
        if is_complete(ctx.registry, concern.line, concern.command, private=private):
            return None
    elif not reply and kind == "text" and _is_no_answer(ctx, question, concern):
        return None
    how = {"private": ctx.is_private, "asked": question.payload["text"]}
    found = answers.fitting_answer(question.wants, text, reply=reply, **how)
    if found is None and call_question.is_pleading(ctx.registry, question, text):
        return "yes"
    if found is None and to_it:  # text in a reply whose relation its server may have chosen
        found = answers.fitting_answer(question.wants, text, reply=True, **how)
        ctx.unsealed_answer = text
    return found


async def _continue_dialogue(ctx: Context, question: Question, found: str) -> Answer:
    """Run the next step of a dialogue. After a bug its question stays open."""
    room_bounds.require_trust(ctx)
    await questions.delete(ctx.db, question.room, question.thread, ctx.who)
    talk = await dialogues.get(ctx.db, _resume_point(question).dialogue or 0)
    if talk is not None and talk.person != ctx.who:
        talk = None  # a number that was free again: this answer is another person's
    if talk is None or ctx.said_at > question.until:
        if talk is not None:
            await dialogue.end_dialogue(ctx.db, ctx, talk.id)
        late = [_("That was some time ago: I don't wait for this answer any more.")]
        for offer in ctx.registry.offers(LATE_LINES.of(question.name)):
            late += await offer(ctx, found)
        return late
    ctx.answers = {**question.payload["known"], question.payload["key"]: found}
    answer = await dialogue.run_dialogue(ctx, talk)
    return () if answer is None else answer


def _is_no_answer(ctx: Context, question: Question, concern: Concern) -> bool:
    """Return whether the line is a command, a greeting or a call for help, so no answer.

    A dialogue may accept these as answers, except calls for help and the commands it names.
    """
    feature, found = ctx.registry.features.get(question.feature), concern.command
    text = concern.line.text
    beside = feature.dialogue_commands.get(question.name) if feature else None
    about_harm = call_question.asks_about_harm(ctx.registry, question.feature)
    cries = distress.is_cry(text) and not about_harm
    if found is not None and _is_story(ctx, text, found, about_harm=about_harm):
        found = None
    if beside is None:
        greets = small_talk.is_greeting(text) and not (about_harm and _tells_of_harm(ctx, text))
        return found is not None or greets or cries
    if found is None:
        return cries
    named = found[0].name.en in beside and len(found[2].split()) <= 1
    return named or re.fullmatch(r"#?\d{1,9}", found[2]) is not None or cries


def _tells_of_harm(ctx: Context, text: str) -> bool:
    """Return whether a short line tells what happened, behind a greeting: `hola, ana me acosa`."""
    kind = distress.find_help_kind(text)
    return kind in (distress.HelpKind.DANGER, distress.HelpKind.CARE) or ctx.registry.is_told(text)


def _is_story(ctx: Context, text: str, found: FoundCommand, *, about_harm: bool) -> bool:
    """Return whether a text only begins as a command does, and tells something.

    Whoever is asked what harm was done tells it in any words: `leave my account, he says`.
    """
    if ctx.registry.is_told(text):
        return True
    if not about_harm or len(text.split()) < LEAST_TOLD or ctx.registry.is_own_words(text):
        return False
    helps = distress_lines.is_help_command(ctx.registry, found[0])
    return not helps and re.search(r"[\d@#]", found[2]) is None


async def _resume_with_answer(ctx: Context, question: Question, answer: str) -> Answer:
    """Run the interrupted handler again with one more answer."""
    payload = question.payload
    ctx.answers = {**payload["known"], payload["key"]: answer}
    ctx.origin = replace(
        ctx.origin,
        line=payload.get("line"),
        reply_to=payload.get("reply_to"),
        mentions=tuple(payload.get("mentions", ())),
        media=Media(**payload["media"]) if payload.get("media") else None,
        relation_sealed=payload.get("sealed", True) and not ctx.unsealed_answer,
    )
    typed, ctx.text = ctx.text, payload["text"]
    if payload["key"] == call_question.CALL_KEY:
        if answer != "yes":
            return await distress_answers.declined_lines(ctx)
        ctx.text = call_question.text_with_yes(ctx.text, typed)
    road = _resume_point(question)
    if road.item is not None:
        item = await items.get(ctx.db, road.item)
        if item is None or not await ctx.may_see(item):
            return LAPSED
        return await run_reply(ctx, item, road.text)
    if road.message is not None:
        message, feature = from_json(road.message), ctx.registry.features.get(question.feature)
        assert isinstance(message, Message)
        return await run_listeners(ctx, feature, message) if feature else LAPSED
    found = ctx.registry.find_command(ctx.text)
    if found is None:  # the capability was removed meanwhile
        return LAPSED
    said = await run_typed_command(ctx, found[0], found[2])
    if payload["key"] == call_question.CALL_KEY:
        return [*answer_parts(said), *distress_lines.police_lines(typed)]
    return said


def _resume_point(question: Question) -> ResumePoint:
    return ResumePoint.from_json(question.payload.get("road"))
