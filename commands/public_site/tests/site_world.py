"""A network that published something, in memory, and its folder on a disk."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.testing.talk import SIGNER
from commands.public_site import paths
from commands.public_site.log.entries import (
    ChangeKind,
    LogChange,
    LogEnd,
    end_of,
    file_hash,
    make_entries,
    make_head,
)
from commands.public_site.pages import PageMaker
from commands.public_site.published import (
    MOST_DATES,
    NEWEST,
    PER_PAGE,
    PublishedItem,
    SiteFile,
    SiteProfile,
    documents,
)
from commands.public_site.site_files import changed_files

BEGIN = 1_764_000_000
"""24 November 2025, when the first thing was published."""
DAY = 86_400
CSV = "\ufeffmunicipio;pozos\r\nOlinda;3\r\nRecife;12\r\n".encode()
PROFILE = SiteProfile("Red del Páramo", SIGNER.public, "America/Bogota")


def said(en: str, es: str, pt: str) -> documents.PublicText:
    """Return a sentence of the bot's in three languages."""
    return documents.PublicText(text=en, language="en", translations={"es": es, "pt": pt})


def typed(text: str, language: documents.Language | None = None) -> documents.PublicText:
    """Return what a person wrote."""
    return documents.PublicText(text=text, language=language or "")


def decision(number: int, title: str = "¿Abrimos la sede?") -> documents.PublicDocument:
    """Return a decision with when, rule and turnout, and its signed file."""
    signed = signed_file(number)
    return documents.PublicDocument(
        kind="decision",
        number=number,
        title=typed(title, "es"),
        at=BEGIN + number * 60,
        facts=(
            documents.PublicFact(
                name=said("decided", "decidido", "decidido"),
                value=said(
                    "Thursday 3 December 2026, 19:00 (Bogotá)",
                    "jueves 3 de diciembre de 2026, 19:00 (Bogotá)",
                    "quinta-feira, 3 de dezembro de 2026, 19:00 (Bogotá)",
                ),
            ),
            documents.PublicFact(
                name=said("rule", "regla", "regra"),
                value=said("two thirds of the votes", "dos tercios", "dois terços"),
            ),
            documents.PublicFact(
                name=said("voted", "votaron", "votaram"),
                value=said("11 of 20", "11 de 20", "11 de 20"),
            ),
        ),
        rows=(
            documents.PublicRow(label=typed("Sí"), votes=9, percent=82, won=True),
            documents.PublicRow(label=typed("No"), votes=2, percent=18),
        ),
        files=(
            file_about("result.json", "application/json", signed, "Signed result", "Resultado"),
        ),
    )


def signed_file(number: int) -> bytes:
    """Return what stands for the signed file of a decision."""
    return f'{{"number":{number},"type":"minga.result-open"}}'.encode()


def event(number: int, title: str = "Taller de radio") -> documents.PublicDocument:
    """Return an event of a day to come."""
    begins = BEGIN + (number + 30) * DAY
    return documents.PublicDocument(
        kind="event",
        number=number,
        title=typed(title, "es"),
        at=BEGIN + number * 60,
        paragraphs=(typed("Traer radio.\n\nMás: https://example.org/taller, gratis.", "es"),),
        event=documents.PublicEvent(
            begins=begins, ends=begins + 7_200, zone="America/Bogota", place=typed("Casa Azul")
        ),
    )


def text(number: int, title: str = "Protocolo para marchas") -> documents.PublicDocument:
    """Return a text in Spanish with a translation."""
    translated = documents.PublicText(
        text="Ir siempre en pareja.", language="es", translations={"pt": "Ir sempre em dupla."}
    )
    return documents.PublicDocument(
        kind="text",
        number=number,
        title=typed(title, "es"),
        at=BEGIN + number * 60,
        paragraphs=(translated,),
        themes=("marchas", "cuidado"),
    )


def announcement(number: int, title: str = "Abrimos la escuela") -> documents.PublicDocument:
    """Return an announcement."""
    return documents.PublicDocument(
        kind="announcement",
        number=number,
        title=typed(title, "es"),
        at=BEGIN + number * 60,
        paragraphs=(typed("Desde el lunes.", "es"),),
    )


def data(number: int, title: str = "Pozos de agua") -> documents.PublicDocument:
    """Return a data set with its table, source and licence."""
    return documents.PublicDocument(
        kind="data",
        number=number,
        title=typed(title, "es"),
        at=BEGIN + number * 60,
        data=documents.PublicData(
            link="https://example.org/pozos",
            licence="CC-BY-4.0",
            publisher="Instituto del Agua",
            published="2025",
            checked=BEGIN,
        ),
        files=(file_about("table.csv", "text/csv", CSV, "The table", "La tabla"),),
    )


MAKERS = (decision, event, text, announcement, data)


def file_about(name: str, mime: str, content: bytes, en: str, es: str) -> documents.PublicFile:
    """Return what a document says of a file."""
    return documents.PublicFile(
        name=name,
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        about=said(en, es, es),
    )


class MemoryReader:
    """Published items in memory (`SiteReader`)."""

    def __init__(self, shown: Sequence[documents.PublicDocument] = ()) -> None:
        self.items: dict[int, PublishedItem] = {}
        self.by_kind: dict[documents.Kind, list[int]] = {}
        self.contents: dict[tuple[int, str], bytes] = {}
        for document in shown:
            self.publish(document)

    def publish(self, document: documents.PublicDocument) -> int:
        """Add an item, or change it. Returns its number."""
        number, kind = document.number, document.kind
        before = self.items.get(number)
        if before is None:
            places = self.by_kind.setdefault(kind, [])
            places.append(number)
            at = BEGIN + len(self.items) * 60
            self.items[number] = PublishedItem(number, kind, len(places) - 1, at, at, document)
        else:
            former = [one.name for one in before.document.files] if before.document else []
            changed = before.changed + 60
            self.items[number] = replace(
                before, document=document, changed=changed, reason=None, former=former
            )
        for one in document.files:
            content = CSV if one.mime == "text/csv" else signed_file(number)
            self.contents.setdefault((number, one.name), content)
        return number

    def withdraw(self, number: int, reason: str = "") -> int:
        """Take an item back. Returns its number."""
        before = self.items[number]
        former = [one.name for one in before.document.files] if before.document else []
        self.items[number] = replace(
            before,
            document=None,
            changed=before.changed + 60,
            reason=typed(reason) if reason else None,
            former=former,
        )
        return number

    async def item(self, number: int) -> PublishedItem | None:
        """Return an item."""
        return self.items.get(number)

    async def page(self, kind: documents.Kind, page: int) -> Sequence[PublishedItem]:
        """Return a page of a kind."""
        numbers = self.by_kind[kind][(page - 1) * PER_PAGE : page * PER_PAGE]
        return [self.items[number] for number in numbers]

    async def last_pages(self) -> dict[documents.Kind, int]:
        """Return the last page of each kind."""
        return {kind: (len(all_) - 1) // PER_PAGE + 1 for kind, all_ in self.by_kind.items()}

    async def newest(self) -> Sequence[PublishedItem]:
        """Return the newest items."""
        shown = (item for item in reversed(self.items.values()) if item.document)
        return list(islice(shown, NEWEST))

    async def dates(self) -> Sequence[PublishedItem]:
        """Return events; here all are to come, in the order of publication."""
        events = (self.items[number] for number in self.by_kind.get("event", []))
        return list(islice((item for item in events if item.document), MOST_DATES))

    async def file(self, number: int, name: str) -> bytes:
        """Return a file's bytes."""
        return self.contents[number, name]


class WrittenSite:
    """A site in a folder, with its log."""

    def __init__(self, folder: Path, reader: MemoryReader, maker: PageMaker | None = None) -> None:
        self.folder = folder
        self.reader = reader
        self.maker = maker or PageMaker(PROFILE)
        self.end = LogEnd()
        self.at = BEGIN

    async def write_all(self) -> int:
        """Write everything. Returns how many files."""
        changes = [LogChange(number=n, kind=i.kind, what="published") for n, i in self.items()]
        every = changed_files(self.maker, self.reader, self.reader.items, fixed=True)
        return await self._write(every, changes)

    async def write(self, numbers: Collection[int], what: ChangeKind = "published") -> int:
        """Write what a change of these items touches. Returns how many files."""
        changes = [LogChange(number=n, kind=self.reader.items[n].kind, what=what) for n in numbers]
        return await self._write(changed_files(self.maker, self.reader, numbers), changes)

    def items(self) -> list[tuple[int, PublishedItem]]:
        """Return all items."""
        return sorted(self.reader.items.items())

    async def _write(self, files: AsyncIterator[SiteFile], changes: Sequence[LogChange]) -> int:
        hashes: dict[str, str] = {}
        async for file in files:
            assert paths.is_path(file.path), file.path
            path = self.folder / file.path
            if file.content is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
            hashes[file.path] = file_hash(file.content)
        self.at += 60
        entries = make_entries(self.end, self.at, changes, hashes, SIGNER)
        self.end = end_of(entries[-1])
        for entry in entries:
            log = self.folder / paths.segment(entry.seq)
            log.parent.mkdir(exist_ok=True)
            with log.open("ab") as out:
                out.write(entry.to_json().encode() + b"\n")
        head = make_head(self.end, self.at, SIGNER)
        (self.folder / paths.HEAD).write_text(head.to_json(), encoding="utf-8")
        return len(hashes)
