"""Find people whom the bot knows in the words of an incident, or of a call for help."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.capability.context import Context
from bot.capability.service import Service
from bot.capability.services import GREETING_NAME
from bot.distress import accusations
from bot.distress.accusations import NamedAs
from bot.lines import Line
from bot.text.allusion_words import COMMON_WORDS
from bot.text.allusions import Allusion, SearchedText, rate_allusion
from bot.text.normalisation import fold
from bot.types import UserId
from storage import rooms


@dataclass(frozen=True, slots=True)
class CalledByWords:
    """What to say of whom a call with some words would reach, and whether it reaches anybody."""

    lines: list[Line]
    reaches: bool


CALLED_BY_WORDS = Service[[str, str], CalledByWords | None]("called by words")
"""Whom a call for help would reach with the words said before and these, and whom not as they name
them; None if these name nobody whom it would reach otherwise."""
LEFT_OUT_OF_CALL = Service[[UserId, Collection[UserId]], set[UserId]]("left out of call")
"""Which of these people the open call for help of a person leaves out."""
TOLD_WITHOUT_CALL = Service[[UserId], Collection[UserId]]("told without call")
"""Whom the bot is going to tell about this person for another reason than a call for help."""
LOOKING_AFTER = Service[[UserId], Collection[UserId]]("looking after")
"""Who looks after this person by now without a call for help: words that name them in passing do
not change that."""
NOT_DONE_IN_CALL = Service[[str], list[Line]]("not done in call")
"""What a line that is passed on in a call for help asks for besides, and how to have it done."""
CALL_CHANGED = Service[[UserId], None]("call changed")
"""Whom the call for help of this person leaves out may have changed, or it is over."""

MOST_PEOPLE, MOST_ROOMS = 1000, 20
MOST_OTHERS = 50
"""How many people whom a call would not reach are looked for in it one by one."""
_CALLED_ROLE = re.compile(
    r"(?<!\w)(?:avis|llam|cham|dil|dig|dec|diz|fal|lig|busc|ayud|ajud|socorr|auxil|call|tell|text"
    r"|help)\w*,? (?:(?:a|as|al|ao|l[ao]s?|os?|the|our|con|com|para|pra|pro|de|d?el|d[ao]) )*\w+"
)
"""A role is to be called: `avisa a las mods`."""
_AHEAD = "xxx"
"""Ahead of a word, so that it stands where any word may."""


async def names_of(ctx: Context, person: UserId) -> set[str]:
    """Return every name of a person: their display names in all rooms and their profile name."""
    found = {shown for _room, shown in await rooms.rooms_of_person(ctx.db, person)}
    for called in ctx.registry.offers(GREETING_NAME):
        found.add(await called(ctx, person) or "")
    return found


async def rate_person(ctx: Context, told: SearchedText, person: UserId) -> Allusion:
    """Return how likely it is that the text alludes to this person."""
    return rate_allusion(told, person, await names_of(ctx, person))


async def find_unnamed(ctx: Context, text: str, people: Iterable[UserId]) -> list[UserId]:
    """Return those of the people to whom the text does not allude."""
    told = SearchedText(text)
    rated = {one: await rate_person(ctx, told, one) for one in people}
    return [one for one, look in rated.items() if look is Allusion.NONE]


async def people_alluded_to(ctx: Context, told: SearchedText) -> set[UserId]:
    """Return the people in the author's rooms to whom the text certainly alludes, readers or
    not."""
    every: dict[UserId, str] = {}
    for room in (await rooms.shared_rooms(ctx.db, ctx.who))[:MOST_ROOMS]:
        every |= await rooms.member_names(ctx.db, room.room)
    those = [one for one in list(every)[:MOST_PEOPLE] if one not in (ctx.who, ctx.me)]
    return {
        one
        for one in those
        if rate_allusion(told, one, [every[one]], closely=False) is Allusion.CERTAIN
    }


async def is_about_member(ctx: Context, text: str) -> bool:
    """Return whether a call for help tells of a role in the author's rooms, or surely accuses or
    leaves out somebody who is in them."""
    folded = " ".join(fold(text).split())
    if SearchedText(_CALLED_ROLE.sub(" ", folded)).names_a_role:
        return True
    named = await people_alluded_to(ctx, SearchedText(text))
    rated = await rate_in_call(ctx, text, named)
    return any(named.keeps_out for named in rated.values())


@dataclass(frozen=True, slots=True)
class NamesInCall:
    """How a call for help names people whom the bot knows, and by which words it accuses somebody,
    leaves them out or asks for them, whoever that is."""

    people: dict[UserId, NamedAs]
    words: dict[str, NamedAs]


async def rate_in_call(
    ctx: Context, text: str, people: Collection[UserId]
) -> dict[UserId, NamedAs]:
    """Return how a call for help names each of these people whom it names as one to be called, or
    as one it is about. A short form or another spelling of a name leaves a doubt."""
    words = accusations.call_words(text)
    looks = await _look_for(ctx, text, words, people)
    rated = _read_each(words, dict.fromkeys(looks, looks))
    return rated | await _find_suspected(ctx, words, [p for p in people if p not in rated], looks)


async def read_names(ctx: Context, text: str, people: Collection[UserId]) -> NamesInCall:
    """Return how a call for help names these people and others in its author's rooms, and its
    words that name anybody.

    Names that those others chose change nothing in how these people are read.
    """
    words = accusations.call_words(text)
    alluded = await people_alluded_to(ctx, SearchedText(text))
    others = sorted(alluded.difference(people))[:MOST_OTHERS]
    looks = await _look_for(ctx, text, words, people)
    beside = await _look_for(ctx, text, words, others)
    rated = _read_each(
        words,
        dict.fromkeys(looks, looks) | {one: {**looks, one: beside[one]} for one in beside},
    )
    rated |= await _find_suspected(ctx, words, [p for p in people if p not in rated], looks)
    named = {word for look in looks.values() for word, found in look.items() if found}
    return NamesInCall(rated, _read_words(words, named))


async def match_names(
    ctx: Context, words: Mapping[str, NamedAs], people: Iterable[UserId]
) -> dict[UserId, NamedAs]:
    """Return how words of a call, kept since, name each of these people whose name is one of them.
    Where several are, it is what keeps most surely from being called."""
    looks = {word: _LookedAt(word) for word in words}
    found: dict[UserId, NamedAs] = {}
    for one in people:
        names = await names_of(ctx, one)
        rated = {word: _rate_word(look, one, names) for word, look in looks.items()}
        every = [_soften(words[word], sure) for word, sure in rated.items() if sure]
        if every:
            found[one] = max(every, key=[*NamedAs].index)
    return found


async def _look_for(
    ctx: Context, text: str, words: Sequence[str], people: Iterable[UserId]
) -> dict[UserId, dict[str, Allusion]]:
    """Return, for each of the people to whom the text may allude, how surely each word is their
    name."""
    told = SearchedText(text)
    every = [_LookedAt(word) for word in {*words, *(word.removesuffix("s") for word in words)}]
    looks: dict[UserId, dict[str, Allusion]] = {}
    for one in people:
        names = await names_of(ctx, one)
        rated = {look.word: _rate_word(look, one, names) for look in every}
        if rate_allusion(told, one, names) or Allusion.CERTAIN in rated.values():
            looks[one] = rated
    return looks


async def _find_suspected(
    ctx: Context,
    words: Sequence[str],
    people: Iterable[UserId],
    looks: Mapping[UserId, Mapping[str, Allusion]],
) -> dict[UserId, NamedAs]:
    """Return whom of the people a call speaks against by a short form that is like many other words
    (`carli me pega`). `looks`: whom it names otherwise; their names are nobody else's."""
    relations = accusations.find_relations(words)
    theirs = {word for look in looks.values() for word, sure in look.items() if sure}
    searched = {
        word: SearchedText(word)
        for at, word in enumerate(words)
        if at not in relations and word not in theirs and accusations.may_be_name(word)
    }
    found: dict[UserId, NamedAs] = {}
    for one in people:
        names = await names_of(ctx, one)
        short = {word for word, look in searched.items() if rate_allusion(look, one, names)}
        mine = dict.fromkeys([*words, *(word.removesuffix("s") for word in words)], Allusion.NONE)
        mine |= dict.fromkeys(short, Allusion.POSSIBLE)
        if short and _read_call(words, one, {**looks, one: mine}) is NamedAs.SUSPECTED:
            found[one] = NamedAs.SUSPECTED
    return found


def _read_each(
    words: Sequence[str], looks: Mapping[UserId, Mapping[UserId, Mapping[str, Allusion]]]
) -> dict[UserId, NamedAs]:
    """Return how the words name each person, read beside the others of their looks."""
    found = {one: _read_call(words, one, those) for one, those in looks.items()}
    return {one: named for one, named in found.items() if named is not None}


def _read_words(words: Sequence[str], named: Collection[str]) -> dict[str, NamedAs]:
    """Return each word that is clearly named as somebody would be, whether or not anybody has it as
    a name; of two that are one name, the first. `named`: those that others have, whom the call may
    reach. What somebody is to the author (`mi marido`) is nobody's name, and is not to be stored.
    """
    marks = [accusations.OTHER if word in named else word for word in words]
    found: dict[str, NamedAs] = {}
    relations = accusations.find_relations(words)
    for at, word in enumerate(words):
        if not accusations.may_be_name(word) or {at, at + 1} & relations:
            continue
        whole = at + 1 < len(words) and accusations.may_be_name(words[at + 1])
        for end in (at + 1, at + 2) if whole else (at + 1,):  # `pedro`, `pedro perez`
            marked = [*marks[:at], accusations.NAME, *marks[end:]]
            read = _strongest(accusations.read_names(marked))
            if read is not None and read is not NamedAs.DOUBTED:
                found[word] = _strongest([found.get(word, read), read]) or read
                break
    return found


class _LookedAt:
    """A folded word, prepared once to be compared with everybody's names."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.as_call = SearchedText(f"@{word}")
        self.in_text = SearchedText(f"{_AHEAD} {word}")


def _rate_word(look: _LookedAt, person: UserId, names: Collection[str]) -> Allusion:
    """Return how surely a folded word is a name of this person."""
    if not accusations.may_be_name(look.word):
        return Allusion.NONE
    if rate_allusion(look.as_call, person, names, closely=False) is Allusion.CERTAIN:
        return Allusion.POSSIBLE if look.word in COMMON_WORDS else Allusion.CERTAIN
    return rate_allusion(look.in_text, person, names)


def _read_call(
    words: Sequence[str], person: UserId, looks: Mapping[UserId, Mapping[str, Allusion]]
) -> NamedAs | None:
    """Return how the words name a person; who is accused and called in them is what comes last."""
    mine = looks[person]
    others = {w for one in looks if one != person for w, look in looks[one].items() if look}
    marked: list[str] = []
    sure: list[Allusion] = []
    for word in words:
        short = word.removesuffix("s")  # `diegos drunk`
        is_his = short != word and mine[short] is Allusion.CERTAIN and word not in others
        if look := Allusion.CERTAIN if is_his else mine[word]:
            if marked[-1:] != [accusations.NAME]:
                marked.append(accusations.NAME)
                sure.append(Allusion.NONE)
            sure[-1] = max(sure[-1], look)
            marked += ["s"] if is_his and mine[word] is not Allusion.CERTAIN else []
        else:
            marked.append(accusations.OTHER if word in others else word)
    return _strongest(map(_soften, accusations.read_names(marked), sure))


def _soften(named: NamedAs, sure: Allusion) -> NamedAs:
    """Return how a word names somebody: where it may be another's name, a suspicion in place of
    what keeps them out."""
    return NamedAs.SUSPECTED if named.keeps_out and sure is not Allusion.CERTAIN else named


def _strongest(named: Iterable[NamedAs]) -> NamedAs | None:
    """Return what comes last of what is clear, or the worst doubt if nothing is; None if nobody is
    named. Who is left out and was accused before that stays accused."""
    every = [*named]
    clear = [one for one in every if not one.is_doubt]
    if clear and clear[-1].keeps_out and NamedAs.ACCUSED in clear:
        return NamedAs.ACCUSED
    return clear[-1] if clear else max(every, key=[*NamedAs].index, default=None)
