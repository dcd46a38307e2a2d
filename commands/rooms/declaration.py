"""Declaration of the rooms feature: its topic and settings, and how a setting's value is found."""

from __future__ import annotations

from pathlib import Path

from bot.api import (
    ACKNOWLEDGEMENTS,
    Context,
    Feature,
    Language,
    Line,
    Prefix,
    RequiredPower,
    RoomId,
    Setting,
    Switch,
    TimeOfDay,
    Topic,
    Zone,
    _,
    outsiders,
    settings,
    verbatim,
    words,
)

feature = Feature("rooms", Path(__file__).parent)

CARE_OPENED_JOB = feature.job("care_opened")
IDENTITY_JOB = feature.job("identity")
SET_UP_JOB = feature.job("set_up")

ROOMS = Topic(
    "rooms",
    words("ajustes", "configurações", "settings", "salas | salas, configuração | rooms"),
    _("Rooms and settings"),
)
YOURS = Topic(
    "rights",
    words(
        "mis datos",
        "meus dados",
        "my data",
        "derechos, mis derechos | direitos, meus direitos | rights, my rights",
    ),
    _("What is yours"),
)
"""The same subject as that of a person's data, and there without it."""
PAGE_LINES = 10
"""Lines of a list that fit on a phone's screen with their help."""

MODERATION = Setting(
    "moderation",
    words("moderación", "moderação", "moderation"),
    Switch(),
    "no",
    _("This is the moderators' room: alarms and requests of the whole network come here."),
    single=True,
)
UNSIGNED_DEVICES = Setting(
    "unsigned",
    words("dispositivos-sin-firma", "dispositivos-sem-assinatura", "unsigned-devices"),
    Switch(),
    "no",
    _("Obey devices that nobody confirmed as theirs: a server could pretend to be someone."),
)

feature.powers += [
    RequiredPower("say", _("I am silent here, and nothing of mine works.")),
    RequiredPower("redact", _("what is secret and typed here by mistake stays to be read.")),
]
feature.settings += [
    Setting(
        "language",
        words("idioma", "idioma", "language"),
        Language(),
        "",
        _("The language I speak in this room."),
    ),
    Setting(
        "timezone",
        words("zona", "fuso", "timezone"),
        Zone(),
        "",
        _("Where this room's clock stands."),
    ),
    Setting(
        "prefix",
        words("prefijo", "prefixo", "prefix"),
        Prefix(),
        "!",
        _("The sign that commands begin with."),
    ),
    Setting(
        "twelve",
        words("doce-horas", "doze-horas", "twelve-hours", "12h"),
        Switch(),
        "no",
        _("Show times with 12 hours too."),
    ),
    Setting(
        "daily",
        words("resumen-diario", "resumo-diário", "daily-digest"),
        TimeOfDay(),
        "",
        _("Say what can wait once a day, at this hour; answers and what is urgent come at once."),
    ),
    ACKNOWLEDGEMENTS,
    outsiders.BRIDGED_PEOPLE,
    UNSIGNED_DEVICES,
    MODERATION,
]


def setting_room(setting: Setting, room: RoomId) -> RoomId:
    """Return the room under which a setting's value is stored, or the key for the whole network."""
    return settings.NETWORK if setting.network else room


async def stored_value(ctx: Context, setting: Setting, room: RoomId | None = None) -> str | None:
    """Return a setting's stored value, or None if nobody chose one."""
    values = await settings.settings_of(ctx.db, setting_room(setting, room or ctx.target_room.room))
    return values.get(setting.key)


def effective_value(ctx: Context, setting: Setting, value: str | None) -> str:
    """Return a setting's value in force: the stored one, or the default."""
    usual = {"language": ctx.defaults.language, "timezone": ctx.defaults.zone}
    if value is not None:
        return value
    return setting.default or usual.get(setting.key, "")


def show_value(ctx: Context, setting: Setting, value: str | None) -> Line:
    """Return a setting's value in force, formatted for people."""
    holds = effective_value(ctx, setting, value)
    return setting.kind.show(holds) if holds else verbatim("–")
