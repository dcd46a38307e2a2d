"""Read what people type behind `!draft` and `!amend`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.api import UserError, _, one_line
from commands.drafts.amendments import AmendmentKind
from commands.library.content.typed_entries import make_name

_NAME = re.compile(
    r'(?:(?:el|la|los|las|de|del|o|a|os|as|do|da|the|of)\s+){0,2}(?:"([^"\n]{1,80})"|#?(\S+))\s*',
    re.IGNORECASE,
)
_DELETE = (
    r"(?:quita|quitar|quiten|borra|borrar|elimina|eliminar|suprime|suprimir|saca|sacar"
    r"|remove|remover|retira|retirar|tira|tirar|apaga|apagar|excluir|exclui|delete|drop|strike)"
)
_ADD = (
    r"(?:a[gñ]rega|a[gñ]regar|añade|añadir|suma|sumar|nuevo|nueva|adiciona|adicionar|acrescenta"
    r"|acrescentar|incluir|incluye|inclui|novo|nova|add|insert|new|\+)"
)
_WORD = (
    r"(?:(?:el|la|o|a|the|os|as|los|las)\s+)?"
    r"(?:(?:p[aá]rrafo|par[aá]grafo|paragraph|art[ií]culo|artigo|article|art\.?|punto|ponto|point"
    r"|par\.?|§|n[°º.]|el|o|the)\s*)?"
)
_CHANGE_WORD = r"(?:(?:cambia|cambiar|muda|mudar|altera|alterar|change|replace)\s+)?"
_AT = re.compile(
    rf"{_CHANGE_WORD}{_WORD}(\d{{1,3}})(?:\s*[:.)\-]\s*|\s+|$)(.*)", re.IGNORECASE | re.DOTALL
)
_DELETED = (
    re.compile(rf"{_DELETE}\s+{_WORD}(\d{{1,3}})[\s.!]*", re.IGNORECASE),
    re.compile(rf"{_WORD}(\d{{1,3}})\s*[:.)\-]?\s+{_DELETE}[\s.!]*", re.IGNORECASE),
)
_AFTER = re.compile(
    rf"(?:{_ADD}\s+)?(?:uno\s+|um\s+|one\s+)?(?:p[aá]rrafo\s+|par[aá]grafo\s+|paragraph\s+)?"
    rf"(?:despu[eé]s|detr[aá]s|depois|ap[oó]s|after|behind)\s+(?:del?\s+|do\s+|da\s+)?"
    rf"{_WORD}(\d{{1,3}})(?:\s*[:.)\-]\s*|\s+)(.+)",
    re.IGNORECASE | re.DOTALL,
)
_FIRST = re.compile(
    rf"(?:{_ADD}\s+)?(?:al\s+principio|al\s+comienzo|al\s+inicio|no\s+(?:in[ií]cio|come[cç]o)"
    r"|at\s+the\s+(?:beginning|start|top))\s*[:\-]?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)
_LAST = re.compile(
    rf"(?:{_ADD}(?:\s+(?:p[aá]rrafo|par[aá]grafo|paragraph))?"
    rf"(?:\s+(?:al\s+final|no\s+fim|no\s+final|at\s+the\s+end))?\s*[:\-]?\s*(?<=[\s:+\-])"
    r"|(?:al\s+final|no\s+fim|no\s+final|at\s+the\s+end)\s*[:\-]?\s+)(.+)",
    re.IGNORECASE | re.DOTALL,
)
_PHRASE = re.compile(
    r'"([^"]+)"\s*(?:→|->|=>|>|por|con|com|with|by|a|to|en|em)\s*"([^"]*)"[\s.]*', re.IGNORECASE
)
_VERSIONS = re.compile(r"versi(?:on)?es|vers[oõ]es|versions|historial?|hist[oó]rico|history", re.I)
_VERSION = re.compile(r"(?:versi[oó]n|vers[aã]o|version|v)\s*(\d{1,4})", re.I)
_DIFFERENCE = re.compile(
    r"(?:diferencias?|diferen[cç]as?|differences?|diff|comparar?|compare)"
    r"(?:\s+(?:entre\s+|between\s+|de\s+)?(\d{1,4})\s*(?:,|-|y|e|a|and|con|com|to)?\s*(\d{1,4}))?",
    re.I,
)
_FILE = re.compile(r"(?:archivo|arquivo|file|descargar|baixar|download|txt)", re.I)
_REOPEN = re.compile(r"(?:reabrir|reabre|abrir|reopen|open)", re.I)
_COMMENTS = re.compile(r"(?:comentarios?|coment[aá]rios?|comments?)", re.I)
_FROM = re.compile(r"(?:desde|de|from|del archivo|do arquivo)\s+#([\w\-]+)", re.I)


class DraftAction(StrEnum):
    """What is wanted of a draft."""

    SHOW = "show"
    WRITE = "write"
    VERSIONS = "versions"
    DIFFERENCE = "difference"
    FILE = "file"
    REOPEN = "reopen"
    COMMENTS = "comments"
    TAKE = "take"


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What was asked for. `text` is what is to be written, or the library's name to take it of.

    `versions` are those to show or to compare; `clearly`: the text stood behind a colon or on a
    line of its own, so that it is no misspelt word.
    """

    action: DraftAction
    text: str = ""
    versions: tuple[int, ...] = ()
    clearly: bool = False


@dataclass(frozen=True, slots=True)
class AmendmentRequest:
    """An amendment as typed. `number` is that of a paragraph; 0 is the beginning, None the end.

    With `phrase` the text replaces only these words.
    """

    kind: AmendmentKind
    number: int | None
    text: str
    phrase: str = ""


def split_name(text: str) -> tuple[str, str]:
    """Return the name or number that begins a text, and the rest: ("charter", ": We meet") from
    `charter: We meet`. Both are empty where no name begins it.

    Raises `UserError` if it can't be a name.
    """
    found = _NAME.match(text)
    if found is None:
        return "", ""
    if found[1] is None:
        word, colon, more = found[2].partition(":")
        rest = (colon + more + text[found.end(2) :]).strip(" \t")
        word = word.rstrip(",;.")
    else:
        word, rest = found[1], text[found.end(1) + 1 :].strip(" \t")
    return (word if word.isdigit() else make_name(word)), rest


def read_draft_request(rest: str) -> DraftRequest:
    """Return what the words behind the name of a draft ask for."""
    clearly = rest.startswith((":", "\n"))
    text = rest.lstrip(": \n\t").strip()
    if not text:
        return DraftRequest(DraftAction.SHOW)
    if clearly:
        return DraftRequest(DraftAction.WRITE, text, clearly=True)
    bare = text.rstrip(" .!?")
    for pattern, action in (
        (_VERSIONS, DraftAction.VERSIONS),
        (_FILE, DraftAction.FILE),
        (_REOPEN, DraftAction.REOPEN),
        (_COMMENTS, DraftAction.COMMENTS),
    ):
        if pattern.fullmatch(bare):
            return DraftRequest(action)
    if found := _VERSION.fullmatch(bare):
        return DraftRequest(DraftAction.SHOW, versions=(int(found[1]),))
    if found := _DIFFERENCE.fullmatch(bare):
        asked = tuple(int(one) for one in found.groups() if one)
        return DraftRequest(DraftAction.DIFFERENCE, versions=asked)
    if found := _FROM.fullmatch(bare):
        return DraftRequest(DraftAction.TAKE, found[1])
    added = _LAST.fullmatch(text)
    if added is not None:
        return DraftRequest(DraftAction.WRITE, added[1].strip(), clearly=True)
    return DraftRequest(DraftAction.WRITE, text, clearly="\n" in text)


def read_amendment(rest: str) -> AmendmentRequest | None:
    """Return the amendment that the words behind the name of a draft make, or None if they can't be
    read."""
    text = rest.lstrip(": \n\t").strip()
    for pattern in _DELETED:
        if found := pattern.fullmatch(text):
            return AmendmentRequest(AmendmentKind.DELETE, int(found[1]), "")
    if found := _AFTER.fullmatch(text):
        return AmendmentRequest(AmendmentKind.ADD, int(found[1]), one_line(found[2]))
    if found := _FIRST.fullmatch(text):
        return AmendmentRequest(AmendmentKind.ADD, 0, one_line(found[1]))
    if found := _PHRASE.fullmatch(text):
        return AmendmentRequest(AmendmentKind.CHANGE, None, one_line(found[2]), one_line(found[1]))
    if found := _LAST.fullmatch(text):
        return AmendmentRequest(AmendmentKind.ADD, None, one_line(found[1]))
    found = _AT.fullmatch(text)
    if found is None:
        return None
    words = found[2].strip()
    if phrase := _PHRASE.fullmatch(words):
        return AmendmentRequest(
            AmendmentKind.CHANGE, int(found[1]), one_line(phrase[2]), one_line(phrase[1])
        )
    alone = re.fullmatch(r'"([^"]*)"', words)
    return AmendmentRequest(
        AmendmentKind.CHANGE, int(found[1]), one_line(alone[1] if alone else words)
    )


def example_error() -> UserError:
    """Return the refusal of an amendment that can't be read, with the ways to write one."""
    return UserError(
        _("I didn't understand what is to change."),
        _("Another text: `!amend charter 3: We meet every month`"),
        _("To take one out: `!amend charter delete 3`"),
        _("One more: `!amend charter after 3: We share the costs`"),
        _('Some words: `!amend charter 3: "30 %" to "50 %"`'),
    )
