"""What answers the open question whether to call for help, and what goes before a question."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot import distress
from bot.capability.context import Context
from bot.capability.errors import CALL
from bot.capability.feature import Command
from bot.capability.registry import Registry
from bot.capability.services import ENDS_ALARM
from bot.conversation import distress_lines
from bot.distress import HelpKind, call_answers
from bot.lines import Line
from bot.text import direct_speech
from bot.text.normalisation import fold
from storage.questions import Question

CALL_KEY = "part:call"
_OF_REPORT = re.compile(
    r"\b(?:incident|denunci|report|aviso|avis[ae]|told?|tell|le[ea]|read|sab[ei]|sepa|know|pasa|happen"
    r"|acontece|anonim|nombre|nome|name|quien|quem|who|si|yes|sim|esto|isso|eso|this|that)\w{0,4}"
)
CALL_PATIENCE = timedelta(hours=2)
"""How long a yes still calls, and how long a room is not asked again about such lines."""


def waits_for_yes(question: Question | None, at: datetime) -> bool:
    """Return whether the question asks whether to call somebody, and is still open at `at`
    (UTC)."""
    return question is not None and question.wants.get("kind") == CALL.kind and at <= question.until


def goes_before_call(
    registry: Registry, question: Question | None, at: datetime, one: Command
) -> bool:
    """Return whether a command goes before the open question whether to call: it is one that was
    taught beside it, as `box` is. In danger that is only clear after a wish for secrecy or if it
    takes no words: `caixa 24 horas da rua 5` is a place."""
    if question is None or not (one.is_beside_call and waits_for_yes(question, at)):
        return False
    reports = is_for(registry, question, HelpKind.CARE)
    return reports or not one.params or distress.asks_secrecy(question.payload["text"])


def is_for(registry: Registry, question: Question, door: HelpKind) -> bool:
    """Return whether a question whether to call is for this kind of help, however it was asked
    for."""
    one = distress_lines.command_for(registry, door)
    return one is not None and question.feature == one.feature


def is_pleading(registry: Registry, question: Question, text: str) -> bool:
    """Return whether a line is a yes to being called help for in danger, and only to that: `help`,
    `everyone`."""
    asked = question.wants.get("kind") == CALL.kind and is_for(registry, question, HelpKind.DANGER)
    return asked and call_answers.pleads(text)


def is_about_other_things(registry: Registry, question: Question | None, text: str) -> bool:
    """Return whether a line is plainly a question of other things than what is to be reported, and
    no part of the report: `¿cuándo es la asamblea?`. Never so in danger."""
    if question is None or question.wants.get("kind") != CALL.kind:
        return False
    if is_for(registry, question, HelpKind.DANGER):
        return False
    told = distress.speaks_of_oneself(text) or distress.asks_secrecy(text) or "@" in text
    if told or distress.find_help_kind(text) is not None or _OF_REPORT.search(fold(text)):
        return False
    return direct_speech.is_question(text)


def lapsed_call_lines(question: Question) -> tuple[Line, ...]:
    """Return the answer to a yes that came too late to call for help, or () if the question was
    another one."""
    return distress_lines.at_any_time() if question.payload["key"] == CALL_KEY else ()


def asks_about_harm(registry: Registry, feature: str) -> bool:
    """Return whether questions of this capability ask what happened, so that a call for help may be
    the answer."""
    found = [distress_lines.command_for(registry, door) for door in distress_lines.HELP_COMMANDS]
    family = {one.name for one in registry.family(feature)}  # care, of which incidents were a part
    return any(one is not None and one.feature in family for one in found)


def text_with_yes(kept: str, answer: str) -> str:
    """Return the command that a yes runs, with the words of the yes if they tell more than that."""
    tells = call_answers.tells_more(answer) or call_answers.wants_police(answer)
    return call_answers.add_line(kept, answer.replace("@", "")) if tells else kept


async def is_beside(ctx: Context, text: str, question: Question) -> bool:
    """Return whether a private line does not answer the open question, because it ends an alarm or
    is for the people who were called for help.

    Always False if the question takes no free text, or asks what harm was done. While a call for
    help is open, only a bare number answers another question.
    """
    if not ctx.is_private or question.wants.get("kind") != "text":
        return False
    if asks_about_harm(ctx.registry, question.feature):
        return False
    for ends in ctx.registry.offers(ENDS_ALARM):
        if await ends(ctx, text):
            return True
    return not re.fullmatch(r"#?\d{1,9}", text) and bool(await distress_lines.open_call_lines(ctx))
