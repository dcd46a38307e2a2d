"""Answers lines that are no command: greetings, thanks, misspelt words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.capability.context import Context
from bot.capability.feature import Command
from bot.capability.registry import UNSUGGESTED, Registry
from bot.capability.services import GREETING_NAME, HELLO_LINES, UNMATCHED_LINES
from bot.conversation import distress_lines
from bot.i18n import _
from bot.lines import Line
from bot.text import direct_speech
from bot.text.command_words import fold_answer
from bot.text.normalisation import fold, shorten_line
from storage import items
from storage.questions import Question

HELLO = frozenset(
    map(
        fold,
        (
            *(
                "hola",
                "holi",
                "buenas",
                "buenos dias",
                "buenas tardes",
                "buenas noches",
                "buen dia",
            ),
            *("oi", "ola", "bom dia", "boa tarde", "boa noite", "e ai", "opa", "alo"),
            *("como estas", "como vas", "tudo bem", "td bem", "tudo bom", "how are you"),
            *("hi", "hello", "hey", "good morning", "good evening", "start", "inicio", "comenzar"),
        ),
    )
)
THANKS = frozenset(
    map(
        fold,
        (
            *("gracias", "muchas gracias", "mil gracias", "grax", "grasias", "muchas grasias"),
            *("obrigada", "obrigado", "valeu", "brigada", "brigado", "vlw", "agradeço", "obg"),
            *("muito obrigada", "muito obrigado", "mt obg", "mto obg", "muito obg"),
            *("thanks", "thank you", "ty", "thx"),
        ),
    )
)
_NO_WORD = re.compile(r"[^\w\s']")
_LONG_VOWEL = re.compile(r"([aeiou])\1+")


def is_greeting(text: str) -> bool:
    """Return whether the line is a greeting or thanks."""
    return _begins_with(text, HELLO) or _begins_with(text, THANKS)


def begins_with_greeting(text: str) -> bool:
    """Return whether the line begins with a greeting, and may say more."""
    return is_greeting(" ".join(text.split()[:3]))


def _begins_with(text: str, phrases: frozenset[str]) -> bool:
    """Return whether a short line is or begins with one of the phrases, emoji aside."""
    words = _NO_WORD.sub(" ", fold(text)).split()
    spoken = " ".join(words)
    short = _LONG_VOWEL.sub(r"\1", spoken)  # `holaaa`, `oii`
    return len(words) <= 5 and any(
        said == phrase or said.startswith(phrase + " ")
        for said in {spoken, short}
        for phrase in phrases
    )


def small_talk_answer(
    registry: Registry,
    text: str,
    *,
    named: bool,
    language: str,
    called: str | None = None,
    waiting: Question | None = None,
    plain: bool = False,
    likely: Sequence[Line] = (),
    titles: Sequence[str] = (),
) -> tuple[Line, ...] | None:
    """Return the answer to a line that is no command, or None if in a room it may not be for the
    bot.

    `named`: it surely is for the bot. `called`: the name for greeting the person. `waiting`: their
    open question, if they can have read it. `plain`: written in private and not as a command, so
    that it may be a call for help in unknown words. `likely`: what to say after a greeting.
    `titles`: of what the line may forbid to change.
    """
    if _begins_with(text, THANKS):
        return (_("You're welcome."),)
    if _begins_with(text, HELLO) or (named and not fold_answer(text)):
        return greeting_lines(called, likely)
    if wanted := _repeat_expectation(waiting):
        return wanted
    sentence = plain and len(text.split()) > 1
    if direct_speech.is_forbidding(text, titles):
        return (
            _("Then I do nothing. What is planned goes on."),
            *((distress_lines.danger_line(registry),) if sentence else ()),
            _("What is open: `!pending`"),
        )
    nearest = registry.nearest_command(text, language)
    if nearest is not None:
        return _suggest_command(registry, text, *nearest, sentence=sentence)
    if not sentence and registry.is_near_unsuggested(text, language):
        return (
            _("I didn't understand “{typed}”. Please write the word in full.", typed=_first(text)),
            _("All that can be done here: `!help`"),
        )
    if not named:
        return None
    within = _mentioned_command(registry, text)
    if within is not None:
        if sentence:
            return _suggest_command(
                registry, text, within, within.name.in_language(language), sentence=True
            )
        return (
            _("I didn't understand all of it. {example}", example=within.example),
            _("All that can be done here: `!help`"),
        )
    if sentence:
        return (distress_lines.not_understood_line(registry), *_likely_lines())
    return (_("I didn't understand that. Here you can:"), *_likely_lines())


def _suggest_command(
    registry: Registry, text: str, command: Command, name: str, *, sentence: bool
) -> tuple[Line, ...]:
    """Suggest a command; for a sentence in private, after what to do in danger."""
    if sentence:
        return (
            distress_lines.not_understood_line(registry),
            _("Or is it `!{nearest}`? {example}", nearest=name, example=command.example),
            _("All that can be done here: `!help`"),
        )
    return (
        _(
            "I didn't understand “{typed}”. Is it `!{nearest}`? {example}",
            typed=_first(text),
            nearest=name,
            example=command.example,
        ),
        _("All that can be done here: `!help`"),
    )


def _first(text: str) -> str:
    return text.split()[0][:40]


def _repeat_expectation(waiting: Question | None) -> tuple[Line, ...]:
    """Repeat what an open question expects, and what a yes does if it was asked about a line of
    theirs, instead of pointing to the help."""
    kind = waiting.wants.get("kind") if waiting else None
    typed = shorten_line(waiting.payload["text"], 60) if waiting and not waiting.name else ""
    if waiting and kind == "choice":
        most = waiting.wants["most"]
        said = _("I didn't understand that. I wait for a number from 1 to {most}.", most=most)
    elif kind == "call":
        return (_("For this message I have told nobody yet. Shall I? `yes` or `no`"),)
    elif kind == "said":
        unsure = _("I didn't understand that. Without a yes I leave it. I wait for `yes` or `no`.")
        return (unsure, _("To stop: `cancel`"))
    elif kind == "yesno" and typed:
        undone = _("I did nothing yet. `yes` does it: “{line}”. `no` leaves it.", line=typed)
        return (undone,)
    elif kind == "yesno":
        said = _("I didn't understand that. I wait for `yes` or `no`.")
    else:
        return ()
    return (said, _("To stop: `cancel`"))


def _mentioned_command(registry: Registry, text: str) -> Command | None:
    """Return the command that a sentence mentions: `como hago un recordatorio`."""
    for word in re.findall(r"[^\W\d_]{5,}", text):
        found = registry.find_command(word)
        if found is None or found[0] is registry.command_named("help"):
            continue
        if found[0].name.en not in UNSUGGESTED or fold(word) in map(fold, ("cancelar", "cancel")):
            return found[0]
    return None


def greeting_lines(called: str | None, likely: Sequence[Line]) -> tuple[Line, ...]:
    """Return a greeting with what the person can do now, by default the likeliest commands."""
    greeting = _("Hello, {name}. Here you can:", name=called) if called else None
    return (greeting or _("Hello. Here you can:"), *(likely or _likely_lines()))


def _likely_lines() -> tuple[Line, ...]:
    return (
        _("see what can be done: `!help`"),
        _("see what is open: `!pending`"),
        _("set a reminder: `!remind tomorrow 17:00; call the printer`"),
    )


async def forbidden_titles(ctx: Context, text: str) -> list[str]:
    """Return the titles of the open things here, in private of one's own, if the line begins as if
    it said what is not to be done; else an empty list."""
    if not direct_speech.may_forbid(text):
        return []
    if ctx.is_private:
        return [one.title for one in await items.items_by(ctx.db, ctx.who) if one.open]
    return [one.title for one in await items.open_of(ctx.db, ctx.room)]


async def unmatched_lines(ctx: Context, text: str) -> list[Line]:
    """Return the answer of the first capability that makes something of a line which nothing else
    understood, or an empty list."""
    for unmatched in ctx.registry.offers(UNMATCHED_LINES):
        if lines := await unmatched(ctx, text):
            return list(lines)
    return []


async def hello_lines(ctx: Context, text: str) -> list[Line]:
    """Return what the capabilities say can be done now, if the line is a greeting or thanks; else
    an empty list."""
    if not is_greeting(text):
        return []
    return [line for hello in ctx.registry.offers(HELLO_LINES) for line in await hello(ctx)]


async def greeting_name(ctx: Context) -> str | None:
    """Return the name that this person chose to be called, or "" in a room with others."""
    for called in ctx.registry.offers(GREETING_NAME):
        if (name := await called(ctx, ctx.who)) is not None:
            return str(name)
    return None
