"""The files of a closed questionnaire: the answers as a table, and a codebook that explains it.

Without names there are no rows of people, only what the room read as counts, and the words that
were answered, sorted. With names the moderators get a row for each person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from bot.api import (
    EXPORT_ITEM,
    Answer,
    Context,
    Effect,
    FileContent,
    Item,
    Line,
    RenderLine,
    RoomId,
    SendFile,
    UserError,
    _,
    spreadsheets,
    words,
)
from commands.questionnaires import answer_reader, closing, store, texts
from commands.questionnaires.counts import Counts, QuestionCount
from commands.questionnaires.declaration import KIND, feature
from commands.questionnaires.form import Form, FormQuestion, QuestionKind
from commands.questionnaires.store import Respondent

COUNTS_STEM = words("conteos", "contagens", "counts")
ANSWERS_STEM = words("respuestas", "respostas", "answers")
CODEBOOK_STEM = words("libro-de-codigos", "livro-de-codigos", "codebook")
MIME = "text/csv"


@feature.offers(EXPORT_ITEM.of(KIND))
async def export_questionnaire(ctx: Context, item: Item) -> Answer:
    """Send a questionnaire's counts and codebook; with names, to moderators in private, the answers
    too. Return what to say, if anything.

    Raises `UserError` while it is open.
    """
    form, found = (
        await store.get_form(ctx.db, item.number),
        await store.get_counts(ctx.db, item.number),
    )
    if form is None or found is None:
        raise UserError(_("That is open: the files come at the close."))
    names = {room: await closing.room_name(ctx, RoomId(room)) for room in found.rooms}
    tables = [
        (COUNTS_STEM, partial(_counts_file, form, found, names), _counts_caption(form)),
        (CODEBOOK_STEM, partial(_codebook_file, form), _codebook_caption(form)),
    ]
    people = await store.finished_people(ctx.db, item.number) if form.named else []
    to = None
    if people and await ctx.may_change(item):
        to = ctx.who  # names are never for the room
        where = {one.room: await closing.room_name(ctx, one.room) for one in people}
        table = partial(_answers_file, form, people, where)
        tables.insert(0, (ANSWERS_STEM, table, _answers_caption(form)))
    policy = await (ctx.policy_of_person(to) if to else ctx.policy_of_room(ctx.room))
    files: list[Line | Effect] = [
        SendFile(
            f"{stem.in_language(policy.language)}-{item.number}.csv",
            MIME,
            table,
            caption=(caption,),
            to=to,
            reply_to=None if to else ctx.origin.event,
            thread=None if to else ctx.origin.thread,
        )
        for stem, table, caption in tables
    ]
    return [_("I wrote to you in private."), *files] if to and not ctx.is_private else files


def _counts_caption(form: Form) -> Line:
    return _("{number}, “{title}”: the counts as a table.", number=form.item, title=form.title)


def _answers_caption(form: Form) -> Line:
    return _(
        "{number}, “{title}”: the answers with names. Please keep this file safe.",
        number=form.item,
        title=form.title,
    )


def _codebook_caption(form: Form) -> Line:
    return _("{number}: the codebook, what each column means.", number=form.item)


# --- tables -------------------------------------------------------------------------------------


def _counts_file(
    form: Form, found: Counts, names: Mapping[str, Line], tell: RenderLine
) -> FileContent:
    """Return the table of counts: question, room, answer, how many; at the end the words."""
    head = [_("question"), _("room"), _("answer"), _("how many")]
    rows = [[tell(one) for one in head]]
    every = [tell(_("all")), *(tell(names[room]) for room in found.rooms)]
    each = [found.questions, *(one for _people, one in found.rooms.values())]
    for place, asked in enumerate(form.questions):
        for room, counted in zip(every, each, strict=True):
            if counted:
                rows += [
                    [_code(place), room, *row] for row in _count_rows(asked, counted[place], tell)
                ]
    return FileContent(spreadsheets.to_csv(rows))


def _count_rows(
    asked: FormQuestion, one: QuestionCount | None, tell: RenderLine
) -> list[tuple[str, str]]:
    """Return pairs of an answer and how many gave it."""
    if one is None or one.answered is None:
        return [(tell(_("too few answers to show")), "")]
    rows = [(tell(_("answered")), str(one.answered))]
    rows += [
        (tell(label), str(n)) for label, n in zip(texts.labels(asked), one.parts, strict=False)
    ]
    if one.mean is not None:
        rows.append((tell(_("mean")), answer_reader.number_text(one.mean)))
        rows.append((tell(_("median")), answer_reader.number_text(one.median)))
    return rows + [(said, "1") for said in one.texts]


def _answers_file(
    form: Form, people: Sequence[Respondent], rooms: Mapping[RoomId, Line], tell: RenderLine
) -> FileContent:
    """Return a row for each person who finished: their address, room and answers."""
    head = [tell(_("person")), tell(_("room")), *(_code(n) for n in range(len(form.questions)))]
    rows = [
        [
            one.person,
            tell(rooms[one.room]),
            *(
                "" if value is None else tell(answer_reader.value_line(asked, value))
                for asked, value in zip(form.questions, one.values, strict=True)
            ),
        ]
        for one in people
    ]
    return FileContent(spreadsheets.to_csv([head, *rows]))


def _codebook_file(form: Form, tell: RenderLine) -> FileContent:
    """Return what each column holds: its code, the question as it was asked, what it took."""
    head = [_("column"), _("question"), _("takes"), _("options")]
    rows = [[tell(one) for one in head]]
    for place, asked in enumerate(form.questions):
        options = " | ".join(tell(one) for one in texts.labels(asked))
        rows.append([_code(place), asked.text, tell(KIND_NAMES[asked.kind]), options])
    rows += [[], [tell(_("asked")), str(form.asked)]]
    rows.append([tell(_("rule")), tell(texts.least_line())])
    return FileContent(spreadsheets.to_csv(rows))


KIND_NAMES = {
    QuestionKind.TEXT: _("words"),
    QuestionKind.NUMBER: _("a number"),
    QuestionKind.YES_NO: _("yes or no"),
    QuestionKind.CHOICE: _("one option"),
    QuestionKind.SEVERAL: _("several options"),
}


def _code(place: int) -> str:
    """Return the name of a question's column."""
    return f"q{place + 1}"
