"""What is said of a questionnaire: its opening, its state, its counts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, Moment, _, n_, shorten_line, verbatim
from commands.questionnaires import answer_reader
from commands.questionnaires.counts import Counts, QuestionCount
from commands.questionnaires.declaration import LEAST, NAMES_KEPT
from commands.questionnaires.form import Form, FormQuestion, QuestionKind


def kind_line(asked: FormQuestion) -> Line:
    """Return the words that say what a question takes, for the preview of a questionnaire."""
    if asked.kind is QuestionKind.TEXT:
        return _("in words")
    if asked.kind is QuestionKind.YES_NO:
        return _("yes or no")
    if asked.kind is QuestionKind.NUMBER:
        if asked.low is None:
            return _("a number")
        low, high = (answer_reader.number_text(one) for one in (asked.low, asked.high))
        return _("from {low} to {high}", low=low, high=high)
    if asked.kind is QuestionKind.CHOICE:
        return _("one of: {options}", options=asked.options)
    return _("several of: {options}", options=asked.options)


def preview_lines(questions: Sequence[FormQuestion], title: str, *, named: bool) -> list[Line]:
    """Return lines with the questions of a questionnaire as they were understood, and who will read
    what."""
    return [
        _("“{title}”, as I understood it:", title=title),
        *(
            _("{n}. {question} ({kind})", n=n, question=one.text, kind=kind_line(one))
            for n, one in enumerate(questions, start=1)
        ),
        secrecy_line(named=named),
    ]


def secrecy_line(*, named: bool) -> Line:
    """Return the line that says who reads the answers to a questionnaire."""
    if named:
        return _(
            "With names: the moderators read who answered what; everybody reads the counts."
            " For unnamed answers: `without names`"
        )
    return _(
        "Without names: nobody but me sees who answered what, and at the close I delete that too."
    )


def opening_lines(form: Form) -> list[Line]:
    """Return the lines that announce a questionnaire in each room."""
    return [
        n_(
            "Questionnaire {number}: “{title}”, {count} question.",
            "Questionnaire {number}: “{title}”, {count} questions.",
            len(form.questions),
            number=form.item,
            title=form.title,
        ),
        named_line() if form.named else unnamed_line(),
        _(
            "To answer, in private: `!questionnaire {number}`. It closes on {at}.",
            number=form.item,
            at=Moment(form.closes),
        ),
    ]


def kept_line(form: Form) -> Line:
    """Return the line that says what becomes of the answers now that the questionnaire is
    closed."""
    if form.named:
        return named_line()
    return _("I deleted who answered what; I can't find it out any more.")


def named_line() -> Line:
    """Return the line that says what holds for answers with names."""
    return n_(
        "The moderators read the answers with names; {count} day after the close I delete them.",
        "The moderators read the answers with names; {count} days after the close I delete them.",
        NAMES_KEPT.days,
    )


def unnamed_line() -> Line:
    """Return the line that says what holds for answers without names."""
    return n_(
        "Nobody reads who answered what. Of fewer than {count} answer I show no counts.",
        "Nobody reads who answered what. Of fewer than {count} answers I show no counts.",
        LEAST,
    )


def state_line(form: Form, finished: int) -> Line:
    """Return the line about an open questionnaire, for the list of what is open."""
    return n_(
        "{number} “{title}”: {count} person answered, until {at}: `!questionnaire {number}`",
        "{number} “{title}”: {count} people answered, until {at}: `!questionnaire {number}`",
        finished,
        number=form.item,
        title=shorten_line(form.title),
        at=Moment(form.closes),
    )


def result_lines(form: Form, found: Counts) -> list[Line]:
    """Return lines with a questionnaire's counts of all rooms together."""
    lines = [
        _(
            "Questionnaire {number}, “{title}”: {people} of {asked} answered.",
            number=form.item,
            title=shorten_line(form.title),
            people=found.people,
            asked=form.asked,
        )
    ]
    if not found.questions:
        return [*lines, *([too_few_line()] if found.people else [])]
    lines += [
        question_line(n, asked, one)
        for n, (asked, one) in enumerate(zip(form.questions, found.questions, strict=True), start=1)
    ]
    if found.rooms:
        lines.append(_("By room: `!questionnaire {number} rooms`", number=form.item))
    return [*lines, _("As a file: `!export {number}`", number=form.item)]


def too_few_line() -> Line:
    """Return the line that says why no counts are shown: too few answered."""
    return n_(
        "Fewer than {count} person: I show nothing, so that nobody is known by their answer.",
        "Fewer than {count} people: I show nothing, so that nobody is known by their answer.",
        LEAST,
    )


def question_line(n: int, asked: FormQuestion, one: QuestionCount | None) -> Line:
    """Return the line with the counts of one question; None are counts that may not be shown."""
    return _(
        "{n}. {question} {counts}",
        n=n,
        question=shorten_line(asked.text),
        counts=count_line(asked, one),
    )


def count_line(asked: FormQuestion, one: QuestionCount | None) -> Line:
    """Return the line with the answers to one question."""
    if one is None or one.answered is None:
        return _("too few answers to show")
    if one.answered == 0:
        return _("no answers")
    if asked.kind is QuestionKind.TEXT:
        return n_(
            "{count} answer in words, in the file",
            "{count} answers in words, in the file",
            one.answered,
        )
    parts = tuple(_part_lines(asked, one))
    if asked.kind is not QuestionKind.NUMBER:
        return Line("{parts}", {"parts": parts})
    mean = n_(
        "on average {mean}, half up to {median} ({count} answer)",
        "on average {mean}, half up to {median} ({count} answers)",
        one.answered,
        mean=answer_reader.number_text(one.mean),
        median=answer_reader.number_text(one.median),
    )
    return Line("{mean} {parts}", {"mean": mean, "parts": parts}) if parts else mean


def _part_lines(asked: FormQuestion, one: QuestionCount) -> list[Line]:
    return [
        Line("{label}: {count}", {"label": label, "count": count})
        for label, count in zip(labels(asked), one.parts, strict=True)
    ]


def labels(asked: FormQuestion) -> list[Line]:
    """Return the answers to a question that are counted one by one: options, yes and no, or the
    numbers of a scale."""
    if asked.kind is QuestionKind.YES_NO:
        return [_("yes"), _("no")]
    if asked.kind is QuestionKind.NUMBER:
        return [verbatim(str(n)) for n in asked.scale]
    return [verbatim(option) for option in asked.options]


def least_line() -> Line:
    """Return the line that says how many answers a group needs for its counts to be shown."""
    return n_(
        "Of fewer than {count} answer nothing is shown.",
        "Of fewer than {count} answers nothing is shown.",
        LEAST,
    )


def closed_line(form: Form) -> Line:
    """Return the line that says that a questionnaire takes no answers any more."""
    return _(
        "Questionnaire {number} is closed. Its counts: `!questionnaire {number}`", number=form.item
    )


def room_rule_line() -> Line:
    """Return the line that says why the counts of some rooms are missing."""
    return n_(
        "Rooms with fewer than {count} answer are left out, or as many as hide them.",
        "Rooms with fewer than {count} answers are left out, and as many more as hide them.",
        LEAST,
    )
