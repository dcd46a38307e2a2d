"""`!security` and `!sign-out`: a person's own devices, how to confirm them, how to sign one out."""

from __future__ import annotations

import re

from bot.api import (
    ADVICE_LINES,
    Answer,
    Context,
    ItemAccess,
    Line,
    Say,
    Sentence,
    _,
    help_rooms,
    n_,
    tells_of_lost_device,
    tells_only_of_lost_device,
    words,
)
from commands.rooms.declaration import YOURS, feature
from commands.rooms.identity_changes import unconfirmed_lines

MOST_SHOWN = 10
_DEVICE = (
    r"(?:cel(?:u|ular(?:es)?)?|movil|telefon[eo]s?|dispositivos?|aparelhos?|comp(?:u|utador[ae]?s?)"
    r"|notebook|laptop|tablet|(?:cell ?)?phones?|mobile|devices?|computers?)"
)
_OWN = (
    r"(?:mi|mis|mio|meus?|minhas?|my|otr[oa]s?|outr[oa]s?|other|viej[oa]|velh[oa]|antigu?[oa]|old"
    r"|perdid[oa]|lost|robad[oa]|roubad[oa]|stolen)"
)
"""What tells a person's own phone from one that is lent and borrowed here."""
_ACCOUNT = r"(?:cuentas?|contas?|accounts?)"
_READER = r"(?:a )?(?:(?:mi|my|o meu|meu|minha) \w{1,12}|him|her|them|el[ea]s?)"
_WHERE = rf"(?:{_DEVICE}|{_OWN}|{_ACCOUNT}|app|element|lados?|lugar(?:es)?|everything|everywhere)"
_ASKING = (
    r"[¿¡\s]{0,3}(?:(?:como|how|do|can|i|to|me|want|need|you|quiero|quisiera|necesito|puedo|puedes"
    r"|podes|hago|se|para|pra|quero|queria|preciso|posso|pode|faco|a|ayudame|help|ajuda)[\s,]{1,3}"
    r"){0,5}"
)
_SIGNING_OUT = (
    r"(?:"
    r"(?:(?:log|sign)[ -]?(?:(?:me|it|them|us) )?(?:out|off)"
    r"|(?:cerr|cierr|encerr|fech)\w{1,3}(?: (?:mis?|minhas?|la otra|las otras|a outra|as outras"
    r"|otras?|outras?|todas?(?: (?:las|mis|as|minhas))?)){0,2} (?:sesion(?:es)?|sess(?:ao|oes)))"
    rf"(?=[\s.!?]*$| [^\n]{{0,40}}\b{_WHERE}\b)"
    r"|desloga?\w{0,4}\b"
    r"|(?:cerr|cierr|encerr|fech)\w{1,3} (?:la|a) (?:sesion|sessao)"
    rf"(?= [^\n]{{0,40}}\b{_DEVICE}\b)"
    rf"|(?:remov|kick|boot|sac|saqu|quit|tir|bot)(?!\w*(?:ou|aron|aram|ed)\b)\w{{0,3}} {_READER}"
    rf" (?:off|out of|from|de|d[oa]) (?:(?:el|o) )?(?:{_OWN} ){{1,2}}(?:{_DEVICE}|{_ACCOUNT})\b"
    r"|end (?:my|all|the other)(?: other)? sessions?\b"
    rf"|(?:desconect|disconnect|desvincul)\w{{0,3}} (?:\w{{1,6}} ){{0,3}}{_DEVICE}\b"
    r"|(?:sair|saio|salir|salgo) d\w{1,4} (?:(?!grupo|sala|chat)\w{1,6} ){0,3}"
    rf"(?:{_DEVICE}|conta|cuenta)\b"
    r"|(?:quit|sac|tir|remov|kick|elimin|boot)(?!\w*(?:ou|aron|aram|ed)\b)\w{0,3}"
    rf" (?:(?:mi|minha|my) {_ACCOUNT} \w{{1,4}} )?(?=[^\n]{{0,40}}\b{_OWN}\b)"
    rf"(?:(?:el|la|los|o|a|os|the|{_OWN}) ){{1,4}}{_DEVICE}\b"
    r")(?![^\n]*\b(?:y|e|and) (?:me|nos|el|ell[ao]s?|el[ea]s?|he|she|they|us)\b)"
    r"[^,.;:!?\n]{0,60}[\s.!?]{0,5}"
)
"""How people say that a device of theirs is to be signed out: `log out my old phone`. Folded."""
_ACCOUNT_CLOSING = (
    r"(?:(?:como|how)[\s,]{1,3})?(?:cerr|cierr|encerr|fech|clos)\w{0,3}(?: do i)?"
    rf" (?:mi|minha|my|la|a) {_ACCOUNT}[^,.;:!?\n]{{0,40}}[\s.!?]{{0,5}}"
)
"""Which account is closed is clear only behind the news that a phone is gone."""
_WISHED = re.compile(_ASKING + _SIGNING_OUT)
_WISHED_BEHIND_A_LOSS = re.compile(
    rf"[^\n]{{0,139}}?[^\s,.;:][\s,.;:]{{1,3}}(?:{_SIGNING_OUT}|{_ACCOUNT_CLOSING})"
)
_NAMES_DEVICE = re.compile(rf"[^\n]{{0,60}}\b{_DEVICE}\b[^\n]{{0,60}}")
_OF_DEVICES = frozenset({"sign out", "security"})
feature.sentences += [
    Sentence(_WISHED, "sign out"),
    Sentence(
        _WISHED_BEHIND_A_LOSS,
        "sign out",
        is_told=True,
        only_if=tells_of_lost_device,
        instead_of=_OF_DEVICES,
    ),
    Sentence(
        _NAMES_DEVICE,
        "sign out",
        is_told=True,
        only_if=tells_only_of_lost_device,
        instead_of=_OF_DEVICES,
    ),
]


@feature.command(
    words(
        "seguridad",
        "segurança",
        "security",
        "mi celular, mi teléfono, mi dispositivo, mis dispositivos, mi otro dispositivo |"
        " meu celular, meu telefone, meu dispositivo, meus dispositivos, meu outro aparelho |"
        " my phone, my device, my devices, my other device",
    ),
    help=_("whether your devices are confirmed as yours, and what to tap"),
    example=_("For example: `!security`"),
    topic=YOURS,
    does=ItemAccess.READS,
)
async def security(ctx: Context) -> Answer:
    """Show the asker's devices and which are confirmed, always in private. Return the answer."""
    return _in_private(ctx, [*await _device_lines(ctx), *await unconfirmed_lines(ctx)])


@feature.command(
    words(
        "cerrar sesión", "encerrar sessão", "sign out", "desloguear | deslogar | log out, log off"
    ),
    help=_("how you sign out a device of yours, also one that was taken"),
    example=_("For example: `!sign out`"),
    topic=YOURS,
    does=ItemAccess.READS,
)
async def sign_out(ctx: Context) -> Answer:
    """Say how a person signs out a device, which only they can, always in private. Return the
    answer."""
    found = ctx.fetched.devices(ctx.who)
    known = (*found.signed, *found.unsigned)[:MOST_SHOWN]
    lines: list[Line] = [
        _("Only you can sign out a device. In Element: Settings, Sessions, choose it, Sign out."),
        _("In Element X: your picture, Manage devices. In FluffyChat: Settings, Devices."),
        _("Did somebody take it? Change your password there too. In danger: `panic`"),
    ]
    if known:
        lines.append(_("These are your devices: {devices}", devices=known))
    return _in_private(ctx, lines)


@feature.offers(ADVICE_LINES.of("lost device"))
async def lost_device_lines(_ctx: Context) -> list[Line]:
    """Return where somebody whose phone is gone reads how to shut it out."""
    return [_("To shut out whoever has your phone: `sign out`")]


def _in_private(ctx: Context, lines: list[Line]) -> Answer:
    """Return the lines, to the asker alone."""
    if ctx.is_private:
        return lines
    return [_("I wrote to you in private."), Say(tuple(lines), to=ctx.who, loud=True)]


async def _device_lines(ctx: Context) -> list[Line]:
    found = ctx.fetched.devices(ctx.who)
    if not found.signed and not found.unsigned:
        return [_("I see no device of yours that encrypts. Please write again in a while.")]
    lines = []
    if found.signed:
        lines.append(
            n_(
                "{count} device of yours is confirmed: {devices}",
                "{count} devices of yours are confirmed: {devices}",
                len(found.signed),
                devices=found.signed[:MOST_SHOWN],
            )
        )
    if not found.unsigned:
        return [*lines, _("All is well: there is nothing to do.")]
    await help_rooms.mark_told_of_device(ctx.db, ctx.who)
    return [
        *lines,
        n_(
            "{count} is not confirmed yet: {devices}. It can't read me, and I do nothing that it"
            " says.",
            "{count} are not confirmed yet: {devices}. They can't read me, and I do nothing that"
            " they say.",
            len(found.unsigned),
            devices=found.unsigned[:MOST_SHOWN],
        ),
        _("On that device, in Element X: your picture, Encryption, Confirm your identity."),
        _(
            "In Element: Settings, Security, Verify this session. In FluffyChat: Settings, Chat"
            " backup."
        ),
        _("One that you don't use any more: sign it out in your app. I notice when it is done."),
    ]
