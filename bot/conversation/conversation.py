"""Turns an addressed line into an answer: commands, answers, replies and small talk."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import distress
from bot.capability.authority import permission, room_bounds
from bot.capability.context import Context
from bot.capability.errors import TEXT, AnswerNeeded, MissingArgument, UserError
from bot.capability.feature import Answer, Command, CommandPlace, Feature, Reach
from bot.capability.registry import Registry
from bot.capability.resume_point import ResumePoint
from bot.capability.services import STOP_LINES
from bot.conversation import (
    answers,
    command_call,
    dialogue,
    distress_answers,
    event_relations,
    small_talk,
)
from bot.conversation.addressing import AddressedLine
from bot.conversation.attention import Attention, Concern, is_bare
from bot.distress import HelpKind
from bot.i18n import _
from bot.run.stages.deferred_events import from_json, to_json
from bot.text.normalisation import fold
from bot.types import Line, Media, Message, UserId
from storage import dialogues, items, questions
from storage.items import Item
from storage.questions import Question

LEAVE_WORDS = frozenset({"salir", "sair"})
"""They stop an open question, and are a command where there is none."""
MOST_CHARACTERS = 10_000
"""Most characters of a line that are read. An event may hold six times as many."""
TWO_COMMANDS = _("Those are two commands in one line, so I did neither. Please send each alone.")
LAPSED = _("My question has lapsed. Please write the command again.")


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
        """Return the answer to a line. Raises `UserError`, `AnswerNeeded` or `FetchNeeded`."""
        heard, question = concern.line, concern.question
        if len(message.text) > MOST_CHARACTERS:
            return _too_long(concern)
        ctx.text = heard.text
        if question is not None:
            found = await self._answer_question(ctx, message, concern, question)
            if found is not None:
                return found
        if question is None and ctx.is_private and self._has_nothing_to_stop(concern):
            found = await self._ask_listeners(
                ctx, message, heard
            )  # an alarm may not have asked yet
            if found is not None:
                return found
            number = await ctx.example_number()
            return _(
                "There is nothing to stop. To take something back: `!cancel {number}`",
                number=number,
            )
        if concern.help_kind is not None:
            return await self._answer_help_call(ctx, message, heard, concern.help_kind)
        command = self._command_of(concern, message, ctx)
        if command is not None and ctx.is_private and not self._has_prefix(message, ctx):
            found = await self._ask_listeners(ctx, message, heard, besides=command[0].feature)
            if found is None:
                found = await self._add_talk_to_call(ctx, concern)
            if found is not None:
                return found
            if distress_answers.waits_for_yes(question, ctx.said_at) and self._is_talk(concern):
                return await self._answer_otherwise(ctx, message, heard, question)
        if command is not None and self._is_second_command(command[1], ctx):
            ctx.is_understood = False
            return TWO_COMMANDS
        if command is not None:
            if question is None or not question.name:  # a dialogue's question stays open
                await ctx.end_question(*ctx.question_slot)
            return await self._run_command(ctx, command[0], command[1])
        return await self._answer_otherwise(ctx, message, heard, question)

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
            or self._has_prefix(message, ctx)
        ):
            return command, rest
        if ctx.is_private:
            return None if _is_prose(command, typed, heard.text, rest) else (command, rest)
        replied = message.reply_to is not None
        return (command, rest) if is_bare(concern.command, replied=replied) else None

    def _is_second_command(self, rest: str, ctx: Context) -> bool:
        """Return whether a command stands where the first one's arguments should: `!open !events`.

        Text of one's own begins otherwise, so that none is cut off.
        """
        if not rest.startswith(ctx.policy.prefix):
            return False
        return self._registry.find_command(rest[len(ctx.policy.prefix) :]) is not None

    def _has_prefix(self, message: Message, ctx: Context) -> bool:
        return message.text.lstrip().startswith((ctx.policy.prefix, "！"))

    async def _run_command(self, ctx: Context, command: Command, rest: str) -> Answer:
        """Run a command. A missing part is asked for and the line is kept for the next run."""
        ctx.resume_point = ResumePoint("command")
        ctx.discreet = command.where is CommandPlace.PRIVATE and not ctx.is_private
        try:
            return await event_relations.confirm_relation(
                ctx, await command_call.run_command(ctx, command, rest)
            )
        except MissingArgument as missing:
            return self._ask_for_missing(ctx, missing)

    def _ask_for_missing(self, ctx: Context, missing: MissingArgument) -> Answer:
        said = _("Missing: {part}. {example}", part=missing.label, example=missing.example)
        if ctx.is_private or ctx.answers_in_private:
            how = _("Write it here. To stop: `cancel`")
            raise AnswerNeeded(f"part:{missing.key}", TEXT, (said, how))
        raise UserError(said)

    # --- questions ----------------------------------------------------------------------------

    async def _answer_question(
        self, ctx: Context, message: Message, concern: Concern, question: Question
    ) -> Answer:
        """Return the answer to a line that answers the open question, else None."""
        text, prefixed = concern.line.text, self._has_prefix(message, ctx)
        if answers.is_stop(text) and not (prefixed and fold(text) in LEAVE_WORDS):
            return await self._stop_asking(ctx, question)
        if await distress_answers.is_beside(ctx, text, question):
            return None
        found = self._fitting_answer(ctx, message, concern, question)
        if found is None or await answers.is_unread(ctx.db, question, found):
            return None
        if question.thread and not message.relation_sealed:
            ctx.unsealed_answer = text
        if _resume_point(question).dialogue is not None:
            return await self._continue_dialogue(ctx, question, found)
        await ctx.end_question(question.room, question.thread)
        if ctx.said_at > question.until:
            return distress_answers.lapsed_call_lines(question) or LAPSED
        answer = await self.resume_with_answer(ctx, question, found)
        return () if answer is None else answer

    async def _stop_asking(self, ctx: Context, question: Question) -> Answer:
        """End the question, and the dialogue that it belongs to."""
        await ctx.end_question(question.room, question.thread)
        further: list[Line] = []
        if (talk := _resume_point(question).dialogue) is not None:
            found = await dialogues.get(ctx.db, talk)
            await dialogue.end_dialogue(ctx.db, ctx, talk)
            for stopped in self._registry.offers(STOP_LINES.of(question.name)):
                further += await stopped(ctx, found.data if found is not None else {})
        return further or [_("I stopped. Nothing was changed.")]

    def _fitting_answer(
        self, ctx: Context, message: Message, concern: Concern, question: Question
    ) -> str | None:
        """Return what the line answers, or None if it is no answer to this question."""
        kind, text = question.wants.get("kind"), concern.line.text
        to_it = message.reply_to is not None and message.reply_to == question.event
        reply = to_it and message.relation_sealed
        if message.reply_to is not None and not to_it:
            return None
        if kind != "yesno" and self._has_prefix(message, ctx):
            return None
        if not reply and kind == "choice":
            if self.attention.is_complete(concern.line, concern.command):
                return None
        elif not reply and kind == "text" and self._is_no_answer(question, concern):
            return None
        found = answers.fitting_answer(question.wants, text, reply=reply, private=ctx.is_private)
        if found is None and to_it:  # text in a reply whose relation its server may have chosen
            found = answers.fitting_answer(question.wants, text, reply=True, private=ctx.is_private)
            ctx.unsealed_answer = text
        return found

    async def _continue_dialogue(self, ctx: Context, question: Question, found: str) -> Answer:
        """Run the next step of a dialogue. After a bug its question stays open."""
        room_bounds.require_trust(ctx)
        await questions.delete(ctx.db, question.room, question.thread, ctx.who)
        talk = await dialogues.get(ctx.db, _resume_point(question).dialogue or 0)
        if talk is not None and talk.person != ctx.who:
            talk = None  # a number that was free again: this answer is another person's
        if talk is None or ctx.said_at > question.until:
            if talk is not None:
                await dialogue.end_dialogue(ctx.db, ctx, talk.id)
            return _("That was some time ago: I don't wait for this answer any more.")
        ctx.answers = {**question.payload["known"], question.payload["key"]: found}
        answer = await dialogue.run_dialogue(ctx, talk)
        return () if answer is None else answer

    def _is_no_answer(self, question: Question, concern: Concern) -> bool:
        """Return whether the line is a command, a greeting or a call for help, so no answer.

        A dialogue may accept these as answers, except calls for help and the commands it names.
        """
        feature, found = self._registry.features.get(question.feature), concern.command
        text = concern.line.text
        beside = feature.dialogue_commands.get(question.name) if feature else None
        cries = distress.is_cry(text) and not distress_answers.asks_about_harm(
            self._registry, question.feature
        )
        if beside is None:
            return found is not None or small_talk.is_greeting(text) or cries
        if found is None:
            return cries
        named = found[0].name.en in beside and len(found[2].split()) <= 1
        return named or re.fullmatch(r"#?\d{1,9}", found[2]) is not None or cries

    async def resume_with_answer(self, ctx: Context, question: Question, answer: str) -> Answer:
        """Run the interrupted handler again with one more answer."""
        payload = question.payload
        ctx.answers = {**payload["known"], payload["key"]: answer}
        ctx.origin = replace(
            ctx.origin,
            reply_to=payload.get("reply_to"),
            mentions=tuple(payload.get("mentions", ())),
            media=Media(**payload["media"]) if payload.get("media") else None,
            relation_sealed=payload.get("sealed", True) and not ctx.unsealed_answer,
        )
        ctx.text = payload["text"]
        if payload["key"] == distress_answers.CALL_KEY and answer != "yes":
            return await distress_answers.declined_lines(ctx)
        road = _resume_point(question)
        if road.item is not None:
            item = await items.get(ctx.db, road.item)
            if item is None or not await ctx.may_see(item):
                return LAPSED
            return await self._run_reply(ctx, item, road.text)
        if road.message is not None:
            message, feature = (
                from_json(road.message),
                self._registry.features.get(question.feature),
            )
            assert isinstance(message, Message)
            return await self._run_listeners(ctx, feature, message) if feature else LAPSED
        found = self._registry.find_command(ctx.text)
        if found is None:  # the capability was removed meanwhile
            return LAPSED
        return await self._run_command(ctx, found[0], found[2])

    # --- everything else ----------------------------------------------------------------------

    async def _answer_otherwise(
        self, ctx: Context, message: Message, heard: AddressedLine, question: Question | None
    ) -> Answer:
        found = await self._answer_reply(ctx, message, heard)
        if found is None:
            found = await self._ask_listeners(ctx, message, heard)
        if found is None and not self._has_prefix(message, ctx):
            found = await distress_answers.add_to_open_call(ctx, heard)
        if found is not None:
            return found
        if ctx.is_private and distress_answers.is_voice(message):
            return distress_answers.voice_refusal(self._registry)
        if heard.is_addressed:
            named = ctx.is_private or heard.is_named or self._me in message.mentions
            called = await small_talk.greeting_name(ctx) if ctx.is_private else None
            plain = ctx.is_private and not self._has_prefix(message, ctx)
            if (
                plain
                and question is None
                and not small_talk.is_greeting(heard.text)
                and (lines := await small_talk.unmatched_lines(ctx, heard.text))
            ):
                return lines
            if plain and (kept := await distress_answers.keep_for_call(ctx, question, heard.text)):
                return kept
            waits = question is not None and plain and ctx.said_at <= question.until
            awaited = question.wants if question is not None and waits else None
            ctx.is_understood = False
            ctx.discreet |= not ctx.is_private and self._is_near_private(ctx, heard.text)
            return small_talk.small_talk_answer(
                self._registry,
                heard.text,
                named=named,
                language=ctx.policy.language,
                called=called,
                awaited=awaited,
                plain=plain,
                likely=await small_talk.hello_lines(ctx, heard.text) if plain else (),
            )
        return None

    def _is_near_private(self, ctx: Context, text: str) -> bool:
        """Return whether a misspelt command is one whose line the room must not keep."""
        nearest = self._registry.nearest_command(text, ctx.policy.language)
        return nearest is not None and nearest[0].where is CommandPlace.PRIVATE

    async def _answer_reply(self, ctx: Context, message: Message, heard: AddressedLine) -> Answer:
        """Return what a reply to a message about an item does, or None."""
        item = await items.item_about(ctx.db, message.reply_to) if message.reply_to else None
        if item is None or not await ctx.may_see(item):
            return None
        found = await self._run_reply(ctx, item, heard.text)
        command = self._registry.find_command(heard.text) if found is None else None
        if command is None or command[2] or not command[0].in_reply:
            return found
        return await self._run_command(ctx, command[0], "")

    def _is_talk(self, concern: Concern) -> bool:
        """Return whether somebody in danger only talks in a command's words: `no puedo hablar`."""
        return concern.command is not None and distress_answers.is_talk(
            self._registry, *concern.command
        )

    async def _add_talk_to_call(self, ctx: Context, concern: Concern) -> Answer:
        """Pass on talk in a command's words to whoever was called, or return None."""
        if not self._is_talk(concern):
            return None
        return await distress_answers.add_to_open_call(ctx, concern.line)

    async def _answer_help_call(
        self, ctx: Context, message: Message, heard: AddressedLine, door: HelpKind
    ) -> Answer:
        """Answer a call for help, or pass it on if it replies to news of somebody's call."""
        found = await self._answer_reply(ctx, message, heard)
        if found is None:
            found = await distress_answers.add_to_open_call(ctx, heard)
        if found is not None:
            return found
        spoken = not (ctx.is_private or heard.is_addressed or heard.is_exclaimed)
        ctx.answers_silently = spoken and door is HelpKind.DANGER
        ctx.discreet = not (ctx.is_private or ctx.answers_silently)
        return await distress_answers.offer_help(ctx, door, heard.text, self._network - {ctx.who})

    async def _run_reply(self, ctx: Context, item: Item, text: str) -> Answer:
        feature = self._registry.features.get(item.feature)
        handler = feature.reply_handlers.get(item.kind) if feature else None
        if feature is None or handler is None:
            return None
        ctx.feature, (ctx.does, reach) = item.feature, feature.reply_access[item.kind]
        if reach is Reach.BEYOND and not ctx.is_trusted:
            return None
        ctx.resume_point = ResumePoint("reply", item=item.number, text=text)
        if not await permission.can_reach(ctx, item):
            return None
        return await event_relations.confirm_relation(ctx, await handler(ctx, item, text))

    async def _ask_listeners(
        self, ctx: Context, message: Message, heard: AddressedLine, besides: str = ""
    ) -> Answer:
        """Return the answer of the first capability that listens for such a line, or None.

        `no puedo` may answer many things, so listeners run before a command of that name.
        """
        for feature in self._registry.features.values():
            if feature.name == besides or not (ctx.is_trusted or feature.listens_within_room):
                continue
            if feature.wants_line and feature.wants_line(heard.text):
                found = await self._run_listeners(ctx, feature, message)
                if found is not None:
                    return found
        return None

    async def _run_listeners(self, ctx: Context, feature: Feature, message: Message) -> Answer:
        """Return the answer of the first of a capability's listeners that has one."""
        ctx.feature = feature.name
        ctx.resume_point = ResumePoint("listens", message=to_json(message))
        for listener in feature.listeners.get(Message, ()):
            found = await event_relations.confirm_relation(ctx, await listener(ctx, message))
            if found is not None:
                return found
        return None


def truncate(message: Message) -> Message:
    """Return the message with at most `LONGEST + 1` characters, so that a longer one is noticed."""
    return replace(message, text=message.text[: MOST_CHARACTERS + 1])


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
    return not command.params and len(rest.split()) > (3 if len(typed.split()) == 1 else 0)


def _resume_point(question: Question) -> ResumePoint:
    return ResumePoint.from_json(question.payload.get("road"))
