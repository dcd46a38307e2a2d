"""Reads who says that they are back, or that nobody needs to wait for them any more. Pure."""

from __future__ import annotations

import re

from bot.api import SORRY, THANKS, fold, fold_answer


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text).replace("'", "").replace("’", ""))


BACK_PHRASES = frozenset(
    {
        *("ok", "okey", "okay", "ya volvi", "volvi", "ya estoy", "ya estoy de vuelta"),
        *("estoy bien", "estoy de vuelta", "ya regrese", "regrese", "todo bien", "ya llegue"),
        *("voltei", "ja voltei", "estou bem", "estou de volta", "tudo bem", "ta tudo bem"),
        *("ja cheguei", "to bem", "ja to em casa"),
        *("i am back", "im back", "i'm back", "back", "i am safe", "im safe", "i'm safe"),
        *("all good", "im ok", "i'm ok", "i am ok"),
    }
)
SHORT_PHRASES = frozenset({"ok", "okey", "okay", "todo bien", "tudo bem", "all good"})
"""Said soon after the bot's answer, these may only acknowledge it."""
_YES_WORDS = frozenset(_words("si sim yes yep yeah ss"))
_ARRIVED_WORDS = frozenset(
    _words(
        "llegue llege yegue llegamos cheguei xeguei chegamos arrived got made back volvi voltei"
        " regrese"
    )
)
_HOME_WORDS = frozenset({"home", "casa"})
_WELL_WORDS = frozenset(_words("bien bem safe safely certo salva salvo sana good fine"))
_BEING_WORDS = frozenset(_words("estoy estou to toy tou im am"))
_BACK_WORDS = (
    (_YES_WORDS | _ARRIVED_WORDS | _HOME_WORDS)
    | frozenset(_words("ok listo lista pronto pronta done bien bem safe safely fine"))
) - {"got", "made", "back"}
_FILLER_WORDS = frozenset(
    _words(
        "ya ja estoy estou to ta toy tou todo tudo toda a en em i am im got made it at all la mi"
        " minha my sana salva sano salvo y e and gracias obrigada obrigado thanks aca aqui here"
        " okey okay oi hola hi well certo sound thx tks vlw valeu thank you super back muy muito"
        " amiga good now ahora agora recien perdon perdona disculpa disculpe desculpa desculpe"
        " sorry siento lo muchas mil muita porfa please pls claro hace rato were we"
    )
)
_PHONE = r"(?:cel|celular|telefono|telefone|tel|movil|bateria|pila|senal|sinal|internet|luz|datos)"
_TOLD = (
    r"(?: (?:de )?(?:te |les |lhe |le )?(?:avisar|escribir|escrever|decir|responder|contestar"
    r"|falar)(?:te|les|le|lo)?| to (?:text|tell|write|say|message|answer|reply|check in"
    r"|let you know)(?: you| u| it)?)?"
)
_EXCUSE = re.compile(
    r"(?<!\w)(?:"
    r"(?:se me (?:olvido|paso)|(?:me )?olvide|(?:eu )?(?:me )?esqueci|(?:i )?(?:just )?forgot)"
    rf"{_TOLD}"
    rf"|(?:me quede|estaba|andaba|fiquei|estava|tava) (?:sin|sem) {_PHONE}"
    rf"|(?:se )?(?:me )?(?:murio|apago|acabo|descargo|acabou|morreu|descarregou)"
    rf" (?:el |la |mi |o |a |meu |minha )?{_PHONE}"
    rf"|(?:o|a|meu|minha) {_PHONE} (?:acabou|morreu|descarregou|desligou)"
    r"|(?:my |the )?(?:phone|battery) (?:died|(?:was|is) dead|ran out|dead)"
    r"|(?:i )?ran out of battery|(?:i )?had no signal"
    r"|(?:me (?:quede )?)?dormi(?:d[ao])?|(?:i )?fell asleep"
    r"|(?:por|for) (?:no|nao|not) (?:avisar|escribir|escrever|responder|texting|writing)"
    r"|(?:no te|nao se) preocup\w+|dont worry|foi mal|my bad"
    r")(?!\w)"
)
"""Why there was no word before: it says nothing of being back."""
_ALARM = (
    r"(?:aviso|alarma|alarme|alerta|alarm|alert|check ?in|regreso|retorno|vuelta|volta|return"
    r"|timer|notice|warning)"
)
_RELEASE = re.compile(
    r"(?<!\w)(?:"
    r"(?:ya |ja )?(?:no|nao|n) (?:me |nos )?(?:espere[sn]?|esperem|esperar)(?: (?:mas|mais))?"
    r"|(?:ya |ja )?no (?:hace|haga) falta(?: (?:mas|ya|nada|avisar(?:les?)?|esperar(?:me)?))*"
    r"|(?:ya )?no es necesario(?: (?:avisar|esperar(?:me)?))?"
    r"|(?:ja )?(?:nao|n) precisam?(?: (?:mais|esperar|avisar))*"
    r"|(?:deja|dejen|para|pare|parem|puedes dejar|pode parar) de (?:me )?(?:esperar(?:me)?|avisar)"
    r"|(?:puedes?|pueden|podes|podem?) (?:parar|cancelar|dejarlo)"
    r"|(?:cancel[ae]?[nr]?|cancelem|anul[ae]r?|quit[ae]r?|dej[ae]r?|deix[ae]r?|par[ae]r?|tir[ae]r?"
    r"|apag[ae]r?|borr[ae]r?|desliga|stop|drop|call off|turn off|remove|delete)"
    rf" (?:ya |ja )?(?:el|la|mi|ese|esa|o|a|meu|minha|esse|essa|the|my|that|this) {_ALARM}"
    r"|(?:you |u )?(?:can |please )?(?:stop waiting(?: for me)?|call it off|cancel it)"
    r"|you can stop|no need(?: (?:any ?more|to (?:wait|tell (?:them|anyone|anybody))))*"
    r"|(?:you )?dont (?:need to |have to )?wait(?: for me)?(?: any ?more)?"
    r"|(?:al final |ya |ja )?(?:no|nao) (?:(?:voy a|vou(?: mais)?) )?(?:salgo|salir|saio|sair)"
    r"|(?:im |i am )?not going out(?: any ?more| after all)?"
    r")(?!\w)"
)
"""Whoever says this needs no one to wait: it is asked whether the check-in is to end."""
_RETURN_NAMES = frozenset(_words("regreso retorno vuelta volta return"))
"""To cancel one by its name is a command, and leaves nothing to ask."""
_MOST_WORDS = 12
_BESIDE = rf"(?:{THANKS}|{SORRY})"
_BESIDE_PHRASE = re.compile(rf"^(?:{_BESIDE} )+|(?: {_BESIDE})+$")
"""Thanks or an excuse. A please is none: `ok please` may ask for what the bot is about to do."""


def _said_words(text: str) -> list[str]:
    """Return the words of a text without what stands beside a return: excuses, `stop waiting`."""
    return _RELEASE.sub(" ", _EXCUSE.sub(" ", " ".join(_words(text)))).split()


def may_mean_back(text: str) -> bool:
    """Return whether the text may say that its writer is back: `llegué bien`, `ok estoy bien`,
    `listo`, `I'm home, sorry, forgot to text`."""
    said = _said_words(text)
    told = _BACK_WORDS.intersection(said)
    return len(said) <= _MOST_WORDS and bool(told) and _FILLER_WORDS.issuperset({*said} - told)


def says_back_somehow(text: str) -> bool:
    """Return whether the text says, or may say, that its writer is back."""
    return fold_answer(text) in BACK_PHRASES or may_mean_back(text)


def asks_to_stop(text: str) -> bool:
    """Return whether the text asks that nobody wait for its writer, and says nothing else: `cancela
    el aviso`, `no need anymore`."""
    words = _words(text)
    released = _RELEASE.search(" ".join(words)) and _RETURN_NAMES.isdisjoint(words)
    return bool(released) and "?" not in text and _FILLER_WORDS.issuperset(_said_words(text))


def is_clearly_back(text: str) -> bool:
    """Return whether the text says two of having arrived, home and well, or that its writer is at
    home (`im home`), and nothing else."""
    said = set(_said_words(text))
    told = [bool(said & words) for words in (_ARRIVED_WORDS, _HOME_WORDS, _WELL_WORDS)]
    being = said & _BEING_WORDS - (set() if "casa" in said else {"to"})  # `to` is `estou`, not here
    is_home = bool(said & _HOME_WORDS and being) and said.isdisjoint({"la", "pronto"})
    return may_mean_back(text) and (sum(told) >= 2 or is_home) and "?" not in text


def is_phrase(text: str) -> bool:
    """Return whether the text is one of the set phrases, with thanks or an excuse beside it."""
    said = " ".join(_said_words(text))
    bare = _BESIDE_PHRASE.sub("", said)
    return bare in BACK_PHRASES and "?" not in text


_UNWELL = re.compile(
    r" (?:(?:no|nao|n) (?:me siento|estoy|estamos|toy|tou?|estou|estamos|tamo)"
    r" (?:(?:nada|muy|tan|del|todo|muito|tao) )*(?:bien|bem|ok|okay|segur[ao]|a salvo|salv[ao])"
    r"|(?:im|i am|we are|feeling) not (?:\w+ )?(?:ok|okay|well|safe|alright|fine|good)"
    r"|(?:pero|mas) (?:me|nos) (?:sigu|segu|segui|persig|persegu|peg|golp|rob|roub|amenaz|ameac"
    r"|bat|atac|agarr|lastim|asalt|assalt)\w*|mas fui \w+[aei]d[ao]"
    r"|but (?:i (?:was|got) (?:followed|robbed|hurt|attacked|beaten|mugged)"
    r"|(?:they|he|she|someone|somebody) \w+ me)) "
)


def sounds_unwell(text: str) -> bool:
    """Return whether the text says that its writer is not well, arrived or not: `llegué pero no
    estoy bien`, `i'm not ok`."""
    return "?" not in text and _UNWELL.search(f" {' '.join(_words(text))} ") is not None


def says_yes(text: str) -> bool:
    """Return whether the text says yes to being back, and nothing else: `si ya estoy`."""
    return may_mean_back(text) and not _YES_WORDS.isdisjoint(_said_words(text))


def tells_of_return(text: str) -> bool:
    """Return whether a sentence that nothing understood has a word of coming back in it."""
    words = (_ARRIVED_WORDS | _HOME_WORDS) - {"got", "made"}
    return not words.isdisjoint(_words(text))
