"""Turns an addressed line into an answer: commands, answers, replies and small talk."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import distress
from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.context import Context
from bot.capability.errors import CALL, AnswerNeeded, UserError
from bot.capability.feature import Answer, Command
from bot.capability.registry import Registry
from bot.conversation import distress_answers, distress_lines, line_handlers, small_talk
from bot.conversation.addressing import has_prefix
from bot.conversation.attention import Attention, Concern, is_bare
from bot.conversation.private_answers import answer_parts
from bot.conversation.questions import answers, call_question, given_answers, stray_answers
from bot.conversation.questions.given_answers import LEAVE_WORDS
from bot.conversation.second_commands import read_single
from bot.distress import HelpKind, about_bot
from bot.i18n import _
from bot.lines import Line
from bot.text import spoken
from bot.text.normalisation import fold
from bot.types import Message, UserId

MOST_CHARACTERS = 10_000
"""Most characters of a line that are read. An event may hold six times as many."""
TWO_COMMANDS = _("Those are two commands in one message: I did neither. Please send each alone.")


class Conversation:
    """Answers lines that are addressed to the bot."""

    def __init__(
        self, registry: Registry, me: UserId, network_moderators: frozenset[UserId]
    ) -> None:
        self._registry = registry
        self._me = me
        self._network = network_moderators
        self.attention = Attention(registry, me)

    async def answer(self, ctx: Context, message: Message, concern: Concern) -> Answer:
        """Find out what a line is (answer, command, reply, small talk) and return what to reply to
        it.

        Nothing else is asked while it waits for a yes to call for help: that yes must not be lost.
        Raises `UserError` to refuse it, `AnswerNeeded` to ask first, `FetchNeeded` to fetch first.
        """
        question = concern.question
        if question is None or not call_question.waits_for_yes(question, ctx.said_at):
            return await self._find_answer(ctx, message, concern)
        try:
            return await self._find_answer(ctx, message, concern)
        except (AnswerNeeded, UserError) as stopped:
            if isinstance(stopped, AnswerNeeded) and self._goes_before_call(ctx, concern):
                stopped.lines = (*await distress_answers.declined_lines(ctx), *stopped.lines)
                raise
            own = self._registry.is_own_words(concern.line.text)
            may_ask = isinstance(stopped, AnswerNeeded) and (own or stopped.wants == CALL)
            still = await given_answers.still_waiting_lines(ctx, question)
            if ctx.ended_question is not None or may_ask or not still:
                raise
            told = stopped.lines if isinstance(stopped, UserError) else ()
            raise UserError(*told, *still) from stopped

    async def _find_answer(self, ctx: Context, message: Message, concern: Concern) -> Answer:
        heard, question = concern.line, concern.question
        if len(message.text) > MOST_CHARACTERS:
            ctx.discreet = _is_for_private(concern, ctx)
            return _too_long(concern)
        ctx.text = heard.text
        if question is not None:
            found = await given_answers.answer_question(ctx, message, concern, question)
            if found is not None:
                return found
        if question is None and ctx.is_private and self._has_nothing_to_stop(concern):
            # An alarm may not have asked yet.
            found = await line_handlers.ask_listeners(ctx, message, heard)
            if found is None:
                found = await distress_answers.add_to_open_call(ctx, heard)
            if found is not None:
                return found
            number = await ctx.example_number()
            return _(
                "There is nothing to stop. To take something back: `!cancel {number}`",
                number=number,
            )
        kind = concern.help_kind
        if kind is None and ctx.is_private and not has_prefix(message, ctx.policy):
            kind = await line_handlers.help_kind_for_waited(ctx, heard.text)
        if kind is not None:
            return await self._answer_help_call(ctx, message, concern, kind)
        if heard.is_addressed and not ctx.is_private:
            found = await line_handlers.end_open_call(ctx, heard.text)
            if found is not None:
                return found
        command = self._command_of(concern, message, ctx)
        if command is not None and ctx.is_private and not has_prefix(message, ctx.policy):
            found = await line_handlers.ask_listeners(
                ctx, message, heard, besides=command[0].feature
            )
            if found is None:
                found = await self._add_talk_to_call(ctx, concern)
            if found is not None:
                return found
            waits = call_question.waits_for_yes(question, ctx.said_at)
            aside = self._goes_before_call(ctx, concern) or call_question.is_about_other_things(
                self._registry, question, heard.text
            )
            if waits and not aside and self._is_talk(concern):
                return await self._answer_otherwise(ctx, message, concern)
        if command is not None:
            rest = read_single(self._registry, *command, ctx.policy.prefix)
            if rest is None:
                ctx.is_understood = False
                ctx.discreet = _is_for_private(concern, ctx)
                return TWO_COMMANDS
            return await self._run_command(ctx, concern, command[0], rest)
        return await self._answer_otherwise(ctx, message, concern)

    def _has_nothing_to_stop(self, concern: Concern) -> bool:
        """Return whether the line only says stop while nothing is open.

        `salir` may be a command then.
        """
        leaving = fold(concern.line.text) in LEAVE_WORDS and concern.command is not None
        return answers.is_stop(concern.line.text) and not leaving

    # --- commands -----------------------------------------------------------------------------

    def _command_of(
        self, concern: Concern, message: Message, ctx: Context
    ) -> tuple[Command, str] | None:
        """Return the command that the line is meant as, and the rest of the line."""
        if concern.command is None:
            return None
        heard, (command, typed, rest) = concern.line, concern.command
        if (
            heard.is_exclaimed
            or (heard.is_addressed and not ctx.is_private)
            or has_prefix(message, ctx.policy)
        ):
            return command, rest
        if ctx.is_private:
            return None if _is_prose(command, typed, heard.text, rest) else (command, rest)
        replied = message.reply_to is not None
        return (command, rest) if is_bare(concern.command, replied=replied) else None

    async def _run_command(
        self, ctx: Context, concern: Concern, command: Command, rest: str
    ) -> Answer:
        """Run a command. It ends an open question, but no dialogue's, and none about harm.

        Who tells of that and asks in between how to shut a phone out goes on with it. One whether
        to call for help is only ended by `panic` and `incident`.
        """
        question = concern.question
        still: list[Line] = []
        if question is not None and (
            self._registry.is_own_words(concern.line.text)
            or (
                call_question.waits_for_yes(question, ctx.said_at)
                and not distress_lines.is_help_command(self._registry, command)
            )
        ):
            still = await given_answers.still_waiting_lines(ctx, question)
        if still:
            said = await line_handlers.run_typed_command(ctx, command, rest)
            return [*answer_parts(said), *still]
        if question is None or not question.name:
            await ctx.end_question(*ctx.question_slot)
        return await line_handlers.run_typed_command(ctx, command, rest)

    # --- everything else ----------------------------------------------------------------------

    async def _answer_otherwise(self, ctx: Context, message: Message, concern: Concern) -> Answer:
        heard, question = concern.line, concern.question
        found = await line_handlers.answer_reply(ctx, message, concern)
        if found is None:
            found = await line_handlers.ask_listeners(ctx, message, heard)
        if found is None and not has_prefix(message, ctx.policy):
            found = await distress_answers.add_to_open_call(ctx, heard)
        if found is None and question is not None:
            found = await given_answers.early_answer_line(ctx, message, concern, question)
        if found is not None:
            return found
        if ctx.is_private and distress_lines.is_voice(message):
            return distress_lines.voice_refusal(self._registry)
        if heard.is_addressed:
            named = ctx.is_private or heard.is_named or self._me in message.mentions
            called = await small_talk.greeting_name(ctx) if ctx.is_private else None
            plain = ctx.is_private and not has_prefix(message, ctx.policy)
            if (
                plain
                and (question is None or ctx.said_at > question.until)
                and not small_talk.is_greeting(heard.text)
                and (lines := await small_talk.unmatched_lines(ctx, heard.text))
            ):
                return lines
            stray = plain and question is None
            if stray and (lines := await stray_answers.stray_answer_lines(ctx, heard.text)):
                return lines
            if plain and (kept := await distress_answers.keep_for_call(ctx, question, heard.text)):
                return kept
            if named and (gone := await distress_answers.advice_lines(ctx, heard.text)):
                if about_bot.hides_ballot_from_everybody(heard.text):
                    return gone
                ctx.discreet = not ctx.is_private  # who reads along need not know
                return (*gone, *distress_lines.at_any_time())
            waits = question is not None and plain and ctx.said_at <= question.until
            aside = waits and call_question.is_about_other_things(
                self._registry, question, heard.text
            )
            waiting = question if waits and not aside else None
            ctx.is_understood = False
            ctx.discreet |= not ctx.is_private and self._is_near_private(ctx, heard.text)
            said = small_talk.small_talk_answer(
                self._registry,
                heard.text,
                named=named,
                language=ctx.policy.language,
                called=called,
                waiting=waiting,
                plain=plain,
                likely=await small_talk.hello_lines(ctx, heard.text) if plain else (),
                titles=await small_talk.forbidden_titles(ctx, heard.text),
            )
            if not aside or question is None:
                return said
            return [*answer_parts(said), *await given_answers.still_waiting_lines(ctx, question)]
        return None

    def _is_near_private(self, ctx: Context, text: str) -> bool:
        """Return whether a misspelt command is one whose line the room must not keep."""
        nearest = self._registry.nearest_command(text, ctx.policy.language)
        return nearest is not None and nearest[0].where is CommandPlace.PRIVATE

    def _goes_before_call(self, ctx: Context, concern: Concern) -> bool:
        """Return whether a line is a command that was taught beside the question whether to
        call."""
        question, found = concern.question, concern.command
        if found is None or concern.help_kind is not None:
            return False
        return call_question.goes_before_call(self._registry, question, ctx.said_at, found[0])

    def _is_talk(self, concern: Concern) -> bool:
        """Return whether somebody in danger only talks in a command's words: `no puedo hablar`."""
        return concern.command is not None and (
            answers.is_stop(concern.line.text)
            or self._registry.is_told(concern.line.text)
            or distress_answers.is_talk(self._registry, *concern.command)
        )

    async def _add_talk_to_call(self, ctx: Context, concern: Concern) -> Answer:
        """Pass on talk in a command's words to whoever was called, or return None."""
        if not self._is_talk(concern):
            return None
        return await distress_answers.add_to_open_call(ctx, concern.line)

    async def _answer_help_call(
        self, ctx: Context, message: Message, concern: Concern, door: HelpKind
    ) -> Answer:
        """Answer a call for help, or pass it on if it replies to news of somebody's call."""
        heard = concern.line
        found = await line_handlers.answer_reply(ctx, message, concern)
        if found is None:
            found = await distress_answers.add_to_open_call(ctx, heard)
        if found is None and door is HelpKind.CARE:  # a yes is still to call, with these words too
            found = await distress_answers.keep_for_call(ctx, concern.question, heard.text)
        if found is not None:
            return found
        spoken = not (ctx.is_private or heard.is_addressed or heard.is_exclaimed)
        warns = not ctx.is_private and distress.warns_of_account(heard.text)
        aloud = warns or (spoken and door is HelpKind.DANGER)
        ctx.answers_silently = not ctx.is_private and (
            (aloud and not heard.is_named)
            or await distress_answers.stays_in_room(ctx, message, heard, door)
        )
        ctx.discreet = not (ctx.is_private or ctx.answers_silently)
        if door is HelpKind.DANGER and not (
            ctx.is_private or aloud or has_prefix(message, ctx.policy)
        ):
            found = await distress_answers.pass_on(ctx, heard.text)
            if found is not None:
                return found
        people = self._network - {ctx.who}
        return await distress_answers.offer_help(ctx, door, heard.text, people, aloud=aloud)


def truncate(message: Message) -> Message:
    """Return the message cut to `LONGEST + 1` characters: a longer one is still seen to be too
    long."""
    if len(message.text) <= MOST_CHARACTERS:
        return message
    return replace(message, text=message.text[: MOST_CHARACTERS + 1])


def _is_for_private(concern: Concern, ctx: Context) -> bool:
    """Return whether a line in a room is a command for private: it is taken away, run or not."""
    if concern.command is None or ctx.is_private:
        return False
    return concern.command[0].where is CommandPlace.PRIVATE


def _too_long(concern: Concern) -> Answer:
    """Return the refusal of a long line that is addressed to the bot, else None."""
    if not (concern.line.is_addressed or concern.line.is_exclaimed or concern.question is not None):
        return None
    return (
        _("That is too long: I read {count} characters at most.", count=MOST_CHARACTERS),
        _("Please send less of it at once."),
    )


def _is_prose(command: Command, typed: str, text: str, rest: str) -> bool:
    """Return whether a line in private is prose that only begins with a command's word.

    A long line behind a command without parameters is prose, any behind one of several words (`my
    phone is dying`), and `voy sola a casa` no answer.
    """
    if command.is_vote and distress.is_outing(text) and re.search(r"\d", rest) is None:
        return True
    if spoken.is_hurry(rest):  # `borra mi cuenta ya`
        return False
    return not command.params and len(rest.split()) > (3 if len(typed.split()) == 1 else 0)
