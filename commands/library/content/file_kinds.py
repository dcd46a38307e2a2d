"""Recognise files by their first bytes, since name and type are chosen by the sender.

Nothing is opened, unpacked or decoded. The list is short on purpose: a library would know thousands
of formats, and an unknown one is not saved.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from bot.api import UserError, _, harmless

MOST_NAME = 60
"""How many characters of a file's name are shown."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the ending of its name and its MIME type."""

    ending: str
    mime: str


PDF = Kind("pdf", "application/pdf")
ZIP = Kind("zip", "application/zip")
TEXT = Kind("txt", "text/plain")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

_BEGINS = (
    (b"\x89PNG\r\n\x1a\n", Kind("png", "image/png")),
    (b"\xff\xd8\xff", Kind("jpg", "image/jpeg")),
    (b"GIF87a", Kind("gif", "image/gif")),
    (b"GIF89a", Kind("gif", "image/gif")),
    (b"II*\x00", Kind("tiff", "image/tiff")),
    (b"MM\x00*", Kind("tiff", "image/tiff")),
    (b"OggS", Kind("ogg", "audio/ogg")),
    (b"ID3", Kind("mp3", "audio/mpeg")),
    (b"\xff\xfb", Kind("mp3", "audio/mpeg")),
    (b"\xff\xf3", Kind("mp3", "audio/mpeg")),
    (b"fLaC", Kind("flac", "audio/flac")),
    (b"#!AMR", Kind("amr", "audio/amr")),
    (b"\x1aE\xdf\xa3", Kind("webm", "video/webm")),
    (b"{\\rtf", Kind("rtf", "application/rtf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("doc", "application/x-ole-storage")),
)
_RIFF = {
    b"WEBP": Kind("webp", "image/webp"),
    b"WAVE": Kind("wav", "audio/wav"),
    b"AVI ": Kind("avi", "video/x-msvideo"),
}
_BRANDS = {
    b"heic": Kind("heic", "image/heic"),
    b"heix": Kind("heic", "image/heic"),
    b"mif1": Kind("heic", "image/heic"),
    b"avif": Kind("avif", "image/avif"),
    b"M4A ": Kind("m4a", "audio/mp4"),
    b"qt  ": Kind("mov", "video/quicktime"),
}
_PARTS = (
    (b"word/", Kind("docx", f"{_OFFICE}.wordprocessingml.document")),
    (b"xl/", Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet")),
    (b"ppt/", Kind("pptx", f"{_OFFICE}.presentationml.presentation")),
)
_DECLARED = {
    b"application/epub+zip": Kind("epub", "application/epub+zip"),
    f"{_ODF}.text".encode(): Kind("odt", f"{_ODF}.text"),
    f"{_ODF}.spreadsheet".encode(): Kind("ods", f"{_ODF}.spreadsheet"),
    f"{_ODF}.presentation".encode(): Kind("odp", f"{_ODF}.presentation"),
}
_RUNS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/")
"""The first bytes of programs for Windows, Linux and macOS, and of scripts. These are refused."""
_PROGRAM_PARTS = (b"classes.dex", b"AndroidManifest.xml", b"META-INF/MANIFEST.MF")
_ENTRY = b"PK\x03\x04"
_ENDINGS = {
    TEXT: ("txt", "csv", "tsv", "md", "json", "ics", "vcf", "srt", "xml", "gpx", "geojson"),
    Kind("doc", "application/x-ole-storage"): ("doc", "xls", "ppt", "msg"),
    Kind("jpg", "image/jpeg"): ("jpg", "jpeg"),
    Kind("ogg", "audio/ogg"): ("ogg", "oga", "opus", "ogv"),
    Kind("webm", "video/webm"): ("webm", "mkv", "mka"),
    Kind("tiff", "image/tiff"): ("tif", "tiff"),
}
"""Endings that mean the same kind; the first replaces any other."""


_KINDS = (
    PDF, ZIP, TEXT, Kind("mp4", "video/mp4"), *(kind for _magic, kind in _BEGINS), *_RIFF.values(),
    *_BRANDS.values(), *(kind for _part, kind in _PARTS), *_DECLARED.values(),
)  # fmt: skip


def of_mime(mime: str) -> Kind | None:
    """Return the kind that another network states as a MIME type, or None if it is not accepted."""
    return next((kind for kind in _KINDS if kind.mime == mime), None)


def kind_of(data: bytes) -> Kind | None:
    """Return the kind of these bytes, or None for a program or an unknown format."""
    if data.startswith(_RUNS):
        return None
    if data.startswith(_ENTRY):
        return _packed(data)
    if b"%PDF-" in data[:1024]:
        return PDF
    for magic, kind in _BEGINS:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], Kind("mp4", "video/mp4"))
    return TEXT if _reads_as_text(data) else None


def _packed(data: bytes) -> Kind | None:
    """Return the kind of a zip file from its plain headers, without unpacking it."""
    if any(part in data for part in _PROGRAM_PARTS):
        return None
    if data[30:38] == b"mimetype":
        declared = next((d for d in sorted(_DECLARED, key=len, reverse=True)
                         if data[38:].startswith(d)), b"")  # fmt: skip
        return _DECLARED.get(declared, ZIP)
    if b"[Content_Types].xml" in data:
        return next((kind for part, kind in _PARTS if part in data), ZIP)
    return ZIP


def _reads_as_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text)
    return False


# --- checking -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looked:
    """A checked file: its kind, true size and keyed mark."""

    kind: Kind
    size: int
    mark: str


def look(data: bytes, *, key: bytes) -> Looked:
    """Check a file. Raises `UserError` for one that is not accepted.

    Equal files have equal marks (HMAC-SHA-256 with `key`). Without the key nobody can test whether
    a mark belongs to a file they know.
    """
    if not data:
        raise UserError(_("That file is empty."), _("Please send it again."))
    kind = kind_of(data)
    if kind is None:
        raise UserError(
            _("I don't keep this kind of file."),
            _("I keep documents, pictures, sound, video, text and zip files, but no programs."),
        )
    return Looked(kind, len(data), hmac.new(key, data, sha256).hexdigest())


def file_name(given: str, kind: Kind, otherwise: str) -> str:
    """Return a safe file name with the ending of its true kind.

    Path parts, drives, NUL and characters that reorder the text are removed.
    """
    last = re.split(r"[/\\:]", harmless(given))[-1]
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    known = _ENDINGS.get(kind, (kind.ending,))
    same = ending.casefold() in known
    clean = re.sub(r"[^\w\-. ()]+", "_", stem if same else last).strip(" ._")
    shown = ending.casefold() if same else known[0]
    return f"{clean[:MOST_NAME].strip(' ._') or otherwise}.{shown}"
