"""A capability that asks wherever one can ask, and where one can't; in Spanish and Portuguese."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.api import (
    TEXT,
    YES_NO,
    Answer,
    CommandPlace,
    Context,
    Feature,
    Item,
    Job,
    Message,
    MissingArgument,
    Reaction,
    Say,
    Topic,
    UserError,
    choice_of,
    verbatim,
    words,
)
from bot.lines import Line

SENTENCES = {
    "Which one? 1) or 2)": ("¿Cuál? 1) o 2)", "Qual? 1) ou 2)"),
    "Kept: {text}": ("Guardado: {text}", "Guardado: {text}"),
    "No such thing.": ("No hay tal cosa.", "Não existe isso."),
    "the text": ("el texto", "o texto"),
    "For example: `!secreto abc`": ("Ejemplo: `!secreto abc`", "Exemplo: `!segredo abc`"),
    "Note {number}": ("Nota {number}", "Nota {number}"),
    "Away with it?": ("¿Se va?", "Vai embora?"),
    "{number} {text}: {answer}": ("{number} {text}: {answer}", "{number} {text}: {answer}"),
    "Will you lend it?": ("¿La prestas?", "Você empresta?"),
    "What is your name?": ("¿Cómo te llamas?", "Como você se chama?"),
    "Where do you live?": ("¿Dónde vives?", "Onde você mora?"),
    "That is no place. Where?": ("Eso no es un lugar. ¿Dónde?", "Isso não é um lugar. Onde?"),
    "Welcome to {room}, {name} of {place}.": (
        "Te damos la bienvenida a {room}, {name} de {place}.",
        "Boas-vindas a {room}, {name} de {place}.",
    ),
}


def say(msgid: str, **values: Any) -> Line:
    return Line(msgid, values)


def capability(folder: Path) -> Feature:
    """With its sentences in `folder`."""
    for language, column in (("es", 0), ("pt", 1)):
        lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
        lines += [f'msgid "{m}"\nmsgstr "{both[column]}"\n' for m, both in SENTENCES.items()]
        (folder / "lang").mkdir(exist_ok=True)
        (folder / "lang" / f"{language}.po").write_text("\n".join(lines), encoding="utf-8")
    probe = Feature("probe", folder)
    topic = Topic("probe", words("sondas", "sondas-pt", "probes"), verbatim("Probes"))
    example = say("For example: `!secreto abc`")

    @probe.command(
        words("secreto", "segredo", "secret"),
        help=example,
        example=example,
        topic=topic,
        where=CommandPlace.PRIVATE,
    )
    async def secret(ctx: Context, *, text: str = "") -> Answer:
        text = text or ctx.answers.get("part:text", "")
        if not text:
            raise MissingArgument("text", say("the text"))
        if text == "mal":
            raise UserError(say("No such thing."))
        if text == "roto":
            raise RuntimeError
        if text == "duda":
            text = ctx.ask("which", choice_of(2), say("Which one? 1) or 2)"))
        kept = say("Kept: {text}", text=text)
        return Say((kept,), reply_to=ctx.origin.event) if text == "efecto" else kept

    @probe.command(words("nota", "notinha", "note"), help=example, example=example, topic=topic)
    async def note(ctx: Context) -> Answer:
        number = await ctx.add_item("note", "note")
        return Say((say("Note {number}", number=number),), item=number)

    @probe.reply("note")
    async def replied(ctx: Context, item: Item, text: str) -> Answer:
        answer = ctx.ask("away", YES_NO, say("Away with it?"))
        return say("{number} {text}: {answer}", number=item.number, text=text, answer=answer)

    @probe.on(Message)
    async def heard(ctx: Context, message: Message) -> Answer:
        answer = ctx.ask("lend", YES_NO, say("Will you lend it?"))
        return say("{number} {text}: {answer}", number=0, text=message.text, answer=answer)

    probe.wants_line = lambda text: "bici" in text

    @probe.on(Reaction)
    async def reacted(ctx: Context, _what: Reaction) -> Answer:
        return verbatim(ctx.ask("why", TEXT, verbatim("Why?")))

    asks_job = probe.job("asks")

    @probe.runs(asks_job)
    async def asks(ctx: Context, _job: Job) -> Answer:
        return verbatim(ctx.ask("why", TEXT, verbatim("Why?")))

    @probe.command(
        words("despertar", "acordar", "wake"), help=example, example=example, topic=topic
    )
    async def wake(ctx: Context) -> Answer:
        await ctx.schedule(asks_job, ctx.said_at)
        return None

    @probe.command(
        words("bienvenida", "boas-vindas", "welcome"), help=example, example=example, topic=topic
    )
    async def welcome(ctx: Context, *, room: str) -> Answer:
        for person in ctx.origin.mentions or (ctx.who,):
            await ctx.begin_dialogue("welcome", person, {"room": room})
        return None

    @probe.dialogue("welcome")
    async def welcoming(ctx: Context, data: Mapping[str, Any]) -> Answer:
        name = ctx.ask("name", TEXT, say("What is your name?"))
        if name == "nadie":
            raise UserError(say("No such thing."))
        place = ctx.ask("place", TEXT, say("Where do you live?"))
        if place == "roto":
            raise RuntimeError
        while not place.isalpha():
            place = ctx.ask_again("place", TEXT, say("That is no place. Where?"))
        return say("Welcome to {room}, {name} of {place}.", name=name, place=place, **data)

    return probe
