"""Writes the reference of all commands and settings: `python -m tests.reference`.

One page for each language, from what the capabilities declare: `docs/es/referencia.md`,
`docs/pt/referencia.md`, `docs/en/reference.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.capability.authority.access import Need
from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.discovery import features
from bot.capability.feature import Command, Topic
from bot.capability.registry import Registry
from bot.capability.settings import Setting
from bot.capability.sub_commands import SubCommand
from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue
from bot.lines import Line
from bot.text.command_words import Words
from commands.help.index import GROUPS
from tests.source_files import folders

ROOT = Path(__file__).parents[1]
COLUMNS = ("español", "português", "English")
DIVIDER = "| --- | --- | --- | --- |"


class Page(NamedTuple):
    """Where the page of one language stands, and the words of it that no capability says."""

    file: str
    title: str
    intro: str
    does: str
    also: str
    takes: str
    moderators: str
    network: str
    private: str
    more: str
    settings: str
    about_settings: str
    of_network: str
    usual: str


PAGES = {
    "es": Page(
        "docs/es/referencia.md",
        "Todo lo que se puede escribir",
        "Cada comando en los tres idiomas: todos valen en cualquier sala, sea cual sea su idioma. "
        "Acentos y mayúsculas no importan. En una sala se escribe con `!`; en privado con Minga, "
        "también sin él. `57` es el número que muestra Minga. Esta página sale del programa mismo; "
        "en el chat lo dice `!ayuda`.",
        "qué hace",
        "También",
        "Con",
        "Para quien modera.",
        "Para quien modera la red.",
        "Se responde en privado.",
        "Más",
        "Lo que se puede configurar",
        "En la sala: `!configurar` muestra los valores y `!configurar nombre valor` cambia uno, "
        "después de mostrar qué cambia. Lo hace quien modera.",
        "De toda la red.",
        "Si nadie lo cambia",
    ),
    "pt": Page(
        "docs/pt/referencia.md",
        "Tudo o que se pode escrever",
        "Cada comando nas três línguas: todos valem em qualquer sala, seja qual for a língua dela. "
        "Acentos e maiúsculas não importam. Numa sala se escreve com `!`; em privado com Minga, "
        "também sem ele. `57` é o número que Minga mostra. Esta página sai do próprio programa; "
        "no chat quem diz é `!ajuda`.",
        "o que faz",
        "Também",
        "Com",
        "Para quem modera.",
        "Para quem modera a rede.",
        "A resposta vem em privado.",
        "Mais",
        "O que se pode configurar",
        "Na sala: `!configurar` mostra os valores e `!configurar nome valor` muda um, "
        "depois de mostrar o que muda. Quem faz isso é quem modera.",
        "De toda a rede.",
        "Se ninguém mudar",
    ),
    "en": Page(
        "docs/en/reference.md",
        "Everything that can be typed",
        "Each command in the three languages: all of them hold in every room, whatever its "
        "language. Accents and capitals don't matter. In a room it is typed with `!`; in private "
        "with Minga also without. `57` is the number that Minga shows. This page comes from the "
        "program itself; in the chat `!help` says it.",
        "what it does",
        "Also",
        "With",
        "For moderators.",
        "For the network's moderators.",
        "Answered in private.",
        "More",
        "What can be set",
        "In the room: `!config` shows the values and `!config name value` changes one, after "
        "showing what changes. Moderators do it.",
        "Of the whole network.",
        "Unless somebody changes it",
    ),
}


class Reference:
    """Renders the page of one language."""

    def __init__(self, language: str) -> None:
        self._registry = Registry(features())
        self._renderer = Renderer(Catalogue.load(folders()))
        self._page = PAGES[language]
        self._reader = Reader(language, "America/Bogota", "!", datetime(2026, 11, 25, tzinfo=UTC))

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        yield from (f"# {self._page.title}", "", self._page.intro)
        topics = {topic.key: topic for topic in self._registry.topics()}
        for title, keys in GROUPS:
            yield from ("", f"## {self._say(title)}")
            for key in keys:
                yield from self._topic(topics.pop(key))
        yield from ("", f"## {self._page.more}")
        for topic in topics.values():
            yield from self._topic(topic)
        yield from self._settings()

    def _say(self, line: Line) -> str:
        return self._renderer.render_line(line, self._reader).plain

    def _topic(self, topic: Topic) -> Iterator[str]:
        yield from ("", f"### {self._say(topic.title)}", "")
        yield from self._head()
        for command in self._registry.commands:
            if command.topic == topic:
                yield self._row([f"!{word}" for word in _three(command.name)], self._about(command))
                yield from (self._sub_row(command, one) for one in command.subs)

    def _head(self) -> Iterator[str]:
        yield f"| {' | '.join(COLUMNS)} | {self._page.does} |"
        yield DIVIDER

    def _sub_row(self, command: Command, one: SubCommand) -> str:
        typed = zip(_three(command.name), _three(one.name), strict=True)
        about = [_sentence(self._say(one.help))]
        about += [self._say(one.example)] if one.example else []
        return self._row([f"!{word} {sub}" for word, sub in typed], about)

    def _row(self, typed: list[str], about: list[str]) -> str:
        cells = [*(f"`{word}`" for word in typed), "<br>".join(about)]
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    def _about(self, command: Command) -> list[str]:
        page, language = self._page, self._reader.language
        found = [_sentence(self._say(command.help)), self._say(command.example)]
        if command.args:
            named = [(arg.name.in_language(language), arg.flag) for arg in command.args]
            typed = (f"`{word}`" if flag else f"`{word}:`" for word, flag in named)
            found.append(f"{page.takes}: {' · '.join(typed)}")
        if also := command.name.also_in(language):
            found.append(f"{page.also}: {' · '.join(f'`!{word}`' for word in also)}")
        marks = {Need.MODERATOR: page.moderators, Need.NETWORK: page.network}
        notes = [marks[command.need]] if command.need in marks else []
        notes += [page.private] if command.where is CommandPlace.PRIVATE else []
        return [*found, *([f"*{' '.join(notes)}*"] if notes else [])]

    def _settings(self) -> Iterator[str]:
        yield from ("", f"## {self._page.settings}", "", self._page.about_settings, "")
        yield from self._head()
        order = sorted(self._registry.settings, key=lambda one: one.name.es)
        yield from (self._row(_three(one.name), self._about_setting(one)) for one in order)

    def _about_setting(self, setting: Setting) -> list[str]:
        found = [_sentence(self._say(setting.help))]
        if setting.default.strip("-"):
            usual = self._say(setting.kind.show(setting.default))
            found.append(f"{self._page.usual}: {usual}.")
        return found + ([f"*{self._page.of_network}*"] if setting.network else [])


def _sentence(text: str) -> str:
    """Return the text with a capital letter and one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _three(name: Words) -> list[str]:
    """Return the words of a name in the order of the columns."""
    return [name.es, name.pt, name.en]


def reference(language: str) -> str:
    """Return the page of a language."""
    return "\n".join(Reference(language).lines()) + "\n"


def write_reference() -> None:
    """Write the pages of all languages."""
    for language, page in PAGES.items():
        path = ROOT / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reference(language), encoding="utf-8")


if __name__ == "__main__":
    write_reference()
