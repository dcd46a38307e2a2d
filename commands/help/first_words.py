"""What people say on their first day, which is answered by the help: `soy nueva, ¿qué hago?`."""

from __future__ import annotations

import re

from bot.api import Sentence
from commands.help.declaration import feature

_HELLO = r"(?:(?:hola+|oi+|ola|hi|hey|hello|buenas|buen(?:os)? dias?|bom dia)[\s,.!]{1,3})?"
_HERE = (
    r"(?: (?:aca|aqui|por aqui|por aca|en esto|en la red|en el grupo|nisso|na rede|no grupo"
    r"|here|in this|to this))*"
)
_IS_NEW = (
    r"(?:(?:soy|sou|estoy|estou|im|i'm|i am)(?: re| muy| muito| bem| pretty)?"
    r" (?:nuev[ao]|nov[ao]|novat[ao]|new)"
    r"|(?:es |e )?(?:mi |a |minha |my )?(?:primera|primeira|first) (?:vez|time)"
    r"|(?:recien llegue|recien entre|just joined|i just joined|acabei de entrar|acabo de entrar))"
)
_START = (
    r"(?:(?:por donde|por onde)(?: eu| yo)? (?:empiezo|comienzo|comeco)"
    r"|(?:where|how) (?:do|should) i (?:start|begin)|what (?:should|do) i do first"
    r"|(?:que|o que|o que eu) (?:hago|faco) (?:primero|primeiro))"
)
_THIS = r"(?:(?:que|o que) (?:es|e) (?:esto|isso|isto)(?: aqui)?|what(?:'s| is|s) this)"
_ASKS = (
    rf"(?:{_START}|{_THIS}|what now|(?:what|how) (?:should|do|can) i do(?: now)?"
    r"|(?:que|q|o que)(?: eu| yo)? (?:hago|faco|tengo que hacer|tenho que fazer|debo hacer)"
    r"(?: (?:ahora|aora|agora))?"
    r"|como (?:q )?funciona(?: (?:esto|isso|isto))?|how does (?:this|it)(?: thing)? work)"
)
_FIRST_DAY = re.compile(
    rf"¿?{_HELLO}¿?(?:(?:{_ASKS}[\s,.!?]{{1,3}})?(?:y |e |and )?{_IS_NEW}{_HERE}"
    rf"(?:[\s,.!?]{{1,3}}(?:y |e |and |so )?{_ASKS}{_HERE})?"
    rf"|{_START}|{_THIS})[\s.?!]{{0,5}}"
)
feature.sentences.append(Sentence(_FIRST_DAY, "help"))
