"""What becomes public of a questionnaire: how many gave which answer; never words, nor a room's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.api import (
    Context,
    Item,
    Line,
    RenderLine,
    UserError,
    _,
    public_services,
    spreadsheets,
    verbatim,
)
from bot.api import public_document as documents
from commands.questionnaires import answer_reader, store, texts
from commands.questionnaires.counts import Counts, QuestionCount
from commands.questionnaires.declaration import KIND, LEAST, feature
from commands.questionnaires.form import Form, FormQuestion, QuestionKind

Pair = tuple[Line, Line]


@feature.offers(public_services.PUBLISH_ITEM.of(KIND))
async def publish_counts(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of a questionnaire. Raises `UserError` while it is open.

    What may not be shown in the room is not public either (`counts`).
    """
    form, closed, found = await _require_counts(ctx, item)
    tell = public_services.public_line(ctx, names)
    typed = public_services.typed_text(ctx, names)
    every = [
        _CountedQuestion(typed(one.text), _pairs(_clean(one, typed), count))
        for one, count in zip(form.questions, found.questions, strict=True)
    ]
    facts = [
        documents.PublicFact(name=tell(name), value=tell(verbatim(str(value))))
        for name, value in ((_("asked"), form.asked), (_("answered"), found.people))
    ]
    facts += [documents.PublicFact(name=one.text, value=tell(one.line)) for one in every]
    table = _table(every, lambda line: tell(line).in_language(ctx.defaults.language))
    name, about = f"data-{item.number}.csv", tell(_("the counts as a table, for a spreadsheet"))
    return public_services.Publication(
        documents.PublicDocument(
            kind="data",
            number=item.number,
            title=typed(form.title),
            at=int(closed.timestamp()),
            facts=tuple(facts),
            paragraphs=(tell(texts.least_line()),),
            data=documents.PublicData(),
            files=(documents.describe_file(name, "text/csv", table, about),),
        ),
        {name: table},
    )


@dataclass(frozen=True, slots=True)
class _CountedQuestion:
    """A question, and pairs of an answer and how many gave it."""

    text: documents.PublicText
    pairs: list[Pair]

    @property
    def line(self) -> Line:
        """The counts in one line."""
        parts = (
            Line("{label}: {count}", {"label": label, "count": count})
            for label, count in self.pairs
        )
        return Line("{parts}", {"parts": tuple(parts)})


async def _require_counts(ctx: Context, item: Item) -> tuple[Form, datetime, Counts]:
    """Return the form, when it closed and its counts. Raises `UserError` if there are none."""
    form = await store.get_form(ctx.db, item.number)
    found = await store.get_counts(ctx.db, item.number)
    named = {"number": item.number}
    if form is None or form.closed is None or found is None:
        raise UserError(_("{number} is open: its counts come at the close.", **named))
    if not found.questions:
        raise UserError(
            _("Fewer than {least} answered {number}: it has no counts.", least=LEAST, **named)
        )
    return form, form.closed, found


def _clean(asked: FormQuestion, typed: Callable[[str], documents.PublicText]) -> FormQuestion:
    return replace(asked, options=tuple(typed(option).text for option in asked.options))


def _table(every: list[_CountedQuestion], tell: RenderLine) -> bytes:
    """Return a row for each answer to each question, in the language of `tell`."""
    head = [tell(_("question")), tell(_("answer")), tell(_("how many"))]
    rows = [
        [one.text.text, tell(label), tell(count)] for one in every for label, count in one.pairs
    ]
    return spreadsheets.to_csv([head, *rows])


def _pairs(asked: FormQuestion, one: QuestionCount) -> list[Pair]:
    """Return pairs of an answer and how many gave it."""
    if one.answered is None:
        return [(_("too few answers to show"), verbatim(""))]
    answered = (_("answered"), verbatim(str(one.answered)))
    if asked.kind is QuestionKind.TEXT:
        return [answered]
    pairs = [
        (label, verbatim(str(count)))
        for label, count in zip(texts.labels(asked), one.parts, strict=False)
    ]
    if one.mean is not None and one.median is not None:
        pairs.append((_("mean"), verbatim(answer_reader.number_text(one.mean))))
        pairs.append((_("median"), verbatim(answer_reader.number_text(one.median))))
    return [answered, *pairs]
