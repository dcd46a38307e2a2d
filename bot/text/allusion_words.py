"""Words that are told apart from names, in three languages, lower case without accents."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_WORDS = _words(
    """
    luz paz sol mar flor rosa cruz cielo alma alba estrella esperanza milagros dolores socorro
    consuelo gloria victoria vitoria remedios pilar angel angeles clara blanca bianca linda bella
    perla gracia graca aurora violeta dulce doce lua lira ada iris nieves rocio soledad amparo
    caridad fe leon hombre santos reis reyes flores torres campos casas rojas rocha costa silva
    grace hope joy faith may june april mark will bill rob sue pat art drew rose lily dawn
    tipo tipa policia poli vecino vecina vizinho vizinha hermano hermana irmao irma marido esposo
    esposa novio novia namorado namorada hombre mujer homem mulher chico chica moco moca chefe jefe
    guy man woman neighbour neighbor brother sister husband wife cop police boss
    solo sola solos solas cada nada todo toda todos todas para pero porque como cuando donde
    desde hasta sobre entre contra sin con por una uno unas unos ese esa eso esto este esta
    ella ellas ellos ele elas eles mas muy tan tal asi aqui alla hoy ayer siempre nunca jamas
    algo alguien nadie otro otra otros otras mismo misma van voy vas fue fui era ser estar
    hay han has sido tener tiene tengo dar dan das hacer hace dice dijo decir ver vio sabe
    martes marzo mayo abril casa calle sala red bot grupo ahora antes luego tarde noche dia
    dias vez veces parte mano manos cara car carta cosa cosas favor evita dor dores mal bien
    pra pro pelo pela nos nas dos das que quem sua seu meu minha foi era sao tem tinha ate
    ainda agora depois antes hoje ontem sempre aqui ali isso isto esse essa uma uns umas com
    sem por mais muito mesmo outra outro cada todo toda gente pessoa pessoas
    the and but for with from that this then they them she her his him you your are was were
    has had have not can all any out our who how why when what where over every day days
    time night home car dan land man men ran run ask art end car beat bear beach because
    before been being being even ever evening event never door doors doing done somebody
    someone anyone anybody nobody some same such sent soul sous
    """
)
"""Common words that are also names: alone they need not mean a person."""

LEADING_WORDS = _words(
    """
    la el lo las los a o os as e y i u con de del da do na no com por pela pelo para pra que quem
    fue fueron es era sea ser foi sao eram dona don sra sr srta senora senor senhora senhor
    seu tia tio companera companero compa hermana hermano irma irmao profe prof profa doctora dr
    dra lider coordinadora moderadora moderador moderadore admin mod llama llamada nombre nome
    chama name named called is was were and or by with from mr mrs ms miss of to about
    """
)
"""Words that usually stand before a name."""

NON_NAMES = _words(
    """
    ella elle el ela ele elu she her hers he him his they them de del da do das dos la las los
    y e of the mod mods moderadora moderador moderadora admin admins bot red rede net network
    equipo equipe team sra sr dra dr lic prof
    """
)
"""Words in display names that do not identify anybody."""

ROLE_PATTERN = re.compile(
    r" (?:mods?|modera|moderan|moderam|modero|moderador\w*|moderacion|moderacao|moderation"
    r"|moderators?|moderates?|admins?|administrador\w*|administrators?|coordina\w*|coordena\w*"
    r"|coordinator\w*|organizador\w*|organizers?|lider(?:es|esa|esas)?|leaders?"
    r"|(?:del|da|do|of the|of your|de tu|de su|de seu) (?:equipo|equipe|time|team)"
    r"|(?:un[ao]s?|algun[ao]s?|um[as]?|algum[as]?|one|some|somebody|someone|quien|alguien|alguem)"
    r" (?:de|of) (?:ustedes|vosotr[ao]s|voces|you|quienes|quem)"
    r"|de cuidado|care team|quien cuida|quem cuida) "
)
"""Expressions for an unnamed member of the moderation or of a team."""

_SHORT = """
    pepe pepa jose josefa | pipe felipe | paco paca pancho pancha francisco francisca |
    chico francisco | lupe lupita guadalupe | nacho nacha ignacio ignacia | lola dolores |
    concha concepcion | ze jose | bia beatriz beatrice | bea beatriz beatrice | beto roberto
    alberto norberto humberto | kike enrique | quique enrique | tono tonho antonio | toni
    tony antonio antonia | memo guillermo | chuy jesus jesusa | charo rosario | maite teresa
    | tere teresa | nando fernando | chela graciela marcela | lalo eduardo | duda dudu edu
    eduardo eduarda | guga gustavo | tavo gustavo | malu luiza luisa | lucho luis | lula
    luis luiz | bob bobby robert | bill billy will william | liz beth betty lisa elizabeth
    elisabeth isabel | kate kathy katy katherine catalina catarina | peggy maggie meg
    margaret margarita | tina cristina | nina antonina | chepe jose | chus jesus | mari
    maria | maru maria eugenia | lina carolina adelina | isa isabel isabela | bel isabel
    isabela | gaby gabi gabriela gabriel | rafa rafael rafaela | xime ximena jimena | jime
    jimena ximena | ale alejandra alejandro alessandra alexandre | sandra alejandra |
    alexandra alex alejandra alejandro alexandra alexandre | sacha sasha alejandra alejandro
    alexandra | cris cristina cristian cristiane | kris cristina | moni monica | vero
    veronica | sole soledad | mechas mercedes | meche mercedes | merche mercedes | conchita
    concepcion | coni constanza | cata catalina | juancho juan | janet juana | quico
    francisco enrique | kiko francisco enrique | titi beatriz | leti leticia | jim jimmy
    james | jack john | joe joey joseph | dick rick richard ricardo | ted edward theodore
    eduardo | nelly nela manuela elena | lena elena magdalena helena | nena elena | lu luisa
    lucia luciana luiza
    """


def _short_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SHORT.split("|"):
        names = line.split()
        for one in names:
            found.setdefault(one, set()).update(name for name in names if name != one)
    return {one: frozenset(others) for one, others in found.items()}


NICKNAMES = _short_forms()
"""Names and their short forms that are not similar in spelling."""
