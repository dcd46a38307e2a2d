"""Phrases to which the bot says what helps, in Spanish: a phone that is gone or read by
somebody, a way out, a wish for secrecy. `common_words.py` explains the notation."""

from __future__ import annotations

from bot.distress.es import HIM, WATCHED

_SEEN = (
    r"( \w+){0,5} (revis*|quit*|agarr*|saca*|lee|leen|leyendo|control*|espia*|mira*|vigila*"
    "|tiene) .. (celular*|telefono*|movil|whatsapp|wasap|mensajes|chats?) "
)
"""Behind the wish that all be gone: why it is urgent."""
TRACES = f"""
({WATCHED})
^(por favor |porfa |minga )?((quiero|kiero|necesito) )?(borra|borre|borrame|borrar|elimina|eliminar
    |limpia) (ya )?(todo|(todos )?mis mensajes|mi (ultimo )?mensaje|lo mio
    |lo que (te |yo )?(acabo de )?(escribi|dije|puse|mande|escribir|decir|poner|mandar)
    |(este|el|mi|nuestro|todo el|todo este) chat
    |(esta|la|toda la) (conversacion|charla)
    |todo (de aqui|lo mio|lo que (te )?(escribi|dije|puse|mande)))( (ya|ahora|mismo|rapido|urgente
    |por favor|porfa|aqui|de aqui|recien|antes|me equivoque|fue un error|perdon)){{0,3}}
    (?=( $|{_SEEN}))
^(por favor |porfa |minga )?(olvida|olvidate de|olvidar) lo que (te )?(acabo de )?(dije|conte
    |escribi|decir|contar|escribir)( (recien|antes|me equivoque|borralo)){{0,3}}(?= $)
"""
"""Somebody wants what was written gone, or another person reads what is on their phone."""
_PHONE = (
    "(celular*|cel|celu|telefono*|movil|dispositivos?|computador*|compu|notebook|laptop|tablet)"
    "(?! (nuevo|prestado) )(?= )"
)
PHONELESS = f"""
((se )?(me|nos) )(perdi|perdio|perdieron|robo|robaron|quito|quitaron|saco|sacaron|arrebato
    |arrebataron|hurtaron|agarro|agarraron|retuvo|retuvieron) ((el|la|los|mis?|nuestros) )?{_PHONE}
(perdi|extravie|perdimos) ((el|mi|la|nuestro) )?{_PHONE}
(robaron|quitaron|arrebataron|hurtaron) (mi|mis|nuestros) {_PHONE}
mi (otro |viejo )?{_PHONE} (viejo )?(se perdio|(que )?(me )?(robaron|quitaron)|(fue |ha sido
    |esta )?(robad*|perdid*|hurtad*|incautad*))
"""
"""The writer's phone is gone."""
TAKEN = f"""
({HIM}|el|ella|alguien|policia|quien|ladron|ladrones) (todavia |aun |ahora
    )?(tiene|tienen|agarro|se llevo|robo|quito) mi {_PHONE}
"""
"""Somebody has the writer's phone."""
_MET = (
    "(alguien que|desconocid[ao]s?|una? (tipo|hombre|chico|cliente|fuente)|mi ex"
    "|gente que no conozco)"
)
OUTING = f"""
(voy|vamos|tengo que|quede en|salgo) .. (ver*|encontrar*|reunir*|juntar*|conocer*|salir
    |cita) .. {_MET}
(tengo|voy a) una cita con .. {_MET}
(vuelvo|regreso|salgo|camino|viajo) (muy )?sol[ao](?= ($|(a|al|por|de|en|hasta|esta) ))
voy (muy )?sol[ao] (a|al|por|de|hasta)
"""
"""Somebody goes alone, or to meet whom they don't know or trust."""
_MODERATORS = "(moder*|equipo|cuidado|admin*|coordin*)"
_END = "(?= ($|(por favor|porfa|gracias|ya|urgente|y|pero) ))"
SECRECY = f"""
(que nadie (mas )?(lo |la |se )?(sepa|entere|vea)|(no|sin que|nadie) se enter(e|en))
(no se (puede|debe|vaya a) enterar|no (puede|debe) (enterarse|saberlo)|no lo (puede|debe) saber)
(que|para que) no (lo|la|se) (sepa|sepan|vea|vean|lea|lean) (todo el mundo|tod[oa]s|nadie|mi)
no quiero que .. (sepa|sepan|se entere*)
no (se lo |le |les |lo )?(digas?|digan|cuent(es|en)|comentes?) (nada )?a
no (se lo |le |les |lo )?(avis(es|en)|llam(es|en)) (nada )?a (nadie|tod[oa]s|mi|el|ella|la poli*)
no (lo )?(cuenten|cuentes|digas|digan)(?= ($|(por favor|porfa) ))
no (digas|digan) que (fui|soy) yo
(solo|solamente|unicamente|nomas) .. (avis*|dec*|dig*|dil*|cont*|cuent*|mostr*|muestr*|pas*|sep*
    |vea*|lea*) .. {_MODERATORS}
(avis*|dec*|dig*|dil*|cont*|cuent*|mostr*|pas*) .. (solo|solamente|unicamente) .. {_MODERATORS}
^(pero )?(solo|solamente|unicamente) (para
    |a|con) (la |las |los |el )?{_MODERATORS}( por favor| porfa)?(?= $)
^(por favor |porfa |pero |es |que sea |y |en |un |algo ){{0,4}}(privado|secreto|confidencial|reserva
    |confianza|discreto)( (por favor|porfa))?(?= $)
(?<! no )(?<!oto )(?<!on )(?<!ue )(es|sea) (un |algo |muy |super |estrictamente )?(secreto
    |confidencial){_END}
(y|pero) (muy |es muy )?(secreto|confidencial){_END}
pero (es )?(algo )?privado{_END}
(?<!otar )((en|con) (secreto|total secreto|confianza|mucha discrecion|discrecion|reserva)
    |secretamente|confidencialmente|discretamente){_END}
^en secreto (un|una|ayuda)
que (quede|quedara|queda) .. (entre nosotr*|privado|secreto|confidencial)
"""
