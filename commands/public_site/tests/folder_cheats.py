"""Ways to cheat with a folder of the site, for both who check it: the tool and the page.

Each changes a folder that has seven entries in its log, and is named in Spanish.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable

from bot.signing.signer import Signer
from bot.testing.talk import SIGNER
from bot.types import UserId
from commands.public_site.log.entries import LogEnd as End
from commands.public_site.log.entries import SiteEntry, SiteHead, make_head
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import WrittenSite

STRANGER = Signer.from_seed(UserId("@minga:test"), b"x" * 32, lambda named: named)
Cheat = Callable[[WrittenSite], object]


def log_lines(site: WrittenSite) -> list[str]:
    return (site.folder / "log/000001.jsonl").read_text(encoding="utf-8").splitlines()


def write_log(site: WrittenSite, lines: list[str]) -> None:
    (site.folder / "log/000001.jsonl").write_text(
        "".join(f"{line}\n" for line in lines), encoding="utf-8"
    )


def change_file(site: WrittenSite) -> None:
    page = site.folder / "es/decision-1.html"
    page.write_text(page.read_text(encoding="utf-8").replace("82%", "28%"), encoding="utf-8")


def add_file(site: WrittenSite) -> None:
    (site.folder / "es/decision-99.html").write_text("Decidimos otra cosa.", encoding="utf-8")


def hide_file(site: WrittenSite) -> None:
    (site.folder / "es/.hidden").write_text("x", encoding="utf-8")


def remove_file(site: WrittenSite) -> None:
    (site.folder / "record/6.json").unlink()


def remove_entry(site: WrittenSite) -> None:
    lines = log_lines(site)
    write_log(site, [*lines[:3], *lines[4:]])


def swap_entries(site: WrittenSite) -> None:
    first, second, third, *rest = log_lines(site)
    write_log(site, [first, third, second, *rest])


def change_entry(site: WrittenSite) -> None:
    lines = log_lines(site)
    lines[2] = lines[2].replace('"kind":"decision"', '"kind":"event"')
    write_log(site, lines)


def sign_anew(site: WrittenSite, signer: Signer = STRANGER) -> None:
    """Write the whole log anew without its fourth entry, with another key."""
    end, lines = End(), []
    for line in log_lines(site):
        entry = SiteEntry.model_validate_json(line)
        if entry.seq != 4:
            made = entry.model_copy(update={"seq": end.seq + 1, "previous": end.hash}).sign(signer)
            end = End(made.seq, made.hash)
            lines.append(made.to_json())
    write_log(site, lines)
    head = make_head(end, site.at, signer)
    (site.folder / "head.json").write_text(head.to_json(), encoding="utf-8")


def sign_with_borrowed_certificate(site: WrittenSite) -> None:
    sign_anew(site)
    head = SiteHead.model_validate_json((site.folder / "head.json").read_text(encoding="utf-8"))
    made = head.model_copy(update={"certificate": dict(SIGNER.certificate)}).sign(STRANGER)
    (site.folder / "head.json").write_text(made.to_json(), encoding="utf-8")


def sign_entry_with_other_key(site: WrittenSite) -> None:
    lines = log_lines(site)
    lines[2] = SiteEntry.model_validate_json(lines[2]).sign(STRANGER).to_json()
    write_log(site, lines)


def signed_by_the_bot(site: WrittenSite, **changes: object) -> None:
    """Put another third entry there that the bot signed too, as after a copy was restored."""
    lines = log_lines(site)
    entry = SiteEntry.model_validate_json(lines[2])
    lines[2] = entry.model_copy(update=changes).sign(SIGNER).to_json()
    write_log(site, lines)


def take_entry_of_another_past(site: WrittenSite) -> None:
    signed_by_the_bot(site, previous="ab" * 32)


def take_entry_that_says_otherwise(site: WrittenSite) -> None:
    signed_by_the_bot(site, changes=())


def turn_time_back(site: WrittenSite) -> None:
    signed_by_the_bot(site, at=world.BEGIN)


def cut_log(site: WrittenSite) -> None:
    write_log(site, log_lines(site)[:-1])


def cut_line(site: WrittenSite) -> None:
    log = site.folder / "log/000001.jsonl"
    log.write_bytes(log.read_bytes()[:-40])


def remove_log(site: WrittenSite) -> None:
    shutil.rmtree(site.folder / "log")


def add_segment(site: WrittenSite) -> None:
    shutil.copy(site.folder / "log/000001.jsonl", site.folder / "log/000007.jsonl")


def remove_head(site: WrittenSite) -> None:
    (site.folder / "head.json").unlink()


def change_head(site: WrittenSite) -> None:
    head = site.folder / "head.json"
    head.write_text(head.read_text(encoding="utf-8").replace('"seq":', '"seq":1'), encoding="utf-8")


def deepen_head(site: WrittenSite) -> None:
    (site.folder / "head.json").write_text("[" * 60_000, encoding="utf-8")


def deepen_certificate(site: WrittenSite) -> None:
    """Nest as deep as the file may be."""
    head = json.loads((site.folder / "head.json").read_text(encoding="utf-8"))
    whole = json.dumps(head).replace('"usage":', '"deep": ' + "[" * 150 + "]" * 150 + ', "usage":')
    (site.folder / "head.json").write_text(whole, encoding="utf-8")


def untrue_certificate(site: WrittenSite) -> None:
    head = json.loads((site.folder / "head.json").read_text(encoding="utf-8"))
    head["certificate"]["usage"] = True
    (site.folder / "head.json").write_text(json.dumps(head), encoding="utf-8")


def link_file(site: WrittenSite) -> None:
    page = site.folder / "es/decision-1.html"
    moved = site.folder.parent / "elsewhere.html"
    page.rename(moved)
    page.symlink_to(moved)


def link_folder(site: WrittenSite) -> None:
    folder = site.folder / "record"
    moved = site.folder.parent / "elsewhere"
    folder.rename(moved)
    folder.symlink_to(moved)


def link_log(site: WrittenSite) -> None:
    log = site.folder / "log/000001.jsonl"
    moved = site.folder.parent / "elsewhere.jsonl"
    log.rename(moved)
    log.symlink_to(moved)


def pipe_in_place_of_file(site: WrittenSite) -> None:
    (site.folder / "es/decision-1.html").unlink()
    os.mkfifo(site.folder / "es/decision-1.html")


def pipe_in_place_of_head(site: WrittenSite) -> None:
    (site.folder / "head.json").unlink()
    os.mkfifo(site.folder / "head.json")


def huge_file(site: WrittenSite) -> None:
    with (site.folder / "es/decision-1.html").open("r+b") as file:
        file.truncate(2**30)


def huge_line(site: WrittenSite) -> None:
    with (site.folder / "log/000001.jsonl").open("ab") as file:
        file.write(b"{" * 300_000 + b"\n")


def path_outside(site: WrittenSite) -> None:
    _add_entry(site, {"es/../../outside.html": "0" * 64})


def path_of_log(site: WrittenSite) -> None:
    _add_entry(site, {"log/000001.jsonl": "0" * 64})


def _add_entry(site: WrittenSite, files: dict[str, str]) -> None:
    """Let the bot itself sign an entry that names these files."""
    made = SiteEntry(seq=site.end.seq + 1, at=site.at, previous=site.end.hash, files=files).sign(
        SIGNER
    )
    write_log(site, [*log_lines(site), made.to_json()])
    head = make_head(End(made.seq, made.hash), site.at, SIGNER)
    (site.folder / "head.json").write_text(head.to_json(), encoding="utf-8")


def nest_certificate(site: WrittenSite) -> None:
    """Nest deeper than any parser of ours goes."""
    head = json.loads((site.folder / "head.json").read_text(encoding="utf-8"))
    whole = json.dumps(head).replace(
        '"usage":', '"deep": ' + "[" * 30_000 + "]" * 30_000 + ', "usage":'
    )
    (site.folder / "head.json").write_text(whole, encoding="utf-8")


def head_with_mark(site: WrittenSite) -> None:
    """Begin with a byte order mark, which JSON doesn't have."""
    head = site.folder / "head.json"
    head.write_bytes(b"\xef\xbb\xbf" + head.read_bytes())


def letters_that_are_none(site: WrittenSite) -> None:
    log = site.folder / "log/000001.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"decision"', b'"decisi\xf6n"', 1))


CHEATS: list[tuple[Cheat, str]] = [
    (change_file, "es/decision-1.html cambió: no es lo que dice el registro."),
    (add_file, "es/decision-99.html se agregó: el registro no lo conoce."),
    (hide_file, "es/.hidden se agregó: el registro no lo conoce."),
    (remove_file, "Falta record/6.json."),
    (remove_entry, "Donde va la entrada 4 está la 5."),
    (swap_entries, "Donde va la entrada 2 está la 3."),
    (change_entry, "La entrada 3 no está firmada con la clave de head.json."),
    (sign_anew, "la identidad de ningún bot responde por su clave."),
    (sign_with_borrowed_certificate, "la identidad de ningún bot responde por su clave."),
    (sign_entry_with_other_key, "La entrada 3 no está firmada con la clave de head.json."),
    (take_entry_of_another_past, "La entrada 3 no sigue a la anterior."),
    (take_entry_that_says_otherwise, "La entrada 4 no sigue a la anterior."),
    (turn_time_back, "La entrada 3 no sigue a la anterior."),
    (cut_log, "El registro termina en la entrada 6, pero head.json nombra la 7."),
    (cut_line, "El registro está cortado o pegado en la entrada 7."),
    (remove_log, "El registro termina en la entrada 0, pero head.json nombra la 7."),
    (add_segment, "log/000007.jsonl no es lo que sigue en el registro."),
    (remove_head, "No se puede leer head.json, o no es mío."),
    (change_head, "head.json: su firma no corresponde."),
    (deepen_head, "No se puede leer head.json, o no es mío."),
    (deepen_certificate, "head.json"),
    (untrue_certificate, "No se puede leer head.json, o no es mío."),
    (nest_certificate, "No se puede leer head.json, o no es mío."),
    (head_with_mark, "No se puede leer head.json, o no es mío."),
    (letters_that_are_none, "No se puede leer la entrada 1 del registro."),
    (link_file, "es/decision-1.html es un enlace o no es un archivo: no se leyó."),
    (link_folder, "record es un enlace o no es un archivo: no se leyó."),
    (link_log, "No se puede leer log/000001.jsonl."),
    (pipe_in_place_of_file, "es/decision-1.html es un enlace o no es un archivo: no se leyó."),
    (pipe_in_place_of_head, "No se puede leer head.json, o no es mío."),
    (huge_file, "No se puede leer es/decision-1.html, o es demasiado grande."),
    (huge_line, "El registro está cortado o pegado en la entrada 8."),
    (path_outside, "La entrada 8 nombra una ruta que ningún sitio tiene."),
    (path_of_log, "La entrada 8 nombra una ruta que ningún sitio tiene."),
]


async def grow(site: WrittenSite, count: int = 6) -> None:
    """Publish more, each in an entry of its own."""
    for n in range(count):
        await site.write([site.reader.publish(world.decision(20 + n))])
