"""Find people whom the bot knows in the words of an incident, or of a call for help."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.capability.context import Context
from bot.capability.service import Service
from bot.capability.services import GREETING_NAME
from bot.lines import Line
from bot.text.allusions import Allusion, SearchedText, rate_allusion
from bot.text.normalisation import fold
from bot.types import UserId
from storage import rooms

CALLED_LINES = Service[[str], list[Line]]("called by words")
"""Whom a call for help with these words would reach, and whom not as they name them; nothing if
they name nobody who would be called."""

MOST_PEOPLE, MOST_ROOMS = 1000, 20
_NAME = r"@?[\w.:\-]*\w"
_TO = r"(?:(?:ya|ja|ahora|agora|now|please|a|al|ao|as|o|para|pra|pro|com|con|de|da|do|the) )*"
_ENDS = (
    r"(?=\W*$| ?[,.;!]| (?:y|e|o|ou|and|or|que|por|porfa|please|pls|ya|ja|ahora|now|agora|i|im|i'm"
    r"|they|they're|theyre|estoy|estou|estan|estao|tengo|hay|(?:me|nos) \w*(?:[ae]n|ao))(?!\w))"
)
"""What stands behind a name that is called; else `avisa, ana me pega` would be."""
_NAMES = rf"({_NAME}{_ENDS}(?:(?: ?, ?| (?:y|e|o|ou|and|or) ){_TO}{_NAME}{_ENDS})*)"
_CALLING = re.compile(
    r"(?<!\w)(?<!no )(?<!nao )(?<!dont )(?<!don't )(?<!not )(?<!never )(?<!nunca )(?<!me )(?<!se )"
    r"(?<!ni )(?<!nem )(?<!nos )(?<!te )"
    r"(?:avis[ae](?:r|n|s|m|le|les|nle|nles|rle|rles|lhe)?|llam[ae](?:r|n|s|le|nle|rle|me)?"
    r"|cham[ae](?:r|m)?|call|tell|text|dile|decile|diganle|liga(?:r|ue)? (?:para|pra|pro)"
    r"|fal[ae](?:r|m)? (?:com|para|pra)|busc[ae](?:r|n|m)?|necesito|preciso|(?:i )?need) "
    rf"{_TO}{_NAMES}"
)
"""Somebody is to be called: `avisa a ana`, but not `no llames a ana` or `se llama ana`."""
_COME = (
    r"(?:ven|veni|vente|vem|venga|come|ayuda(?:me|nos)?|ajuda|me ajuda|help(?: me| us)?|socorro"
    r"|auxilio)"
)
_SPOKEN_TO = re.compile(rf"(?:^|[,!;] ?|\. )({_NAME}) ?,? ?{_COME}{_ENDS}")
"""Somebody is spoken to: `ana veni`, `ana, help me`."""
_CRIED_FOR = re.compile(rf"(?:^|[,.!;] ?){_COME},? ({_NAME})(?=\W*$|[,.!;])")
"""`ayuda ana`, `help, ana!`"""
_CALLED_ROLE = re.compile(
    r"(?<!\w)(?:avis|llam|cham|dil|dig|dec|diz|fal|lig|busc|ayud|ajud|socorr|auxil|call|tell|text"
    r"|help)\w*,? (?:(?:a|as|al|ao|l[ao]s?|os?|the|our|con|com|para|pra|pro|de|d?el|d[ao]) )*\w+"
)
"""A role is to be called: `avisa a las mods`."""


async def names_of(ctx: Context, person: UserId) -> set[str]:
    """Return every name of a person: their display names in all rooms and their profile name."""
    found = {shown for _room, shown in await rooms.rooms_of_person(ctx.db, person)}
    for called in ctx.registry.offers(GREETING_NAME):
        found.add(await called(ctx, person) or "")
    return found


async def rate_person(ctx: Context, told: SearchedText, person: UserId) -> Allusion:
    """Return how likely it is that the text alludes to this person."""
    return rate_allusion(told, person, await names_of(ctx, person))


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
    """Return whether a call for help surely tells of somebody in the author's rooms, by a name or a
    role, and not only of whom to call."""
    folded = " ".join(fold(text).split())
    if SearchedText(_CALLED_ROLE.sub(" ", folded)).names_a_role:
        return True
    named = await people_alluded_to(ctx, SearchedText(text))
    rated = await rate_in_call(ctx, text, named)
    return any(look is not Allusion.NONE for look in rated.values())


async def rate_in_call(
    ctx: Context, text: str, people: Collection[UserId]
) -> dict[UserId, Allusion]:
    """Return how likely it is that a call for help is about each of these people.

    Who is named as somebody to be called (`avisa a ana`), and names that are all of the text, are
    `NONE`.
    """
    told, wanted = SearchedText(text), _wanted_words(text)
    found: dict[UserId, Allusion] = {}
    for one in people:
        names = await names_of(ctx, one)
        found[one] = rate_allusion(told, one, names)
        if any(rate_allusion(said, one, names) is Allusion.CERTAIN for said in wanted):
            found[one] = Allusion.NONE
    return found


def _wanted_words(text: str) -> list[SearchedText]:
    """Return the names in the text of people who are wanted as help, each with an `@`."""
    folded = " ".join(fold(text).split())
    kinds = (_CALLING, _SPOKEN_TO, _CRIED_FOR)
    found = [match[1] for kind in kinds for match in kind.finditer(folded)]
    if re.fullmatch(_NAMES, folded) and not found:
        found = [folded]
    words = [word for name in found for word in re.split(r"[ ,]+", name)]
    return [SearchedText(f"@{word.removeprefix('@')}") for word in words]
