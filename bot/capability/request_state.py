"""What is being handled: who asked, where and when, and what was answered so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.capability import room_policy
from bot.capability.authority.access import ItemAccess
from bot.capability.errors import PATIENCE, AnswerNeeded, ExpectedAnswer, UserError
from bot.capability.prefetch import FetchedData
from bot.capability.registry import Registry
from bot.capability.resume_point import ResumePoint
from bot.capability.room_policy import Defaults, Policy
from bot.delivery.effects import SendFile
from bot.delivery.rendering import Renderer
from bot.i18n import _
from bot.lines import Line
from bot.signing.signer import Signer
from bot.types import EventId, Media, Membership, RoomId, UserId
from storage import questions, rooms
from storage.database import Tx
from storage.membership.room import Room


@dataclass(frozen=True, slots=True)
class Origin:
    """The room and event that a request came from, which is where its answer goes.

    `line`: the message whose words are run. After a question it is the one that was asked about,
    and `event` the answer. None if the request is no message, or was sensitive and in a room.
    """

    room: RoomId
    event: EventId | None = None
    thread: EventId | None = None
    reply_to: EventId | None = None
    mentions: tuple[UserId, ...] = ()
    media: Media | None = None
    late: bool = False
    relation_sealed: bool = True  # see `Message`
    requester: UserId | None = None  # is told if the homeserver refuses an effect
    tells_in_private: bool = False  # that refusal is told in private
    line: EventId | None = None


@dataclass(slots=True)
class RequestState:
    """One command, reply, vote or job being handled, inside one transaction.

    It is the part of a `Context` that permission and choices need. Both times are UTC (`Context`).
    """

    feature: str
    who: UserId
    me: UserId
    said_at: datetime
    now: datetime
    db: Tx
    origin: Origin
    policy: Policy
    defaults: Defaults
    registry: Registry
    signer: Signer
    renderer: Renderer
    answers: dict[str, str] = field(default_factory=dict)
    fetched: FetchedData = field(default_factory=FetchedData)
    text: str = ""
    target: Room | None = None
    """The room that a command makes something for (`CommandPlace.ROOM`)."""
    is_target_named: bool = False
    """A private line ends in its name."""
    resume_point: ResumePoint | None = None
    """How to run the handler again after an answer. None where no question can be asked."""
    discreet: bool = False
    """Send the answer to the person in private (`CommandPlace.PRIVATE`); the line is redacted."""
    answer_privately: bool = False
    """Like `discreet`, for another room's items: the line stays, and the room gets a notice."""
    has_read_replied: bool = False
    """The handler used the message that was replied to."""
    unsealed_answer: str = ""
    """The text of an answer whose reply or thread a homeserver may have chosen."""
    answers_silently: bool = False
    """Like `discreet`, but the line stays and the room gets no notice."""
    ended_question: tuple[RoomId, str] | None = None
    """The slot of a question that ended. It stays ended if the rest is rolled back."""
    is_understood: bool = True
    """False if the line led to nothing but a guess at what was meant."""
    has_scheduled: bool = False
    is_trusted: bool = True
    """False if the device counts only by this room's looser rule, so only in this room."""
    does: ItemAccess = ItemAccess.READS
    """How the running command uses the item it is about."""
    is_agreed: bool = False
    """Others agreed to this act, so it is not `who` alone that does it."""

    @property
    def room(self) -> RoomId:
        """The room in which the request was made, or to which the due job belongs."""
        return self.origin.room

    @property
    def target_room(self) -> Room:
        """The room that the command is about. Raises `UserError` if the bot has left it."""
        if self.target is None:
            raise UserError(_("I am not in this room any more."))
        return self.target

    @property
    def place(self) -> RoomId:
        """The room that the command is about, else the room in which it was said."""
        return self.target.room if self.target else self.room

    @property
    def is_private(self) -> bool:
        """Whether the request was made in a private room of one person with the bot."""
        return self.policy.is_private

    @property
    def answers_in_private(self) -> bool:
        """Whether the answer goes to the person in private instead of to the room."""
        return self.discreet or self.answer_privately or self.answers_silently

    @property
    def answers_one_person(self) -> bool:
        """Whether nobody but the person who asked reads the answer."""
        return self.is_private or self.answers_in_private

    @property
    def question_slot(self) -> tuple[RoomId, str]:
        """The room and thread under which a question to this person is stored."""
        if self.answers_in_private:
            return RoomId(self.who), ""
        return room_policy.question_slot(
            self.policy, self.who, self.origin.room, self.origin.thread
        )

    def ask(
        self,
        key: str,
        wants: ExpectedAnswer,
        *lines: Line,
        patience: timedelta = PATIENCE,
        files: tuple[SendFile, ...] = (),
    ) -> str:
        """Return the answer to `key`. Raises `AnswerNeeded` until there is one.

        The question is asked, and the handler runs again from the start with the answer: `yes` or
        `no` for `yesno`, a number for `choice`, otherwise the text. `files` are posted with it.
        """
        if key not in self.answers:
            raise AnswerNeeded(key, wants, lines, patience=patience, files=files)
        return self.answers[key]

    def ask_again(
        self, key: str, wants: ExpectedAnswer, *lines: Line, patience: timedelta = PATIENCE
    ) -> str:
        """Discard the stored answer to `key` and ask again. Always raises `AnswerNeeded`."""
        self.answers.pop(key, None)
        return self.ask(key, wants, *lines, patience=patience)

    async def has_asked(self, *keys: str) -> bool:
        """Return whether the person can have read an open question of this capability, for one of
        the keys, to which this may be an answer."""
        asked = await questions.get(self.db, *self.question_slot, self.who)
        if asked is None or asked.feature != self.feature or asked.payload.get("key") not in keys:
            return False
        return self.said_at <= asked.until and not await questions.is_on_its_way(self.db, asked)

    async def power_of(self, user: UserId | None = None, room: RoomId | None = None) -> int:
        """Return a person's power level by the room's state, or -1 if they are not joined."""
        place, person = room or self.room, user or self.who
        if await rooms.membership(self.db, place, person) is not Membership.JOIN:
            return -1
        known = await rooms.get(self.db, place)
        return known.power_of(person) if known else -1
