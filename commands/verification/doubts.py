"""What somebody who doubts that the bot is the bot is told: `¿eres tú de verdad?`, a red shield."""

from __future__ import annotations

import re

from bot.api import Context, Line, _, fingerprint, fold

MOST_WORDS = 14
_VOCE = "(?:voce|vc|ce)"
_WHAT = (
    "(?:tu|vos|usted|ud|voce|vc|you|u|minga|bots?|robots?|robo|fals[oa]|fake|legit|verdader[oa]|real"
    "|realmente|mesmo|msm|human[oa]?|policias?|police|person[ae]?|pessoa)"
)
_BETWEEN = (
    "(?:(?:el|la|un|una|o|a|um|uma|the|an|de verdad|en serio|really|realmente|mesmo|real|actual"
    "|verdadero) )*"
)
_SIGN = "(?:escud\\w*|shi?ei?lds?|candado|cadeado|(?:pad)?lock|triangulo|triangle|icono?|icone)"
_COLOUR = "(?:roj[oa]|gris|vermelh[oa]|cinza|red|gr[ea]y)"
_SHIELD = re.compile(
    "|".join(
        (
            rf"\b{_SIGN} (?:\w+ ){{0,3}}?{_COLOUR}\b",
            rf"\b{_COLOUR} {_SIGN}\b",
            r"\b(?:no|not|nao|nunca) (?:\w+ ){0,2}?(?:verificad[oa]|verified)\b|\bunverified\b",
            r"\bidentidade?\b.*\b(?:cambio|mudou)\b|\bidentity\b.*\bchanged\b",
        )
    )
)
"""An app draws a shield at messages, or says in words, that it can't be sure whose they are."""
_DOUBT = re.compile(
    "|".join(
        (
            rf"\b(?:h?eres|sos) {_BETWEEN}{_WHAT}\b",
            r"\b(?:de verdad|en serio|realmente) (?:h?eres|sos)\b",
            r"\b(?:h?eres|sos) (?:\w+ )?(?:de verdad|en serio)\b",
            (
                r"\bcomo (?:yo |eu |puedo |posso |vou )?(?:se|sei|saber|sabemos|sabe) (?:yo )?"
                rf"(?:que|q|si|se) (?:no |nao )?(?:h?eres|sos|es|e|eh|{_VOCE})\b"
            ),
            rf"\b(?:e|eh) (?:mesmo |realmente )?{_VOCE}(?: mesmo| msm| de verdade)?$",
            rf"\b{_VOCE} (?:e|eh) {_BETWEEN}{_WHAT}\b",
            rf"\b(?:are|r) (?:you|u) {_BETWEEN}{_WHAT}\b",
            r"\b(?:is (?:it|this|that)|its|this is) (?:really|actually|truly) (?:you|u|the bot)\b",
            r"\bis (?:it|this) (?:you|u)$",
            (
                r"\bhow (?:do|can|would|should|will) (?:i|we) (?:know|tell|be sure)"
                r" (?:that |if |whether )*(?:it|its|this|youre|you|u)\b"
            ),
            r"\b[hj]a[ckq]+u?[ei]a(?:ron|ram|d[oa])\b|\b(?:you|u|bot) (?:been |get |got )?hacked\b",
            rf"\bconfi(?:ar|o) e[nm] (?:ti|vos|esto|usted|este bot|isso|{_VOCE})\b",
            r"\btrust (?:you|u|this bot)\b",
        )
    )
)
_OWNERS_ONLY = (
    r"(?:contra ?sena\w*|contra ?senia\w*|clave (?:de (?:recuperacion|seguridad)|secreta)|mi clave"
    r"|minha (?:senha|chave)|a? ?senha|chave de (?:recuperacao|seguranca)|pass ?words?|passphrase"
    r"|(?:recovery|security) (?:key|code|phrase)|codigo de (?:recuperacion|seguridad|verificacion"
    r"|recuperacao|seguranca|verificacao)|verification code)"
)
_ASKING = (
    r"(?:pid\w+|ped\w+|exig\w+|quier[ea]n?|necesitas|quieres|queres|precisas?|quer(?:em)?|necesitan?|solicit\w+|preguntan?"
    r"|ask(?:s|ed|ing)?|wants?|wanted|needs?|demand\w*|request\w*)"
)
_GIVING = (
    r"(?:te|le|les|se) (?:doy|di|mando|mande|paso|pase|tengo que dar|la di|la mande|la pase|lo di)"
    r"|(?:dei|passei|mandei|dou|passo|mando)|(?:i )?(?:gave|give|sent|told)|debo dar\w*|devo dar"
)
_ELSEWHERE = re.compile(r"\b(?:wi ?fi|zoom|jitsi|meet|sala|reunion|reuniao|meeting|internet)\b")
_SOMEBODY_ASKS = re.compile(
    rf"\b{_ASKING}\b.*\b{_OWNERS_ONLY}\b|\b{_OWNERS_ONLY}\b.*\b{_ASKING}\b"
    rf"|\b(?:{_GIVING})\b.*\b{_OWNERS_ONLY}\b"
)
"""Somebody asks for what only its owner needs, or was given it."""


def is_doubt(text: str) -> bool:
    """Return whether the line doubts that the bot is the bot, or says that somebody asks for a
    password."""
    said = _words(text)
    return said.count(" ") < MOST_WORDS and (
        _has_shield(text) or _DOUBT.search(said) is not None or _is_asked_for_secret(text)
    )


def _is_asked_for_secret(text: str) -> bool:
    said = _words(text)
    return _SOMEBODY_ASKS.search(said) is not None and not _ELSEWHERE.search(said)


def _has_shield(text: str) -> bool:
    return _SHIELD.search(_words(text)) is not None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text).replace("'", "")))


async def doubt_lines(ctx: Context, text: str) -> list[Line]:
    """Return lines that tell somebody who doubts that they write with the real bot how to check its
    keys. The bot's word alone would prove nothing.

    `text` is what they wrote: it tells whether to warn of somebody who asks for a password, or to
    say what a red shield means.
    """
    if _is_asked_for_secret(text):
        return [
            _(
                "I never ask for a password or a recovery key. Whoever does is not me: give"
                " nothing."
            ),
            _("If you gave it away: change your password in your app, and sign out other devices."),
            _("To check whether you write with me: `verify`"),
        ]
    first = (
        _("A red shield: your app doubts that it is from me. Write nothing that may harm somebody.")
        if _has_shield(text)
        else _("My word proves nothing: whoever took my place would say the same.")
    )
    lines = [first, _("To check it, write `verify`: your app and I compare seven pictures.")]
    master = ctx.fetched.devices(ctx.me).master
    if master is not None:
        lines += [
            _("The key of my identity should be: {key}", key=fingerprint(master)),
            _("Ask whoever runs me to read you theirs, in person or by phone: `minga doctor`"),
        ]
    return lines
