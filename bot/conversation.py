"""From a message to what is answered: commands, answers to questions, replies, and talk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot import (
    answers,
    dialogue,
    distress,
    permission,
    refuge,
    relations,
    running,
    small_talk,
    within,
)
from bot.attention import Attention, Heeded
from bot.context import Context
from bot.distress import Door
from bot.errors import TEXT, Asking, Missing, UserError
from bot.feature import Answer, Command, Feature, Reach, Where
from bot.hearing import Heard
from bot.i18n import _
from bot.parking import frozen, thawed
from bot.registry import Registry
from bot.road import Road
from bot.typed import fold
from bot.types import (
    Line,
    Media,
    Message,
    UserId,
)
from storage import dialogues, items, questions
from storage.items import Item
from storage.questions import Question

LEAVING = frozenset({"salir", "sair"})
"""They end an asking, and are a command where nothing is asked."""
REMEMBERED = timedelta(days=1)
"""How long a lapsed question is kept, so that a late answer is told so."""
LONGEST = 10_000
"""Characters of a line that are read: an event holds six times as many, to keep us busy with."""
LAPSED = _("My question has lapsed. Please write the command again.")


class Conversation:
    def __init__(
        self, registry: Registry, me: UserId, network_moderators: frozenset[UserId]
    ) -> None:
        self._registry = registry
        self._me = me
        self._network = network_moderators
        self.attention = Attention(registry, me)

    async def answer(self, ctx: Context, message: Message, heeded: Heeded) -> Answer:
        """What is said and done. Raises `UserError`, `Asking`."""
        heard, question = heeded.heard, heeded.question
        if len(message.text) > LONGEST:
            return _too_long(heeded)
        ctx.text = heard.text
        if question is not None:
            found = await self._to_question(ctx, message, heard, question)
            if found is not None:
                return found
        if question is None and ctx.private and self._stops_nothing(heard.text):
            found = await self._listened(ctx, message, heard)  # a call that has asked nothing yet
            if found is not None:
                return found
            number = await ctx.known_number()
            return _(
                "There is nothing to stop. To take something back: `!cancel {number}`",
                number=number,
            )
        if heeded.door is not None:
            return await self._called(ctx, message, heard, heeded.door)
        command = self._meant(heard, message, ctx)
        if command is not None and ctx.private and not self._prefixed(message, ctx):
            found = await self._listened(ctx, message, heard, besides=command[0].feature)
            if found is not None:
                return found
        if command is not None:
            if question is None or not question.name:  # a dialogue waits for its answer
                await ctx.end_question(*ctx.corner)
            return await self._typed(ctx, command[0], command[1])
        return await self._else(ctx, message, heard, question)

    def _stops_nothing(self, text: str) -> bool:
        """`cancelar` alone, with nothing to stop; `salir` may be a command then."""
        leaving = fold(text) in LEAVING and self._registry.find(text) is not None
        return answers.is_stop(text) and not leaving

    # --- commands -----------------------------------------------------------------------------

    def _meant(self, heard: Heard, message: Message, ctx: Context) -> tuple[Command, str] | None:
        found = self._registry.find(heard.text)
        if found is None:
            return None
        command, _words, rest = found
        if heard.exclaimed or (heard.marked and not ctx.private) or self._prefixed(message, ctx):
            return command, rest
        if ctx.private:
            return None if _is_prose(command, rest) else (command, rest)
        replied = message.reply_to is not None
        return (command, rest) if self.attention.is_bare(heard.text, replied=replied) else None

    def _prefixed(self, message: Message, ctx: Context) -> bool:
        return message.text.lstrip().startswith((ctx.policy.prefix, "！"))

    async def _typed(self, ctx: Context, command: Command, rest: str) -> Answer:
        """Run a command; what it still needs is asked, with the line kept for the next run."""
        ctx.road = Road("command")
        ctx.discreet = command.where is Where.PRIVATE and not ctx.private
        try:
            return await relations.sure(ctx, await running.run(ctx, command, rest))
        except Missing as missing:
            return self._missing(ctx, missing, await ctx.example(command))

    def _missing(self, ctx: Context, missing: Missing, example: Line) -> Answer:
        if ctx.private or ctx.alone:
            raise Asking(
                f"part:{missing.key}",
                TEXT,
                (
                    _("Missing: {part}. {example}", part=missing.label, example=example),
                    _("Write it here. To stop: `cancel`"),
                ),
            )
        raise UserError(_("Missing: {part}. {example}", part=missing.label, example=example))

    # --- questions ----------------------------------------------------------------------------

    async def _to_question(
        self, ctx: Context, message: Message, heard: Heard, question: Question
    ) -> Answer:
        """The answer to what the bot asked; None where the line is something else."""
        prefixed = self._prefixed(message, ctx)
        to_it = message.reply_to is not None and message.reply_to == question.event
        reply = to_it and message.relation_sealed
        if answers.is_stop(heard.text) and not (prefixed and fold(heard.text) in LEAVING):
            await ctx.end_question(question.room, question.thread)
            if (talk := _road(question).dialogue) is not None:
                await dialogue.over(ctx.db, ctx, talk)
            told = self._registry.services(f"stopped:{question.name}") if talk is not None else []
            further = [line for stopped in told for line in await stopped(ctx)]
            return further or [_("I stopped. Nothing was changed.")]
        if message.reply_to is not None and not to_it:
            return None
        if prefixed and question.wants.get("kind") != "yesno":
            return None
        if question.wants.get("kind") == "choice" and not reply and self.attention.acts(heard.text):
            return None
        if (
            question.wants.get("kind") == "text"
            and not reply
            and self._is_else(question, heard.text)
        ):
            return None
        found = answers.fit(question.wants, heard.text, reply=reply, private=ctx.private)
        if found is None and to_it:  # words by a reply that its server may have made
            found = answers.fit(question.wants, heard.text, reply=True, private=ctx.private)
            ctx.loosely = heard.text
        if found is None:
            return None
        if question.thread and not message.relation_sealed:
            ctx.loosely = heard.text
        if _road(question).dialogue is not None:
            return await self._answered(ctx, question, found)
        await ctx.end_question(question.room, question.thread)
        if ctx.now > question.until:
            return refuge.lapsed(question) or LAPSED
        answer = await self.go_on(ctx, question, found)
        return () if answer is None else answer

    async def _answered(self, ctx: Context, question: Question, found: str) -> Answer:
        """The next step of a dialogue; after a bug its question is still there."""
        within.need_trust(ctx)
        await questions.drop(ctx.db, question.room, question.thread, ctx.who)
        talk = await dialogues.get(ctx.db, _road(question).dialogue or 0)
        if talk is None or ctx.now > question.until:
            if talk is not None:
                await dialogue.over(ctx.db, ctx, talk.id)
            return _("That was some time ago: I don't wait for this answer any more.")
        ctx.known = {**question.payload["known"], question.payload["key"]: found}
        answer = await dialogue.run(ctx, talk)
        return () if answer is None else answer

    def _is_else(self, question: Question, text: str) -> bool:
        """A new command, a hello or a call for help is no answer, however free the question.

        A talk may take all of that for one, but calls for help and what it names itself.
        """
        feature, found = self._registry.features.get(question.feature), self._registry.find(text)
        beside = feature.beside.get(question.name) if feature else None
        cries = distress.cries(text) and not refuge.is_in(self._registry, question.feature)
        if beside is None:
            return found is not None or small_talk.greets(text) or cries
        if found is None:
            return cries
        named = found[0].name.en in beside and len(found[2].split()) <= 1
        return named or re.fullmatch(r"#?\d{1,9}", found[2]) is not None or cries

    async def go_on(self, ctx: Context, question: Question, answer: str) -> Answer:
        """Run again what had to ask, now knowing more."""
        payload = question.payload
        ctx.known = {**payload["known"], payload["key"]: answer}
        ctx.origin = replace(
            ctx.origin,
            reply_to=payload.get("reply_to"),
            mentions=tuple(payload.get("mentions", ())),
            media=Media(**payload["media"]) if payload.get("media") else None,
            relation_sealed=payload.get("sealed", True) and not ctx.loosely,
        )
        ctx.text = payload["text"]
        if payload["key"] == refuge.KEY and answer != "yes":
            return await refuge.left(ctx)
        road = _road(question)
        if road.item is not None:
            item = await items.get(ctx.db, road.item)
            if item is None or not await ctx.may_see(item):
                return LAPSED
            return await self._replied(ctx, item, road.text)
        if road.message is not None:
            message, feature = thawed(road.message), self._registry.features.get(question.feature)
            assert isinstance(message, Message)
            return await self._listening(ctx, feature, message) if feature else LAPSED
        found = self._registry.find(ctx.text)
        if found is None:  # the capability was taken out meanwhile
            return LAPSED
        return await self._typed(ctx, found[0], found[2])

    # --- everything else ----------------------------------------------------------------------

    async def _else(
        self, ctx: Context, message: Message, heard: Heard, question: Question | None
    ) -> Answer:
        found = await self._to_item(ctx, message, heard)
        if found is None:
            found = await self._listened(ctx, message, heard)
        if found is not None:
            return found
        if ctx.private and refuge.is_voice(message):
            return refuge.cannot_hear(self._registry)
        if heard.marked:
            named = ctx.private or self._me in message.mentions
            called = await self._name_of(ctx) if ctx.private else None
            plain = ctx.private and not self._prefixed(message, ctx)
            if plain and question is None and (lines := await self._unheard(ctx, heard.text)):
                return lines
            waits = question is not None and plain and ctx.now <= question.until
            awaited = question.wants if question is not None and waits else None
            return small_talk.answer(
                self._registry,
                heard.text,
                named=named,
                language=ctx.policy.language,
                called=called,
                awaited=awaited,
                plain=plain,
            )
        return None

    async def _to_item(self, ctx: Context, message: Message, heard: Heard) -> Answer:
        """What a line in reply to something of ours does."""
        item = await items.about(ctx.db, message.reply_to) if message.reply_to else None
        if item is None or not await ctx.may_see(item):
            return None
        return await self._replied(ctx, item, heard.text)

    async def _called(self, ctx: Context, message: Message, heard: Heard, door: Door) -> Answer:
        """A call for help; in reply to what a capability said of somebody's call it is told on."""
        found = await self._to_item(ctx, message, heard)
        if found is not None:
            return found
        spoken = not (ctx.private or heard.marked or heard.exclaimed)
        ctx.whispered = spoken and door is Door.DANGER
        ctx.discreet = not (ctx.private or ctx.whispered)
        return await refuge.open_door(ctx, door, heard.text, self._network - {ctx.who})

    async def _unheard(self, ctx: Context, text: str) -> list[Line]:
        """What a capability thinks that it is about."""
        for unheard in self._registry.services("unheard"):
            if lines := await unheard(ctx, text):
                return list(lines)
        return []

    async def _name_of(self, ctx: Context) -> str | None:
        """What this person lets us call them, where nobody else reads it."""
        for called in self._registry.services("called"):
            if (name := await called(ctx, ctx.who)) is not None:
                return str(name)
        return None

    async def _replied(self, ctx: Context, item: Item, text: str) -> Answer:
        feature = self._registry.features[item.feature]
        if (handler := feature.replies.get(item.kind)) is None:
            return None
        ctx.feature, (ctx.does, reach) = item.feature, feature.answers[item.kind]
        if reach is Reach.BEYOND and not ctx.trusted:
            return None
        ctx.road = Road("reply", item=item.number, text=text)
        if not await permission.reaches(ctx, item):
            return None
        return await relations.sure(ctx, await handler(ctx, item, text))

    async def _listened(
        self, ctx: Context, message: Message, heard: Heard, besides: str = ""
    ) -> Answer:
        """What the first capability says that waits for such a line.

        `no puedo` may answer many things: whoever waits for it hears it before a command does.
        """
        for feature in self._registry.features.values():
            if feature.name == besides or not (ctx.trusted or feature.listens_within):
                continue
            if feature.listens and feature.listens(heard.text):
                found = await self._listening(ctx, feature, message)
                if found is not None:
                    return found
        return None

    async def _listening(self, ctx: Context, feature: Feature, message: Message) -> Answer:
        """The first of a capability's listeners that has something to say."""
        ctx.feature = feature.name
        ctx.road = Road("listens", message=frozen(message))
        for hook in feature.hooks.get(Message, ()):
            found = await relations.sure(ctx, await hook(ctx, message))
            if found is not None:
                return found
        return None


def cut(message: Message) -> Message:
    """So much of it as is read, and one character more, which tells that it was longer."""
    return replace(message, text=message.text[: LONGEST + 1])


def _too_long(heeded: Heeded) -> Answer:
    """Said to who speaks to us; in a reply it is talk."""
    if not (heeded.heard.marked or heeded.heard.exclaimed or heeded.question is not None):
        return None
    return (
        _("That is too long: I read {count} characters at most.", count=LONGEST),
        _("Please send less of it at once."),
    )


def _is_prose(command: Command, rest: str) -> bool:
    """In private a sentence is no command only because its first word is one of ours.

    A long line behind a command that takes nothing is talk.
    """
    return not command.params and len(rest.split()) > 3


def _road(question: Question) -> Road:
    return Road.of(question.payload.get("road"))
