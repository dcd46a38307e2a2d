"""Every sentence is there in every language, with the same holes, and no word means two things."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from bot.capability.registry import Registry
from bot.i18n import Catalogue
from bot.run.app import features
from bot.text.command_words import NO, YES
from bot.text.normalisation import compact
from tests import words
from tests.source_files import folders

FOLDERS = folders()
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
each_language = pytest.mark.parametrize("language", words.TRANSLATED)

STIFF = {
    "es": r"\b(usted|ustéd|vos|vosotros|inválid[oa]|incorrect[oa]|olvidaste|móvil|ordenador|fichero"
    r"|pulsa|vale|(?<!-)token|parámetro|usuari[oa]s?|(?<!la )bienvenid[oa]s?|genial|ups"
    r"|caben? a|por vez|vot\w+ por(?= “))\b",
    "pt": r"\b(tu|senhor|inválid[oa]|incorret[oa]|esqueceu|telemóvel|ecrã|ficheiro|equipa"
    r"|partilhar|(?<!-)token|parâmetro|usuári[oa]s?|bem-vind[oa]s?|obrigad[oa]s?|ops)\b",
}


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@each_folder
@each_language
def test_every_sentence_is_translated_with_the_same_holes(folder: Path, language: str) -> None:
    known = words.translations(folder, language)
    for forms in words.sentences(folder).values():
        message = known.get(forms[0])
        assert message is not None, f"{forms[0]!r} is missing; run: make words"
        strings = words.strings(message)
        assert len(strings) == len(forms), forms[0]
        for translated in strings:
            assert translated, f"{forms[0]!r} is not translated"
            wanted = {h for form in forms for h in holes(form)}
            assert holes(translated) <= wanted, f"{translated!r} has other holes"
            missing = wanted - holes(translated) - {"count"}
            assert not missing, f"{translated!r} lacks {missing}"
            assert translated.count("**") == forms[0].count("**"), f"{translated!r}: what is bold?"


@each_folder
@each_language
def test_no_translation_is_left_of_sentences_that_are_gone(folder: Path, language: str) -> None:
    said = words.sentences(folder)
    for message in words.translations(folder, language):
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            assert first in said, f"{first!r} is said no more; run: make words"


@each_folder
@each_language
def test_sentences_follow_the_voice(folder: Path, language: str) -> None:
    for message in words.translations(folder, language):
        strings = words.strings(message)
        for said in filter(None, strings) if message.id else ():
            bare = re.sub(r"`[^`]*`|\{\w+(?:!r)?\}", "", said)
            found = re.search(STIFF[language], bare, re.IGNORECASE)
            assert found is None, f"{said!r}: {found[0]}"
            assert "(a)" not in bare and "/a" not in bare, said
            if language == "es":
                assert bare.count("?") == bare.count("¿"), said
                assert bare.count("!") == bare.count("¡"), said


def test_no_word_means_two_things() -> None:
    registry = Registry(features())  # raises for words of commands, and of settings
    answers = {compact(w) for w in YES | NO}
    for command in registry.commands:
        for name in command.name:
            assert compact(name) not in answers, f"{name!r} is an answer too"
        for arg in command.args:
            assert len({compact(n) for n in arg.name}) >= 1
        named = [compact(n) for arg in command.args for n in set(map(compact, arg.name))]
        assert len(named) == len(set(named)), f"{command.name.en}: {named}"


def test_no_sentence_is_translated_in_two_ways() -> None:
    Catalogue.load(FOLDERS)
