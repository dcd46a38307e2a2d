"""How a folder in `commands/` says what it can do."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

import click

from bot.effects import Effect
from bot.parts import Arg
from bot.setting import Setting
from bot.types import Line
from bot.words import Words

Tool = Callable[..., tuple[bool, Sequence[Line]] | None]
"""Works on the command line, without a bot: whether all is well, and what there is to say.

None: what it was given is for another capability's tool of the same name.
"""

Answer = Line | Effect | Iterable[Line | Effect] | None
Handler = Callable[..., Awaitable[Answer]]


class Need(Enum):
    """Who may do it: checked in one place, before the handler runs."""

    ANYONE = "anyone"  # whoever is joined to the room
    MODERATOR = "moderator"  # power 50 in the room, or a role that the room gave
    NETWORK = "network"  # the network's moderators, named in the configuration


class Does(Enum):
    """What a command does with a thing of another room: `bot/permission.py` asks by it who may.

    One that says nothing changes something, which asks for the most.
    """

    READS = "reads"  # whoever is in the thing's room
    COUNTS = "counts"  # for its own person: silencing takes no vote and no seat away
    CHANGES = "changes"  # who is there and may speak there
    TAKES_BACK = "takes back"  # also its author, who left by their own will


class Reach(Enum):
    """How far a command's effect goes. One that says nothing goes beyond the room.

    What a room allows to unconfirmed devices it allows within itself alone: from them nothing runs
    that goes further.
    """

    ROOM = "room"  # only this room's things, and only this room hears of it
    BEYOND = "beyond"


class Where(Enum):
    ANYWHERE = "anywhere"
    ROOM = "room"  # makes something for a room: in private the bot asks which
    PRIVATE = "private"  # sensitive: typed in a room it is redacted and answered in private


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of the help, and the words that open it (`!ayuda encuestas`)."""

    key: str
    name: Words
    title: Line = field(compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can type. Its handler's signature is its grammar."""

    feature: str
    name: Words
    handler: Handler
    help: Line
    example: Line
    topic: Topic
    need: Need
    where: Where
    bare: bool
    vote: bool
    urgent: bool
    args: tuple[Arg, ...]
    params: tuple[inspect.Parameter, ...]
    of: tuple[str, ...]
    does: Does
    reach: Reach


@dataclass(frozen=True, slots=True)
class Act:
    """What takes a moderator's power and can have a rule: how people call it, what does it.

    `like`: the act whose rule holds where a room gave this one none. `urgent`: in an emergency a
    moderator may do it at once, to be confirmed afterwards; never what gives somebody power.
    `value`: it gives something of the room's another value, so that of two such only one can hold.
    """

    name: Words
    title: Line
    handler: Handler
    like: str = ""
    urgent: bool = True
    value: bool = False


@dataclass(frozen=True, slots=True)
class Power:
    """What the bot has to be allowed in a room for a capability, and what fails `without` it.

    `act`: `say`, `invite`, `kick`, `ban`, `redact`, or the type of a state event.
    """

    act: str
    without: Line


@dataclass(slots=True)
class Feature:
    """A folder in `commands/`: its commands, its jobs, its settings, and where its files are."""

    name: str
    folder: Path
    commands: list[Command] = field(default_factory=list)
    jobs: dict[str, Handler] = field(default_factory=dict)
    dialogues: dict[str, Handler] = field(default_factory=dict)
    beside: dict[str, frozenset[str]] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    powers: list[Power] = field(default_factory=list)
    hooks: dict[type, list[Handler]] = field(default_factory=dict)
    replies: dict[str, Handler] = field(default_factory=dict)
    answers: dict[str, tuple[Does, Reach]] = field(default_factory=dict)
    undoes: dict[str, Handler] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    services: dict[str, Callable[..., Any]] = field(default_factory=dict)
    tools: dict[str, click.Command] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)
    """Kinds of things between one person and us: whoever began one sees it wherever they are."""
    listens: Callable[[str], bool] | None = None
    """Which unaddressed lines `on(Message)` wants to hear: cheap, asked of everything said."""
    listens_within: bool = False
    """What it does about them stays in the room: see `Reach`."""

    def command(
        self,
        name: Words,
        *,
        help: Line,  # noqa: A002
        example: Line,
        topic: Topic,
        need: Need = Need.ANYONE,
        where: Where = Where.ANYWHERE,
        bare: bool = False,
        vote: bool = False,
        urgent: bool = False,
        args: Sequence[Arg] = (),
        of: Sequence[str] = (),
        does: Does | None = None,
        reach: Reach = Reach.BEYOND,
    ) -> Callable[[Handler], Handler]:
        """Declare what a person can type. `bare`: counts as a whole line without prefix too.

        `vote`: it counts for its person, and no flood of others may hold it up. `urgent`: nothing
        else that they or anybody said holds it up. `of`: the kinds of things whose number it takes,
        for its example; without, all those of its capability, if that can be replied to, or any.
        `does`, `reach`: see there; without `does` a vote counts, and everything else changes.
        """

        def register(handler: Handler) -> Handler:
            params = _params(handler)
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
                    tuple(args),
                    params,
                    tuple(of),
                    does or (Does.COUNTS if vote else Does.CHANGES),
                    reach,
                )
            )
            return handler

        return register

    def job(self, name: str) -> Callable[[Handler], Handler]:
        """Declare what runs when a job of this name falls due: `(ctx, job)`."""
        return self._into(self.jobs, name)

    def dialogue(
        self, name: str, *, beside: Sequence[str] | None = None
    ) -> Callable[[Handler], Handler]:
        """Declare a talk that the bot begins itself: `(ctx, payload)`, run anew at each answer.

        Where words are asked for, a line that begins like a command or a hello is none to the
        answer; with `beside` it is one, but for these commands (by their English names).
        """
        if beside is not None:
            self.beside[name] = frozenset(beside)
        return self._into(self.dialogues, name)

    def reply(
        self, kind: str, *, does: Does = Does.CHANGES, reach: Reach = Reach.BEYOND
    ) -> Callable[[Handler], Handler]:
        """What a plain line in reply to an item of this kind does: `(ctx, item, text)`.

        It returns None where the line is only talk.
        """
        self.answers[kind] = (does, reach)
        return self._into(self.replies, kind)

    def undo(self, act: str) -> Callable[[Handler], Handler]:
        """How a line of the log is taken back: `(ctx, undo)`."""
        return self._into(self.undoes, act)

    def act(
        self,
        key: str,
        name: Words,
        title: Line,
        *,
        like: str = "",
        urgent: bool = True,
        value: bool = False,
    ) -> Callable[[Handler], Handler]:
        """How an act under the room's rules is carried out: `(ctx, room, payload)`.

        `bot/acts.py` runs it once it is allowed, perhaps days later and in the bot's name. It asks
        nothing, looks again whether it can still be done, and logs it, with an undo if it can be.
        """

        def register(handler: Handler) -> Handler:
            if key in self.acts:
                raise ValueError(f"{self.name}: {key!r} is declared twice")
            self.acts[key] = Act(name, title, handler, like, urgent, value)
            return handler

        return register

    def on(self, what: type) -> Callable[[Handler], Handler]:
        """Be told of a happening: `(ctx, what)`. Of votes and ends only about own items."""

        def register(handler: Handler) -> Handler:
            self.hooks.setdefault(what, []).append(handler)
            return handler

        return register

    def service(self, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Offer one of the services of `bot/services.py` to other capabilities."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.services[name] = function
            return function

        return register

    def tool(self, name: str, *params: click.Parameter) -> Callable[[Tool], Tool]:
        """Declare `minga <name>`: it needs no configuration, no database and no network.

        Its docstring is its help.
        """

        def register(tool: Tool) -> Tool:
            text = inspect.getdoc(tool)
            self.tools[name] = click.Command(name, callback=tool, params=[*params], help=text)
            return tool

        return register

    def _into(self, table: dict[str, Handler], name: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            if name in table:
                raise ValueError(f"{self.name}: {name!r} is declared twice")
            table[name] = handler
            return handler

        return register


def _params(handler: Handler) -> tuple[inspect.Parameter, ...]:
    """The parameters after `ctx`, with their annotations evaluated."""
    hints = get_type_hints(handler)
    params = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(p.replace(annotation=hints[p.name]) for p in params)
