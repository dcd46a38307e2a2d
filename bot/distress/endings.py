"""Patterns of endings, over folded words, that tell of the person who writes them."""

from __future__ import annotations

import re

ENCLITIC = re.compile(
    r" (?!(?:ver|junt|reun|encontr|conoc|organiz|coordin|prepar|moviliz|inform|esper)\w*nos )"
    r"(?!\w*(?:biernos|dernos|ternos|viernos|fiernos|firme|alarme) )"
    r"\w{2,15}(?:ndo|[aei]r)(?:me|nos) "
)
"""A Spanish verb with its object: `matarme`, `siguiéndonos`; but not `juntarnos`, `gobiernos`."""
LAST_CRY = re.compile(
    r" (?!(?:hay|tem|la|su|una|uma|alguna|mucha|mas|mais|de|con|com|sin|sem|para|por|a|falta|to|can"
    r"|for|of|some|more|pid\w+|ped\w+|quier\w+|quer\w*|necesit\w+|precis\w+|ofre\w+|need\w*) )"
    r"\w{1,20} (?:ayuda|ajuda|help|socorro|auxilio)"
    r"(?: (?:por favor|porfa|please|urgente|ya|ja|ahora|agora|now))* $"
)
"""A call for help as the last word: `no hay salida, ayuda`; but not `el huerto necesita ayuda`."""
