"""Decides whether a line answers the bot's open question."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from bot import dates
from bot.distress import call_answers
from bot.text import own_words, spoken_answers
from bot.text.command_words import NO, STOP, YES, YES_IN_FULL, fold_answer
from bot.text.normalisation import fold
from storage import questions
from storage.database import Tx
from storage.questions import Question


def fitting_answer(
    wants: Mapping[str, Any], text: str, *, reply: bool, private: bool, asked: str = ""
) -> str | None:
    """Return what `text` answers to an open question, in stored form, or None if it does not answer
    it.

    `asked` is the line that is asked about. The stored form is `yes` or `no`, the number of a
    choice, or free text, which in a room must be a reply to the question.
    """
    kind = wants.get("kind")
    if kind == "yesno":
        to_bot = reply or private
        return read_yes_no(text, final=bool(wants.get("final")), to_bot=to_bot, asked=asked)
    if kind == "said":
        return own_words.read_yes_no(text)
    if kind == "call":
        return _read_call(text)
    if kind == "choice":
        return _chosen_number(wants, fold_answer(text))
    if kind == "text" and (reply or private):
        return text.strip() or None
    return None


_CHOOSING = (
    r"la|el|lo|o|a|es|e|esta|seria|sera|por|pela|pelo|con|com|yo|eu|un|um|una|uma"
    r"|opcion|opcao|numero|nro|num|n|nr"
    r"|quiero|prefiero|elijo|escojo|mejor|quero|prefiro|escolho|melhor"
    r"|si|sim|ok|bueno|dale|entonces|entao"
    r"|the|option|number|is|it|it's|its|with|yes|i|want|choose|take"
)
"""Words that may stand before the number of a choice.

Any other makes it something else: `cancel 1` and `publish now 1` choose nothing.
"""
_NUMBERED = re.compile(
    rf"(?:(?:{_CHOOSING})(?:[ .,:º°#-]{{1,4}}|(?=\d))){{0,4}}[#(-]?(\d{{1,3}})[).]?"
)


def number_of_choice(text: str, most: int) -> int | None:
    """Return the number from 1 to `most` that is the whole line, as in `la 2`, or None."""
    match = _NUMBERED.fullmatch(fold_answer(text))
    return int(match[1]) if match and 1 <= int(match[1]) <= most else None


def _chosen_number(wants: Mapping[str, Any], said: str) -> str | None:
    """Return the number of the only choice that fits, or None."""
    number = number_of_choice(said, int(wants.get("most", 0)))
    if number is not None:
        return str(number)
    walls = [datetime.fromisoformat(w) for w in wants.get("walls", ())]
    fits = [n for n, w in enumerate(walls, start=1) if dates.matches_answer(w, said)]
    fits += [n for n, name in enumerate(wants.get("names", ()), start=1) if fold(name) == said]
    return str(fits[0]) if len(fits) == 1 else None


def read_yes_no(
    text: str, *, final: bool = False, to_bot: bool = True, asked: str = ""
) -> str | None:
    """Return `yes` or `no` if that is the whole line, else None: `si hace falta` is no yes.

    `final`: what follows can't be undone, and only a word in full is a yes. `to_bot`: it is surely
    said to the bot; if not, `of course` and `ok, thanks` may be courtesies to other people.
    `asked`: the line that is asked about, which a yes may name: `sí, cancélala`.
    """
    found = _whole_word(text, YES_IN_FULL if final else YES)
    if found is None and spoken_answers.is_no(text):
        return "no"
    if found is not None or final:
        return found
    agreed = spoken_answers.is_yes(text, asked, to_bot=to_bot)
    agreed = agreed or (to_bot and own_words.is_assent(text))
    return "yes" if agreed else None


def _whole_word(text: str, yes: Collection[str]) -> str | None:
    word = fold_answer(text)
    if word in yes:
        return "yes"
    return "no" if word in NO else None


def _read_call(text: str) -> str | None:
    """Return the answer to an alarm's question: `sí, estoy en la calle 5` is a yes, `no puedo
    hablar` is none, and `bueno` either: nobody is called by a guess."""
    return call_answers.read_answer(text) or _whole_word(text, YES)


async def is_unread(tx: Tx, question: Question, found: str) -> bool:
    """Return whether the person agrees or chooses before they can have read to what.

    A no, a text of their own and a yes to being helped say what they mean without the question.
    """
    by_itself = found == "no" or question.wants.get("kind") in ("text", "call")
    return not by_itself and await questions.is_on_its_way(tx, question)


def is_stop(text: str) -> bool:
    """Return whether the whole line asks to stop an open question, as in `cancelar`."""
    return fold_answer(text) in STOP
