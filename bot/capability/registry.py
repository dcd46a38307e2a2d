"""All capabilities together: their commands by word, their settings by name, their services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property
from operator import itemgetter
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from bot.capability.feature import (
    Command,
    Feature,
    Handler,
    P,
    R,
    ServiceFunction,
    Topic,
)
from bot.capability.service import Service
from bot.capability.settings import Setting
from bot.text import spoken
from bot.text.command_words import Vocabulary, Words
from bot.text.normalisation import compact
from bot.text.rewording import Rewording
from bot.text.sentences import Sentence

UNSUGGESTED = frozenset(
    {
        *("cancel", "panic", "self-destruct", "forget-me", "leave", "ban", "ban-lists", "remove"),
        *("mute", "reject", "block", "unmake-moderator", "urgent", "unfollow"),
    }
)
"""Commands, by English name, that are never suggested for a misspelt word."""

MAKEABLE = frozenset({"poll", "proposal", "when", "event", "remind", "meeting", "task", "offer"})
"""Commands, by English name, before which a verb may stand: `crear encuesta`."""

WISHABLE = frozenset(
    {
        *("help", "vote", "going", "events", "pending", "tasks", "language", "profile", "rules"),
        *("privacy", "visible", "attendees", "requests", "extend", "delegate"),
        *("subscribe", "unfollow", "hand", "list-me", "forget-me", "my-data", "find", "results"),
    }
)
"""Commands, by English name, before which a wish may stand: `quiero borrar mi cuenta`."""

ASKED = WISHABLE | {"cancel", "close", "move"}
"""Commands, by English name, behind which a `please` is none of the person's own text."""

LONGEST_TOPIC = 40
"""Letters of a line that may be the name of a subject of the help."""

FoundCommand = tuple[Command, str, str]
"""The command that a line starts with, the words that name it, and the rest of the line."""


class Registry:
    """Looks up what the capabilities declare. Raises `ValueError` if a word has two meanings."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = {feature.name: feature for feature in features}
        self.commands: list[Command] = [c for f in features for c in f.commands]
        self._rewordings: list[Rewording] = [r for f in features for r in f.rewordings]
        self._sentences = [one for f in features for one in f.sentences]
        named: list[Words] = [one.name for one in self.commands]
        named += [one.name for one in self._rewordings]
        self.vocabulary = Vocabulary(
            (name, index) for index, every in enumerate(named) for name in every
        )
        has_help = any(command.name.en == "help" for command in self.commands)
        topics = self.topics() if has_help else []
        self._topic_words = {compact(word) for topic in topics for word in topic.name}
        self._own = {
            language: {
                compact(name): name for every in named for name in every.all_in_language(language)
            }
            for language in ("es", "pt", "en")
        }
        calls = [one.call_words for one in self.commands]
        calls += [tuple(one.name) for one in self._rewordings if one.begins_calls]
        self._call_words = {compact(word) for every in calls for word in every}
        self._grave = {n for n, c in enumerate(self.commands) if c.name.en in UNSUGGESTED}
        self._unsuggested = self._grave | {
            len(self.commands) + n
            for n, one in enumerate(self._rewordings)
            if one.needs_more or one.line.split()[0] in UNSUGGESTED
        }
        self.settings: list[Setting] = [s for f in features for s in f.settings]
        acts = [key for f in features for key in f.acts]
        if len(acts) != len(set(acts)):
            raise ValueError(f"an act is declared twice: {sorted(acts)}")
        self.acts = {key: (f.name, act) for f in features for key, act in f.acts.items()}
        self._setting_names: dict[str, Setting] = {}
        for setting in self.settings:
            for name in (*setting.name, setting.key):
                known = self._setting_names.setdefault(compact(name), setting)
                if known is not setting:
                    raise ValueError(f"the setting {name!r} means two things")

    def find_command(self, line: str) -> FoundCommand | None:
        """Return the command that a line starts with, the words that name it, and the rest; or
        None.

        If the line names no command but is the name of a help topic, return the command `help` with
        the line as the rest.
        """
        found = self._read(line, self._sentences)
        return found[0] if found is not None else None

    def _read(
        self, line: str, sentences: Sequence[Sentence]
    ) -> tuple[FoundCommand, Sentence | None] | None:
        """Return a line's command, and that of the sentences by which it was found, if any; or
        None."""
        for said in spoken.readings(line, sentences):
            found = self.vocabulary.find(said.text)
            if found is None or not self._takes(*found):
                continue
            if said.sentence is not None and not self._may_be(line, said.sentence):
                continue
            index, typed, rest = found
            command = self._command_at(index)
            if index >= len(self.commands):
                command, rest = self._reword(index, typed, rest)
            makes = command.name.en in MAKEABLE or not said.is_made
            if makes and (command.name.en in WISHABLE or not said.is_wished):
                is_asked = command.name.en in ASKED
                rest = spoken.without_please(rest) if is_asked else rest
                return (command, typed, rest), said.sentence
        if len(line) <= LONGEST_TOPIC and compact(line) in self._topic_words:
            return (self.command_named("help"), "", line), None
        return None

    def _may_be(self, line: str, sentence: Sentence) -> bool:
        """Return whether a sentence decides what a line is, and not a command that it names."""
        if not sentence.is_told or (read := self._read(line, ())) is None:
            return True
        command, typed, rest = read[0]
        may_be = command.name.en in sentence.instead_of or self.is_call_word(typed)
        return may_be and re.match(r"#?\d", rest) is None

    def is_call_word(self, typed: str) -> bool:
        """Return whether the words that name a command may also begin a call for help, as `ayuda`
        may."""
        return compact(typed.rstrip(",:;")) in self._call_words

    def is_own_words(self, line: str) -> bool:
        """Return whether the line is a sentence that stands for a command without naming it."""
        return self._sentence_of(line) is not None

    def is_told(self, line: str) -> bool:
        """Return whether the line is a sentence that stands for a command without naming it, but
        that people also say in a story (`Sentence.is_told`)."""
        sentence = self._sentence_of(line)
        return sentence is not None and sentence.is_told

    def _sentence_of(self, line: str) -> Sentence | None:
        found = self._read(line, self._sentences)
        return found[1] if found is not None else None

    def nearest_command(self, line: str, language: str) -> tuple[Command, str] | None:
        """Return the command that a misspelt word probably means, and its name in the reader's
        language; or None.

        Never one that removes, shuts out, destroys or raises the alarm.
        """
        own = self._own[language if language in self._own else "en"]
        name = self.vocabulary.nearest(line, own, self._unsuggested)
        if name is None:
            return None
        command = self._command_at(self.vocabulary.command_index(name))
        return command, own.get(compact(name), command.name.in_language(language))

    def is_near_unsuggested(self, line: str, language: str) -> bool:
        """Return whether the word is one slip away from a command that is never suggested."""
        own = self._own[language if language in self._own else "en"]
        name = self.vocabulary.nearest(line, own, ())
        if name is None or self.vocabulary.command_index(name) not in self._grave:
            return False
        typed, meant = compact(line.split()[0]), compact(name)
        wrong = len(typed) == len(meant) and sorted(typed) != sorted(meant)  # `delegar`, `denegar`
        return not wrong and DamerauLevenshtein.distance(typed, meant) == 1

    def command_named(self, name: str) -> Command:
        """Return the command that this word starts. Raises `KeyError`."""
        return self._command_at(self.vocabulary.command_index(name))

    def _command_at(self, index: int) -> Command:
        """Return the command of a word's index, which may be that of a rewording."""
        if index < len(self.commands):
            return self.commands[index]
        return self._reword(index, "", "")[0]

    def _takes(self, index: int, _typed: str, rest: str) -> bool:
        """Return whether the words at this index stand for their command before these others."""
        reworded = index >= len(self.commands)
        return not reworded or self._rewordings[index - len(self.commands)].may_precede(rest)

    def _reword(self, index: int, typed: str, rest: str) -> tuple[Command, str]:
        """Return the command that the words stand for, and what is behind it."""
        found = self._rewordings[index - len(self.commands)]
        said = " ".join(filter(None, (found.line, typed if found.is_kept else "", rest)))
        target = self.vocabulary.find(said)
        if target is None or target[0] >= len(self.commands):
            raise ValueError(f"{found.line!r} is no command")
        return self.commands[target[0]], target[2]

    def listening(self, text: str, *, private: bool) -> Iterator[Feature]:
        """Yield the capabilities that listen for such a line of talk, in a room or in private, in
        the order in which they are asked."""
        for feature in self.features.values():
            if feature.listens_in_private_only and not private:
                continue
            if feature.wants_line is not None and feature.wants_line(text):
                yield feature

    def can_wait(self, feature: str, dialogue: str) -> bool:
        """Return whether the question of this dialogue may be put off for another one."""
        found = self.features.get(feature)
        return found is not None and dialogue in found.patient_dialogues

    def setting_named(self, name: str) -> Setting | None:
        """Return the setting of this name, or None."""
        return self._setting_names.get(compact(name))

    def setting_names(self) -> list[str]:
        """Return all names of settings."""
        return list(self._setting_names)

    def family(self, name: str) -> list[Feature]:
        """Return the capability of this name, if there is one, then all others that were one
        capability with it in old versions."""
        of = self.features.get(name)
        root = of.cut_from or name if of is not None else name
        found = [one for one in self.features.values() if root in (one.name, one.cut_from)]
        return sorted(found, key=lambda one: one.name != name)

    def log_writer(self, feature: str, act: str) -> Feature | None:
        """Return the capability that describes an act of a room's log, or None.

        `feature` is the name with which the log line was stored. If the act now belongs to another
        part of what was one capability then, that part is returned.
        """
        return next(
            (
                one
                for one in self.family(feature)
                if act in one.log_lines or act in one.undo_handlers
            ),
            self.features.get(feature),
        )

    def job_runner(self, feature: str, job: str) -> Feature:
        """Return the capability that runs a job. Raises `KeyError` if none does.

        `feature` is the name with which the job was stored. If the job now belongs to another part
        of what was one capability then, that part is returned.
        """
        for one in self.family(feature):
            if job in one.jobs:
                return one
        raise KeyError(f"nobody runs {job!r} of {feature}")

    def topics(self) -> list[Topic]:
        """Return the headings of the help, in the order of the capabilities."""
        return list(dict.fromkeys(command.topic for command in self.commands))

    def act_handler(self, key: str) -> tuple[str, Handler]:
        """Return the capability and handler of an act. Raises `KeyError`."""
        feature, act = self.acts[key]
        return feature, act.handler

    def listeners(self, what: type) -> Sequence[tuple[str, Handler]]:
        """Return the listeners for a type of event, with their capabilities."""
        if what not in self._listeners:
            of = self.features.values()
            self._listeners[what] = [(f.name, h) for f in of for h in f.listeners.get(what, ())]
        return self._listeners[what]

    def offers(self, *services: Service[P, R]) -> list[ServiceFunction[P, R]]:
        """Return the functions with which capabilities offer these services, in the order of the
        capabilities; an empty list if none does."""
        offering = [
            (place, f, service.name)
            for service in services
            for place, f in self._offering(service.name)
        ]
        offering.sort(key=itemgetter(0))
        return [_as_feature(f.name, f.services[service]) for _, f, service in offering]

    def _offering(self, service: str) -> list[tuple[int, Feature]]:
        """Return the capabilities that offer a service, each with its place among all."""
        if service not in self._offers:
            every = enumerate(self.features.values())
            self._offers[service] = [(place, f) for place, f in every if service in f.services]
        return self._offers[service]

    # Found out when first asked for, by each copy of a registry for itself: to look through all
    # capabilities for each line would reach all over the memory, which costs more than the rest of
    # what is done with it.

    @cached_property
    def _listeners(self) -> dict[type, list[tuple[str, Handler]]]:
        return {}

    @cached_property
    def _offers(self) -> dict[str, list[tuple[int, Feature]]]:
        return {}

    def offer_of(self, feature: str, service: Service[P, R]) -> ServiceFunction[P, R] | None:
        """Return one capability's function for the service, or None, also if there is no such
        capability."""
        of = self.features.get(feature)
        function = of.services.get(service.name) if of is not None else None
        return _as_feature(feature, function) if function is not None else None


_MADE: dict[tuple[int, ...], Registry] = {}
_KEPT = 8


def registry_of(features: Sequence[Feature]) -> Registry:
    """Return a registry of the capabilities, with the lookup tables of an earlier one for the same
    capabilities."""
    which = tuple(map(id, features))
    if which not in _MADE:
        if len(_MADE) >= _KEPT:
            del _MADE[next(iter(_MADE))]
        _MADE[which] = Registry(features)
    return copy(_MADE[which])


def _as_feature(feature: str, service: ServiceFunction[P, R]) -> ServiceFunction[P, R]:
    """Wrap a service so that its jobs and log entries belong to its own capability."""

    async def offer(ctx: Any, /, *given: P.args, **named: P.kwargs) -> R:
        asker, ctx.feature = ctx.feature, feature
        try:
            return await service(ctx, *given, **named)
        finally:
            ctx.feature = asker

    return offer
