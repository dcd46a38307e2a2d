"""Recognise files by their first bytes, since name and type are chosen by the sender.

Nothing is opened, unpacked or decoded. The list is short on purpose: a library would know thousands
of formats, and an unknown one is not saved.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from bot.api import UserError, _, strip_hidden

LONGEST_NAME = 60
"""How many characters of a file's name are shown."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the ending of its name and its MIME type."""

    ending: str
    mime: str


PDF = FileKind("pdf", "application/pdf")
ZIP = FileKind("zip", "application/zip")
TEXT = FileKind("txt", "text/plain")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", FileKind("png", "image/png")),
    (b"\xff\xd8\xff", FileKind("jpg", "image/jpeg")),
    (b"GIF87a", FileKind("gif", "image/gif")),
    (b"GIF89a", FileKind("gif", "image/gif")),
    (b"II*\x00", FileKind("tiff", "image/tiff")),
    (b"MM\x00*", FileKind("tiff", "image/tiff")),
    (b"OggS", FileKind("ogg", "audio/ogg")),
    (b"ID3", FileKind("mp3", "audio/mpeg")),
    (b"\xff\xfb", FileKind("mp3", "audio/mpeg")),
    (b"\xff\xf3", FileKind("mp3", "audio/mpeg")),
    (b"fLaC", FileKind("flac", "audio/flac")),
    (b"#!AMR", FileKind("amr", "audio/amr")),
    (b"\x1aE\xdf\xa3", FileKind("webm", "video/webm")),
    (b"{\\rtf", FileKind("rtf", "application/rtf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind("doc", "application/x-ole-storage")),
)
_RIFF = {
    b"WEBP": FileKind("webp", "image/webp"),
    b"WAVE": FileKind("wav", "audio/wav"),
    b"AVI ": FileKind("avi", "video/x-msvideo"),
}
_BRANDS = {
    b"heic": FileKind("heic", "image/heic"),
    b"heix": FileKind("heic", "image/heic"),
    b"mif1": FileKind("heic", "image/heic"),
    b"avif": FileKind("avif", "image/avif"),
    b"M4A ": FileKind("m4a", "audio/mp4"),
    b"qt  ": FileKind("mov", "video/quicktime"),
}
_PARTS = (
    (b"word/", FileKind("docx", f"{_OFFICE}.wordprocessingml.document")),
    (b"xl/", FileKind("xlsx", f"{_OFFICE}.spreadsheetml.sheet")),
    (b"ppt/", FileKind("pptx", f"{_OFFICE}.presentationml.presentation")),
)
_DECLARED = {
    b"application/epub+zip": FileKind("epub", "application/epub+zip"),
    f"{_ODF}.text".encode(): FileKind("odt", f"{_ODF}.text"),
    f"{_ODF}.spreadsheet".encode(): FileKind("ods", f"{_ODF}.spreadsheet"),
    f"{_ODF}.presentation".encode(): FileKind("odp", f"{_ODF}.presentation"),
}
_PROGRAM_MAGIC = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!/",
)
"""The first bytes of programs for Windows, Linux and macOS, and of scripts. These are refused."""
_PROGRAM_PARTS = (b"classes.dex", b"AndroidManifest.xml", b"META-INF/MANIFEST.MF")
_ENTRY = b"PK\x03\x04"
_ENDINGS = {
    TEXT: ("txt", "csv", "tsv", "md", "json", "ics", "vcf", "srt", "xml", "gpx", "geojson"),
    FileKind("doc", "application/x-ole-storage"): ("doc", "xls", "ppt", "msg"),
    FileKind("jpg", "image/jpeg"): ("jpg", "jpeg"),
    FileKind("ogg", "audio/ogg"): ("ogg", "oga", "opus", "ogv"),
    FileKind("webm", "video/webm"): ("webm", "mkv", "mka"),
    FileKind("tiff", "image/tiff"): ("tif", "tiff"),
}
"""Endings that mean the same kind; the first replaces any other."""


_KINDS = (
    PDF,
    ZIP,
    TEXT,
    FileKind("mp4", "video/mp4"),
    *(kind for _magic, kind in _MAGIC),
    *_RIFF.values(),
    *_BRANDS.values(),
    *(kind for _part, kind in _PARTS),
    *_DECLARED.values(),
)


def kind_of_mime(mime: str) -> FileKind | None:
    """Return the kind of file that another network's MIME type names, or None if it is not
    accepted."""
    return next((kind for kind in _KINDS if kind.mime == mime), None)


def kind_of(data: bytes) -> FileKind | None:
    """Return the kind of file that these bytes are, or None for a program or an unknown format."""
    if data.startswith(_PROGRAM_MAGIC):
        return None
    if data.startswith(_ENTRY):
        return _kind_of_zip(data)
    if b"%PDF-" in data[:1024]:
        return PDF
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], FileKind("mp4", "video/mp4"))
    return TEXT if _is_text(data) else None


def _kind_of_zip(data: bytes) -> FileKind | None:
    """Return the kind of a zip file from its plain headers, without unpacking it."""
    if any(part in data for part in _PROGRAM_PARTS):
        return None
    if data[30:38] == b"mimetype":
        declared = next(
            (d for d in sorted(_DECLARED, key=len, reverse=True) if data[38:].startswith(d)), b""
        )
        return _DECLARED.get(declared, ZIP)
    if b"[Content_Types].xml" in data:
        return next((kind for part, kind in _PARTS if part in data), ZIP)
    return ZIP


def _is_text(data: bytes) -> bool:
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
class CheckedFile:
    """A checked file: its kind, true size and keyed mark."""

    kind: FileKind
    size: int
    mark: str


def check_file(data: bytes, *, key: bytes) -> CheckedFile:
    """Return the checked facts of a file: its kind, name and mark. Raises `UserError` for one that
    is not accepted.

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
    return CheckedFile(kind, len(data), hmac.new(key, data, sha256).hexdigest())


def safe_file_name(given: str, kind: FileKind) -> str:
    """Return a file name made safe, or `file`, with the ending of the file's true kind.

    Path parts, drives, NUL and characters that reorder the text are removed.
    """
    last = re.split(r"[/\\:]", strip_hidden(given))[-1]
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    known = _ENDINGS.get(kind, (kind.ending,))
    same = ending.casefold() in known
    clean = re.sub(r"[^\w\-. ()]+", "_", stem if same else last).strip(" ._")
    shown = ending.casefold() if same else known[0]
    return f"{clean[:LONGEST_NAME].strip(' ._') or 'file'}.{shown}"
