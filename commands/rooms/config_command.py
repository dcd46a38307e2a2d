"""`!config`: list a room's settings, explain one, or change it."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Line,
    NamedPage,
    Rest,
    Sentence,
    Setting,
    UnfitValue,
    UserError,
    _,
    carry_out,
    fold,
    words,
)
from commands.rooms import set_up, setting_copy, setting_lists, settings_file, templates
from commands.rooms.declaration import (
    ROOMS,
    effective_value,
    feature,
    show_value,
    stored_value,
)
from commands.rooms.setting_changes import affected_lines, require_may_set
from commands.rooms.setting_names import (
    ALL_WORDS,
    AREA_WORDS,
    CONFIG,
    COPY_WORDS,
    EXPORT_WORDS,
    IMPORT_WORDS,
    TEMPLATE_WORDS,
    Reason,
    expected_values,
    find_setting,
    unfit_value_lines,
)

for _name, _help, _run in (
    (COPY_WORDS, _("take over what another room has set"), setting_copy.copy_settings),
    (AREA_WORDS, _("set something in all rooms of an area"), setting_copy.set_in_area),
    (TEMPLATE_WORDS, _("see the templates, or use one"), templates.use_template),
    (EXPORT_WORDS, _("get what is set here as a file"), settings_file.export_settings),
    (IMPORT_WORDS, _("set what a file says"), settings_file.import_settings),
    (set_up.SET_UP_WORDS, _("set the room up in five questions, in private"), set_up.begin_set_up),
    (ALL_WORDS, _("all that can be set, by subject"), setting_lists.list_all),
):
    CONFIG.sub(_name, help=_help)(_run)


feature.stands_for(
    words(
        "el idioma de la sala",
        "o idioma da sala",
        "the room's language",
        "cambia el idioma a, pon el idioma en, pon el idioma, cambia el idioma"
        " | muda o idioma para, muda o idioma pra, coloca o idioma em, muda o idioma"
        " | set the language to, change the language to, set language to, set the language",
    ),
    "config language",
)
feature.stands_for(
    words(
        "nuestra zona es",
        "nosso fuso é",
        "our timezone is",
        "nuestra zona horaria es, pon la zona, pon la hora de, cambia la zona a, estamos en la zona"
        " | nosso fuso horário é, muda o fuso para, muda o fuso pra, coloca o fuso"
        " | our time zone is, set the timezone to, set the time zone to, change the timezone to,"
        " we are in the timezone",
    ),
    "config timezone",
)
_ROOM = (
    r"(?:(?:en |de |n|d)?(?:la|esta|a|a nossa|nuestra) sala|(?:in |of |for )?(?:the|this|our) room)"
)
_HERE = rf"(?: {_ROOM}| (?:desde )?(?:aca|aqui)| daqui| from here)"
_SET_UP = r"(?:(?:configur|prepar)(?:a|ar|e|emos|amos)|set up)"
_KIND = "|".join(sorted({fold(name) for one in templates.TEMPLATES for name in one.name}))
_FOR_A_KIND = re.compile(
    rf"(?:{_SET_UP} {_ROOM}|que (?:{_ROOM} )?(?:sea|seja)) (?:(?:para|pra|for|de) )?"
    rf"(?:(?:una?|uma|an?) )?({_KIND})[\s.!]*"
)
_WHAT_IS_SET = re.compile(
    rf"(?:{_SET_UP} {_ROOM}"
    rf"|(?:o )?que (?:se )?(?:puedo|puede|podemos|posso|da para|da pra) configurar{_HERE}*"
    rf"|what can (?:i|we|be) (?:set up|set|configured?|change){_HERE}+"
    r"|(?:que(?: cosas)?|o que|what(?: is|'?s)?) "
    r"(?:tienes |esta |voce tem |do you have |turned |switched )?"
    rf"(?:(?:prendi|activa|encendi|liga|ativa)d[ao]s?|on|set) {_ROOM})[\s.!?]*"
)
feature.sentences += [
    Sentence(_FOR_A_KIND, "config template {}"),
    Sentence(_WHAT_IS_SET, "config"),
]


@feature.command(
    words(
        "configurar",
        "configurar",
        "config",
        "ajustes, configuración, opciones | "
        "ajustes, configurações, configuração, opções | "
        "settings, configuration, options",
    ),
    help=_("what this room has set, and changing it"),
    example=_("For example: `!config` or `!config language en`"),
    topic=ROOMS,
    where=CommandPlace.ROOM,
    subs=CONFIG,
)
async def configure(
    ctx: Context,
    why: Reason,
    page: NamedPage = None,
    setting: Annotated[Setting | None, find_setting] = None,
    *,
    value: Rest = NOTHING,
) -> Answer:
    """List the settings, explain one, or preview and make a change. Return the answer."""
    if setting is None:
        return await (setting_lists.list_page(ctx, page) if page else setting_lists.list_first(ctx))
    if not value:
        return await _explain_setting(ctx, setting)
    return await _change_setting(ctx, setting, value, why)


async def _explain_setting(ctx: Context, setting: Setting) -> Answer:
    value = show_value(ctx, setting, await stored_value(ctx, setting))
    lines = [_("`{name}`: {value}. {help}", name=setting.name, value=value, help=setting.help)]
    expected = expected_values(setting)
    if expected:
        lines.append(_("What fits: {expected}", expected=expected))
    lines.append(_("To change it: `!config {name}` and the value.", name=setting.name))
    return lines


async def _change_setting(ctx: Context, setting: Setting, typed: str, why: str) -> Answer:
    await require_may_set(ctx, setting)
    try:
        after = setting.kind.read(typed)
    except UnfitValue as no:
        raise UserError(*unfit_value_lines(setting, typed, no)) from None
    before = await stored_value(ctx, setting)
    if after == effective_value(ctx, setting, before):
        value = show_value(ctx, setting, after)
        return _("It is so already: {name}: {value}.", name=setting.name, value=value)
    ctx.confirm(*await _preview(ctx, setting, before, after))
    what = _("{name}: {value}", name=setting.name, value=show_value(ctx, setting, after))
    payload = {"key": setting.key, "value": after, "why": why}
    return await carry_out(
        ctx, ActRequest("set", ctx.target_room.room, what, payload, of=setting.key)
    )


async def _preview(
    ctx: Context, setting: Setting, before: str | None, after: str
) -> tuple[Line, ...]:
    """Show the value before and after, where it holds, and what it affects."""
    lines = [
        _(
            "{name}: before, {before} → after, {after}.",
            name=setting.name,
            before=show_value(ctx, setting, before),
            after=show_value(ctx, setting, after),
        ),
        setting.help,
        _("It holds for the whole network.") if setting.network else _("It holds in this room."),
    ]
    return (*lines, *await affected_lines(ctx, setting, after))
