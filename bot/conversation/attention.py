"""Decides which lines concern the bot. Cheap and read-only, because it sees every line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot import distress
from bot.capability.authority.permission import has_moderator_power
from bot.capability.authority.typed_forms import Bare
from bot.capability.registry import FoundCommand, Registry
from bot.capability.room_policy import Policy, question_slot
from bot.conversation import distress_answers, name_calls
from bot.conversation.addressing import AddressedLine, has_prefix, parse_addressing
from bot.conversation.name_calls import NameCall
from bot.distress import HelpKind, about_bot
from bot.text import direct_speech, spoken
from bot.types import Message, RoomId, UserId
from storage import items, questions, rooms
from storage.database import Tx
from storage.questions import Question


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a line concerns the bot, and what was found out for that.

    `command`: the command that it starts with, the words that name it, and the rest.
    `has_vote_limit` and `is_urgent` choose its rate limit. `help_kind` is set if it was typed in
    danger or after harm and is no command; such a line is urgent.
    """

    line: AddressedLine
    question: Question | None
    command: FoundCommand | None = None
    has_vote_limit: bool = False
    is_urgent: bool = False
    help_kind: HelpKind | None = None


class Attention:
    """Decides which lines concern the bot. `bot_name` is its name besides its address."""

    def __init__(self, registry: Registry, me: UserId) -> None:
        self._registry = registry
        self._me = me
        self.bot_name = ""

    async def find_concern(self, tx: Tx, message: Message, policy: Policy) -> Concern | None:
        """Return why the line concerns the bot and what was found out for that, or None. Writes
        nothing."""
        typed = parse_addressing(message, policy, self._me, self.bot_name)
        line = await self._heed_name(
            tx, typed, message.room, message.sender, private=policy.is_private
        )
        command = self._find_command(line.text, has_prefix=has_prefix(message, policy))
        place = question_slot(policy, message.sender, message.room, message.thread)
        question = await questions.get(tx, *place, message.sender)
        greeted = None if line.is_addressed else self._greeted_answer(line)
        if greeted is not None and message.reply_to is None:
            return replace(greeted, question=question)
        if line.is_addressed and self._warns(line, command, private=policy.is_private):
            return Concern(line, question, command, is_urgent=True)
        if line.is_addressed or question is not None:
            return self._concern(line, command, question)
        listened = _has_room_listener(self._registry, line.text)
        if message.reply_to is not None and (
            listened or await items.item_about(tx, message.reply_to) is not None
        ):
            return replace(self._concern(line, command, None), has_vote_limit=True)
        if greeted is not None:
            return greeted
        if command is not None and (line.is_exclaimed or is_bare(command, replied=False)):
            return self._concern(line, command, None)
        if listened and not line.is_exclaimed:
            return Concern(line, None, command, has_vote_limit=True)
        kind = self._help_kind(line, command)
        return Concern(line, None, command, False, True, kind) if kind is not None else None

    def _find_command(self, text: str, *, has_prefix: bool) -> FoundCommand | None:
        """Return the command that a line begins with. `eliminar todo` cancels no item, and
        `socorro, how do I vote` is asked back unless it `has_prefix`."""
        found = self._registry.find_command(text)
        if not has_prefix and about_bot.asks_how_to_use(text):
            return None
        if found is None or not found[0].clears or re.search(r"\d", text):
            return found
        return None if distress.asks_to_clear(text) else found

    async def _heed_name(
        self, tx: Tx, line: AddressedLine, room: RoomId, who: UserId, *, private: bool
    ) -> AddressedLine:
        """Return the line without the bot's name, if it calls the bot by it at one end; in private
        at its beginning only, as a text may end so."""
        if line.is_exclaimed or (line.is_addressed and not private):
            return line
        cry = None if private else name_calls.cut_name_behind(line.text, self._me, self.bot_name)
        wanted = cry is not None and name_calls.is_asked_of_bot(self._registry, cry)
        if cry is not None and (wanted or distress.is_cry(cry)):
            return AddressedLine(cry, True, is_named=True)
        call = name_calls.split_name(line.text, self._me, self.bot_name)
        if call is None:
            return line
        command = self._registry.find_command(call.rest)
        warns = self._warns(AddressedLine(call.rest, True), command, private=private)
        if not (private or warns) and name_calls.is_cry_beside_name(call):
            # asks: whoever calls at once writes `!panic`
            return AddressedLine(call.rest, False, is_named=True)
        heard = (warns and not call.is_heading) or name_calls.is_call(self._registry, call)
        heard = heard or await _forbids(tx, call, room)
        if not heard and name_calls.is_set_up_line(self._registry, call):
            heard = await _has_power(tx, room, who)
        return AddressedLine(call.rest, True, is_named=True) if heard else line

    def _greeted_answer(self, line: AddressedLine) -> Concern | None:
        """Return the concern of a whole command behind a greeting: `hola, voy 57`."""
        said = spoken.without_greeting(line.text)
        if said == line.text or line.is_exclaimed:
            return None
        command, numbered = self._registry.find_command(said), re.search(r"\d", said)
        if is_bare(command, replied=False):
            return self._concern(replace(line, text=said), command, None)
        if numbered and _has_room_listener(self._registry, said):
            return Concern(replace(line, text=said), None, command, has_vote_limit=True)
        return None

    def _concern(
        self, line: AddressedLine, command: FoundCommand | None, question: Question | None
    ) -> Concern:
        kind = self._help_kind(line, command)
        vote = command is not None and command[0].is_vote
        urgent = kind is not None or (command is not None and command[0].is_urgent)
        return Concern(line, question, command, vote, urgent, kind)

    def _help_kind(self, line: AddressedLine, command: FoundCommand | None) -> HelpKind | None:
        """Return the kind of help a line calls for, unless it is the command for it."""
        if not (line.is_addressed or line.is_exclaimed):
            return distress.find_spoken_call(line.text)
        if command is None or self._is_told_in_danger(line.text):
            return distress.find_help_kind(line.text)
        lost = distress.begins_with_lost_device(line.text)
        tells = lost and not self._registry.is_own_words(line.text)
        called = not distress_answers.is_command(self._registry, *command) and (
            tells
            or self._registry.is_call_word(command[1])
            or distress.reads_as_call(line.text, command[1])
        )
        return distress.find_help_kind(line.text) if called else None

    def _warns(self, line: AddressedLine, command: FoundCommand | None, *, private: bool) -> bool:
        """Return whether a line asks the bot to warn others, and is no call for help: `tell
        everyone not to come, the police are here`."""
        if command is None or not command[0].warns:
            return False
        if not self._registry.is_call_word(command[1]) or distress.is_of_oneself(line.text):
            return False
        is_danger = distress.find_help_kind(line.text) is HelpKind.DANGER
        return is_danger and (not private or distress.warns_to_stay_away(line.text))

    def _is_told_in_danger(self, text: str) -> bool:
        """Return whether a sentence that stands for a command is told in a cry: `they follow me, if
        I'm not back by 9 tell ana`."""
        return self._registry.is_told(text) and distress.find_help_kind(text) is HelpKind.DANGER


async def _forbids(tx: Tx, call: NameCall, room: RoomId) -> bool:
    """Return whether a call tells the bot not to change an open thing of the room that it names by
    its title: `minga, no canceles el asado`."""
    if not (call.is_spoken_to and direct_speech.may_forbid(call.rest)):
        return False
    titles = [one.title for one in await items.open_of(tx, room)]
    return direct_speech.is_forbidding(call.rest, titles)


async def _has_power(tx: Tx, room: RoomId, who: UserId) -> bool:
    """Return whether somebody's own power level in the room suffices to moderate it."""
    known = await rooms.get(tx, room)
    return known is not None and has_moderator_power(known, who)


def is_bare(command: FoundCommand | None, *, replied: bool) -> bool:
    """Return whether the whole line is a command that needs no prefix: `voy 57`, or in a reply
    `voy`."""
    if command is None or command[0].bare is not Bare.NUMBERED:
        return False
    number = re.fullmatch(r"(#?\d{1,9})?(?:\s+\d[\d/.\-:h ]*)?", command[2])
    return number is not None and (replied or number[1] is not None)


def is_complete(
    registry: Registry, line: AddressedLine, command: FoundCommand | None, *, private: bool
) -> bool:
    """Return whether the line means something by itself, like `voy 2`, so is no choice."""
    return is_bare(command, replied=False) or any(registry.listening(line.text, private=private))


def _has_room_listener(registry: Registry, text: str) -> bool:
    """Return whether a capability listens for such lines in rooms although they are not
    addressed."""
    return any(registry.listening(text, private=False))
