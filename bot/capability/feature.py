"""Declarations: how a folder in `commands/` states its commands, jobs, settings and services."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from bot.capability.authority.access import ItemAccess, Need, Reach
from bot.capability.authority.typed_forms import Bare, Behind, CommandPlace
from bot.capability.data.data_declarations import DataDeclarations
from bot.capability.handler import Answer as Answer
from bot.capability.handler import FindHomes
from bot.capability.handler import Handler as Handler
from bot.capability.service import Service
from bot.capability.settings import Setting
from bot.capability.sub_commands import SubCommands, handler_params
from bot.conversation.arguments import NamedArgument
from bot.job_kind import JobKind
from bot.lines import Line
from bot.text.command_words import Words
from bot.text.rewording import NUMBER, Rewording
from bot.text.sentences import Sentence

Tool = Callable[..., tuple[bool, Sequence[Line]] | None]
"""A command-line tool that needs no running bot. Returns whether all is well, and lines to print.

Returns None if its input is for another capability's tool of the same name.
"""

P = ParamSpec("P")
R = TypeVar("R")
ServiceFunction = Callable[Concatenate[Any, P], Awaitable[R]]
"""A service's function: the context comes first."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of the help, and the words that open it (`!ayuda encuestas`)."""

    key: str
    name: Words
    title: Line = field(compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a person can type. Its handler's signature is its grammar."""

    feature: str
    name: Words
    handler: Handler
    help: Line
    example: Line
    topic: Topic
    need: Need
    where: CommandPlace
    bare: Bare
    is_vote: bool
    is_urgent: bool
    call_words: tuple[str, ...]
    behind: Behind
    args: tuple[NamedArgument, ...]
    params: tuple[inspect.Parameter, ...]
    item_kinds: tuple[str, ...]
    does: ItemAccess
    reach: Reach
    subs: SubCommands
    homes: FindHomes | None
    is_beside_call: bool
    warns: bool
    clears: bool


@dataclass(frozen=True, slots=True)
class Act:
    """An act that needs a moderator's power and can be put under a rule: its name and handler.

    `like` is the act whose rule applies where the room has none for this one. `urgent`: in an
    emergency a moderator may do it at once and have it confirmed afterwards; never for acts that
    give power. `value`: it sets a value of the room, so two pending ones conflict. `protects`: a
    moderator may do it alone whatever the rule is, since harm goes on meanwhile. It ends what the
    act in `like` did: to undo that protects too, and to undo it follows the rule.
    """

    name: Words
    title: Line
    handler: Handler
    like: str = ""
    urgent: bool = True
    value: bool = False
    protects: bool = False


@dataclass(frozen=True, slots=True)
class RequiredPower:
    """A permission that the bot needs in a room, and the line that says what fails without it.

    `act` is `say`, `invite`, `kick`, `ban`, `redact`, or a state event's type.
    """

    act: str
    without: Line


@dataclass(slots=True)
class Feature(DataDeclarations):
    """A capability (a folder in `commands/`): everything it declares, and where its files are."""

    folder: Path
    needs: tuple[str, ...] = ()  # capabilities that it imports; it is not there without them
    commands: list[Command] = field(default_factory=list)
    job_kinds: list[JobKind] = field(default_factory=list)
    jobs: dict[str, Handler] = field(default_factory=dict)
    dialogues: dict[str, Handler] = field(default_factory=dict)
    dialogue_commands: dict[str, frozenset[str]] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    powers: list[RequiredPower] = field(default_factory=list)
    listeners: dict[type, list[Handler]] = field(default_factory=dict)
    reply_handlers: dict[str, Handler] = field(default_factory=dict)
    reply_access: dict[str, tuple[ItemAccess, Reach]] = field(default_factory=dict)
    undo_handlers: dict[str, Handler] = field(default_factory=dict)
    final_undos: dict[str, Line] = field(default_factory=dict)  # said before an undo for good
    acts: dict[str, Act] = field(default_factory=dict)
    services: dict[str, Callable[..., Any]] = field(default_factory=dict)
    tools: dict[str, click.Command] = field(default_factory=dict)
    template_checks: list[Callable[[Path], Sequence[Line]]] = field(default_factory=list)
    personal_kinds: set[str] = field(default_factory=set)
    """Item kinds between one person and the bot: their author sees them in every room."""
    rewordings: list[Rewording] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    patient_dialogues: set[str] = field(default_factory=set)  # whose question can be put off
    wants_line: Callable[[str], bool] | None = None
    """Cheap predicate on the text of every unaddressed line: does `on(Message)` want it?"""
    listens_in_private_only: bool = False
    """In rooms such lines are talk: `Registry.listening` asks its listeners about none of them."""
    listens_within_room: bool = False  # what it does about such lines stays there (see `Reach`)

    def stands_for(
        self,
        name: Words,
        line: str,
        *,
        is_kept: bool = False,
        by_number: bool = False,
        takes: re.Pattern[str] | None = None,
        begins_calls: bool = False,
        only_if: Callable[[str], bool] | None = None,
    ) -> None:
        """Declare words read as another line. `by_number`: where at most a number follows. `takes`,
        `only_if`: as those of a `Rewording`.

        `begins_calls`: as that of a command.
        """
        taken = NUMBER if by_number else takes
        self.rewordings.append(Rewording(name, line, is_kept, taken, begins_calls, only_if))

    def command(
        self,
        name: Words,
        *,
        help: Line,  # noqa: A002
        example: Line,
        topic: Topic,
        need: Need = Need.ANYONE,
        where: CommandPlace = CommandPlace.ANYWHERE,
        bare: Bare = Bare.NEVER,
        vote: bool = False,
        urgent: bool = False,
        begins_calls: bool | Sequence[str] = False,
        behind: Behind = Behind.SECOND,
        args: Sequence[NamedArgument] = (),
        of: Sequence[str] = (),
        does: ItemAccess | None = None,
        reach: Reach = Reach.BEYOND,
        subs: SubCommands | None = None,
        homes: FindHomes | None = None,
        beside_call: bool = False,
        warns: bool = False,
        clears: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register a command.

        `vote`: it counts for its sender and is not held up by a flood of other lines. `urgent`: it
        has its own rate limit. `begins_calls`: people begin calls for help with its words too, or
        with these of them (`no puedo salir`). `behind`: what other commands in its text are.
        `of`: the item kinds whose number it takes, for its example; by default those of its
        capability if they can be replied to, else any. `does` defaults to `COUNTS` for a vote, else
        to `CHANGES`. `subs`: words behind it with a handler. `homes`: the rooms that a private line
        may be for (`CommandPlace.ROOM`), where its text says that. `beside_call`: it is taught to
        whoever is asked whether to call for help, so it and its questions go before that one.
        `warns`: others are warned of a danger by it, which is no call for help then. `clears`:
        people ask with its words, without a number, that what they wrote be gone.
        """

        def register(handler: Handler) -> Handler:
            words_behind = subs or SubCommands()
            words_behind.command = name
            self.commands.append(
                Command(
                    self.name,
                    name,
                    handler,
                    help,
                    example,
                    topic,
                    need,
                    where,
                    bare,
                    vote,
                    urgent,
                    tuple(name if begins_calls is True else begins_calls or ()),
                    behind,
                    tuple(args),
                    handler_params(handler),
                    tuple(of),
                    does or (ItemAccess.COUNTS if vote else ItemAccess.CHANGES),
                    reach,
                    words_behind,
                    homes,
                    beside_call,
                    warns,
                    clears,
                )
            )
            return handler

        return register

    def job(self, name: str) -> JobKind:
        """Declare a kind of job and return it. `name` stands in the database."""
        self.job_kinds.append(kind := JobKind(self.name, name))
        return kind

    def runs(self, kind: JobKind) -> Callable[[Handler], Handler]:
        """Register the function `(ctx, job)` that runs when a job of this kind falls due."""
        return self._register(self.jobs, kind.name)

    def dialogue(
        self, name: str, *, beside: Sequence[str] | None = None, can_wait: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a dialogue that the bot begins: `(ctx, payload)`, run again after each answer.

        Where text is asked for, a line that looks like a command or a greeting is not an answer.
        With `beside` it is one, except for these commands (by their English names). One that
        `can_wait` is put off, and asked again, for one that begins with `first`.
        """
        if can_wait:
            self.patient_dialogues.add(name)
        if beside is not None:
            self.dialogue_commands[name] = frozenset(beside)
        return self._register(self.dialogues, name)

    def reply(
        self, kind: str, *, does: ItemAccess = ItemAccess.CHANGES, reach: Reach = Reach.BEYOND
    ) -> Callable[[Handler], Handler]:
        """Register the handler `(ctx, item, text)` of lines without a command that reply to items
        of a kind.

        It returns None if the line is only conversation.
        """
        self.reply_access[kind] = (does, reach)
        return self._register(self.reply_handlers, kind)

    def undo(self, act: str, *, final: Line | None = None) -> Callable[[Handler], Handler]:
        """Register the handler `(ctx, undo)` that reverts a log entry of this act.

        `final`: why that can't be taken back, if so. The question says it, and wants a whole yes.
        """
        if final is not None:
            self.final_undos[act] = final
        return self._register(self.undo_handlers, act)

    def act(
        self,
        key: str,
        name: Words,
        title: Line,
        *,
        like: str = "",
        urgent: bool = True,
        value: bool = False,
        protects: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register the handler `(ctx, room, payload)` that carries out an act under the room's
        rules.

        `bot/capability/authority/acts.py` calls it once the act is allowed, perhaps days later and
        as the bot. It must not ask, must check again that the act is possible, and must log it,
        with an undo if there is one.
        """

        def register(handler: Handler) -> Handler:
            if key in self.acts:
                raise ValueError(f"{self.name}: {key!r} is declared twice")
            self.acts[key] = Act(name, title, handler, like, urgent, value, protects)
            return handler

        return register

    def on(self, what: type) -> Callable[[Handler], Handler]:
        """Register a listener `(ctx, what)` for a type of inbound event.

        For votes and poll ends it is `(ctx, what, item)`, called for the capability's own items.
        """

        def register(handler: Handler) -> Handler:
            self.listeners.setdefault(what, []).append(handler)
            return handler

        return register

    def offers(
        self, service: Service[P, R]
    ) -> Callable[[ServiceFunction[P, R]], ServiceFunction[P, R]]:
        """Register this capability's function for a service of `bot/capability/services.py`, which
        other capabilities call.

        Raises `ValueError` if this capability offers it already.
        """

        def register(function: ServiceFunction[P, R]) -> ServiceFunction[P, R]:
            if service.name in self.services:
                raise ValueError(f"{self.name} offers {service.name!r} twice")
            self.services[service.name] = function
            return function

        return register

    def tool(self, name: str, *params: click.Parameter, help: Line) -> Callable[[Tool], Tool]:  # noqa: A002
        """Register the operator's command `minga <name>`, which needs no configuration, database or
        network.

        The help of an option is a sentence in English too, which is translated: `_("…").msgid`.
        """

        def register(tool: Tool) -> Tool:
            self.tools[name] = click.Command(name, callback=tool, params=[*params], help=help.msgid)
            return tool

        return register

    def _register(self, table: dict[str, Handler], name: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            if name in table:
                raise ValueError(f"{self.name}: {name!r} is declared twice")
            table[name] = handler
            return handler

        return register
