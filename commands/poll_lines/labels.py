"""Question and options: each fits on a phone, and no two look the same."""

from __future__ import annotations

import re

from bot.api import (
    NO,
    TEXT,
    YES,
    YES_NO,
    Context,
    Line,
    MissingArgument,
    UserError,
    _,
    fold,
    fold_answer,
    one_line,
    options_in_question,
    spellings,
    words,
)
from commands.decision_rules import vote_rules
from commands.decision_rules.kinds.stances import Stance, parse_stance

YES_OR_NO = (words("Sí", "Sim", "Yes"), words("No", "Não", "No"))
_SAYS_YES_OR_NO = re.compile(
    r"(.*[^\s,:;])[\s,:;]{1,3}(?P<yes>s[ií]|sim|yes)(?: (?:o|ou|or) |/)(?P<no>no|n[aã]o)"
    r"[\s?.!]{0,5}",
    re.IGNORECASE | re.DOTALL,
)
"""A question with its two answers, as people say it: `pintamos el salón sí o no`."""
_SPELT = {"si": "Sí", "sim": "Sim", "yes": "Yes", "no": "No", "nao": "Não"}
_WHICH = re.compile(
    r"\W*(?:(?:a|al|ate|con|com|de|del|desde|em|en|hasta|na|no|para|pra|por|sobre|"
    r"at|by|for|from|in|to|with)\s+)?"
    r"(?:adonde|aonde|como|cual(?:es)?|cuan|cuando|cuant[oa]s?|d?onde|qual|quais|quando|"
    r"quant[oa]s?|que|quem|quien(?:es)?|how|what|when|where|which|who|why)\b"
)
"""How a question begins that yes and no do not answer. Folded."""
EXAMPLE = _("For example: `!poll Where? North, South until tomorrow 18:00`")


def clean_question(text: str) -> str:
    """Return a poll's question on one line.

    Raises `MissingArgument` if it is empty and `UserError` if it is too long.
    """
    found = one_line(text)
    if not found:
        raise MissingArgument("parts", _("the question and its options"))
    if len(found) > vote_rules.LONGEST_QUESTION:
        raise UserError(
            _("The question has more than {most} letters.", most=vote_rules.LONGEST_QUESTION),
            _("A shorter one fits on a phone; the details can go in a message before it."),
        )
    return found


def split_yes_no(question: str) -> tuple[str, tuple[str, ...]]:
    """Return a question without the `yes or no` at its end, and these two as its options; the whole
    question and none without."""
    found = _SAYS_YES_OR_NO.fullmatch(question)
    if found is None:
        return question, ()
    mark = "?" if "¿" in question and "?" not in found[1] else ""
    return found[1] + mark, (_SPELT[fold(found["yes"])], _SPELT[fold(found["no"])])


def resolve_options(ctx: Context, question: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """Return a poll's checked options: as typed, named in the question, or asked for in private."""
    found = options or _options_in_question(ctx, question) or _yes_or_no(ctx, question)
    return checked_labels(found or _ask_options(ctx))


def _yes_or_no(ctx: Context, question: str) -> tuple[str, ...]:
    """Return yes and no as options of a question without any, after the person confirms them."""
    if "?" not in question or _WHICH.match(fold(question)):
        return ()
    found = tuple(one.in_language(ctx.policy.language) for one in YES_OR_NO)
    answer = ctx.ask(
        "yes or no",
        YES_NO,
        _("Shall I open “{question}” as a vote on yes and no?", question=question),
        _("`yes` or `no`"),
    )
    if answer != "yes":
        raise UserError(_("Then with the options behind the question."), EXAMPLE)
    return found


def _options_in_question(ctx: Context, question: str) -> tuple[str, ...]:
    """Return the options named in `¿Pizza o pasta?`, after the person confirms them."""
    found = options_in_question(question)
    if not found:
        return ()
    shown = tuple(Line("{n} {label}", {"n": n, "label": o}) for n, o in enumerate(found, start=1))
    answer = ctx.ask(
        "options within",
        YES_NO,
        _("Are these the options? {options}", options=shown),
        _("`yes` or `no`"),
    )
    if answer != "yes":
        raise UserError(_("Then with the options behind the question."), EXAMPLE)
    return found


def _ask_options(ctx: Context) -> tuple[str, ...]:
    """Ask for the options in private. Raises `UserError` in a room."""
    if not ctx.is_private:
        raise UserError(_("The options are missing."), EXAMPLE)
    return vote_rules.split_options(
        ctx.ask("options", TEXT, _("Which options? One a line, or with commas between."))
    )


def checked_labels(options: tuple[str, ...]) -> tuple[str, ...]:
    """Return a poll's two to twenty options, which must look different. Raises `UserError` for
    fewer, more, too long or similar ones."""
    labels = tuple(filter(None, map(one_line, options)))
    if len(labels) < 2:
        raise UserError(_("A poll needs two options or more."), EXAMPLE)
    if len(labels) > vote_rules.MOST_OPTIONS:
        raise UserError(
            _(
                "Those are {count} options; a poll takes up to {most}.",
                count=len(labels),
                most=vote_rules.MOST_OPTIONS,
            )
        )
    _require_distinct(labels)
    return labels


def require_apart(labels: tuple[str, ...]) -> None:
    """Raise `UserError` if an option looks in one language as another one does in any.

    Neither may it say yes in one and no in another.
    """
    seen: dict[str, tuple[int, str]] = {}
    for place, label in enumerate(labels):
        for spelling in spellings(label):
            before = seen.setdefault(vote_rules.label_look(spelling), (place, spelling))
            if before[0] != place:
                raise UserError(
                    _(
                        "The options “{one}” and “{other}” look the same: change one of them.",
                        one=before[1],
                        other=spelling,
                    )
                )
            _require_no_number(spelling, place + 1, len(labels))
    for label in labels:
        _require_one_stance(label)


def _require_one_stance(label: str) -> None:
    """Raise `UserError` if an option takes one stance in one language and one in another."""
    seen: dict[Stance, str] = {}
    for spelling in spellings(label):
        stance = _stance_of(spelling)
        if stance is not None:
            seen.setdefault(stance, spelling)
    if len(seen) > 1:
        one, other, *_more = seen.values()
        raise UserError(
            _(
                "“{one}” and “{other}” mean different things: one option says both.",
                one=one,
                other=other,
            ),
            _("Write them in the same order, with commas between, or put each into quotes."),
        )


def _stance_of(label: str) -> Stance | None:
    word = fold_answer(label)
    if word in YES:
        return Stance.FOR
    return Stance.AGAINST if word in NO else parse_stance(label)


def _require_no_number(label: str, place: int, count: int) -> None:
    """Raise `UserError` for a label that is the number of another option."""
    if vote_rules.is_number(label) and int(label) != place and 1 <= int(label) <= count:
        raise UserError(
            _("The option “{label}” is the number of another option.", label=label),
            _("With a word it is clear: `{label} people`", label=label),
        )


def _require_distinct(labels: tuple[str, ...]) -> None:
    for label in labels:
        if len(label) > vote_rules.LONGEST_OPTION:
            raise UserError(
                _(
                    "The option “{label}…” has more than {most} letters.",
                    label=label[:40],
                    most=vote_rules.LONGEST_OPTION,
                )
            )
    same = vote_rules.find_lookalikes(labels)
    if same:
        raise UserError(
            _(
                "The options “{one}” and “{other}” look the same: change one of them.",
                one=same[0],
                other=same[1],
            )
        )
    number = vote_rules.misleading_label(labels)
    if number:
        raise UserError(
            _("The option “{label}” is the number of another option.", label=number),
            _("With a word it is clear: `{label} people`", label=number),
        )
