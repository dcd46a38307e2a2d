"""Find the setting and the value that were typed; suggest the nearest name where there is none."""

from __future__ import annotations

import re
from typing import Annotated

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    Context,
    Line,
    MissingArgument,
    Setting,
    SubCommands,
    UnfitValue,
    UserError,
    _,
    fold,
    words,
)

COPY_WORDS = words("copiar", "copiar", "copy", "copia")
AREA_WORDS = words("área", "área", "area", "áreas | áreas | areas")
TEMPLATE_WORDS = words("plantilla", "modelo", "template", "plantillas | modelos | templates")
EXPORT_WORDS = words("exportar", "exportar", "export", "descargar | baixar | download")
ALL_WORDS = words("todo", "tudo", "all", "todos, lista, ver todo | todos, lista, ver tudo | list")
IMPORT_WORDS = words("importar", "importar", "import", "cargar | carregar | load")
CONFIG = SubCommands()
"""What is done with many settings or rooms. No setting has such a name."""
MOST_TYPOS = 2
"""How many letters may differ in a suggested name."""
LONGEST_REASON = 200
_REASON = re.compile(
    r"\s(?:raz[oó]n|motivo|raz[aã]o|reason|porque|because)\s*:\s*(.+)$", re.I | re.S
)


def expected_values(setting: Setting) -> Line | None:
    """Return the words that say which values a setting takes."""
    try:
        setting.kind.read("")
    except UnfitValue as unfit:
        return unfit.expected
    return None


async def find_reason(_ctx: Context, text: str) -> tuple[str, str]:
    """Return the text before `reason:`, and the reason for the log behind it, or an empty one."""
    match = _REASON.search(text)
    if match is None:
        return "", text
    return " ".join(match[1].split()).strip('" ')[:LONGEST_REASON], text[: match.start()]


async def find_setting(ctx: Context, text: str) -> tuple[Setting, str]:
    """Return the setting whose name or list number begins the text, and the value behind it.

    Raises `UserError`, and `MissingArgument` without text.
    """
    if not text.strip():
        raise MissingArgument("name", _("the name"))
    name, colon, value = text.partition(":")
    if colon and (setting := ctx.registry.setting_named(strip_quotes(name))) is not None:
        return setting, strip_quotes(value)
    parts = text.split()
    first = parts[0].strip('"').rstrip(":.)")
    every = ctx.registry.settings
    if first.isdecimal() and len(first) < 4 and 1 <= int(first) <= len(every):
        return every[int(first) - 1], strip_quotes(" ".join(parts[1:]))
    for count in range(min(len(parts), 5), 0, -1):
        setting = ctx.registry.setting_named(strip_quotes(" ".join(parts[:count]).rstrip(":")))
        if setting is not None:
            return setting, strip_quotes(" ".join(parts[count:]))
    raise UserError(*unknown_setting_lines(ctx, first))


Reason = Annotated[str, find_reason]


def strip_quotes(text: str) -> str:
    """Return a text without spaces and straight double quotes around it."""
    return text.strip().strip('"').strip()


def unknown_setting_lines(ctx: Context, typed: str) -> list[Line]:
    """Return lines that say that there is no such setting, with the nearest name."""
    lines = [_("There is no setting “{name}”. All there are: `!config all`", name=typed[:40])]
    near = process.extractOne(
        re.sub(r"[\s\-_]", "", fold(typed)),
        ctx.registry.setting_names(),
        scorer=DamerauLevenshtein.distance,
        score_cutoff=MOST_TYPOS if len(typed) > 5 else 1,
    )
    setting = ctx.registry.setting_named(near[0]) if near else None
    behind = CONFIG.nearest(typed)
    name = setting.name if setting else behind.name if behind else None
    if name is not None:
        lines.insert(
            0,
            _(
                "I didn't understand “{typed}”. Is it `!config {name}`?",
                typed=typed[:40],
                name=name,
            ),
        )
    return lines


def unfit_value_lines(setting: Setting, typed: str, unfit: UnfitValue) -> list[Line]:
    """Return lines that say why a value does not fit a setting, and the nearest one that would."""
    name = setting.name
    lines = [
        _(
            "I didn't understand “{typed}” for `{name}`. What fits: {expected}",
            typed=typed[:40],
            name=name,
            expected=unfit.expected,
        )
    ]
    if unfit.nearest:
        lines.append(_("The nearest: `!config {name} {value}`", name=name, value=unfit.nearest))
    return lines
