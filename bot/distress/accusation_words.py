"""The words by which a call for help accuses, leaves out or calls somebody, as parts of patterns.

They are over folded words with single spaces (`call_words`), where a comma stands for any
punctuation. Each act of harm is done to the writer: `me pega`, but not `pega`.
"""

from __future__ import annotations

# --- acts of harm ---------------------------------------------------------------------------------

_ES = (
    r"(?:peg|golpe|amena[zsc]|persi[gj]|atac|agre[dt]|acos|hostig|maltrat|lastim|hier|hiri|herir|viol"
    r"|rob|asalt|mat(?:a|o|e)|ahorc|ahog|asfixi|estrangul|empuj|pate|encerr|encierr|encer|secuestr"
    r"|tortur|extorsion|chantaj|insult|humill|manose|toc(?:a|o)|agarr|jal(?:a|o)|arrastr|apunal"
    r"|acuchill|drog|dop|envenen|control|vigil|espi|acech|quem|muerd|mord|escup|retien|reten|molest"
    r"|intimid|amedrent|dispar|bale|desaparec|apunt\w* con)"
)
_PT = (
    r"(?:bat(?:e|i)|espanc|agre[dg]|agrid|ameac|amea[sc]|perse?gu|persig|atac|assedi|machuc|fer(?:e|i)"
    r"|estupr|viol|roub|assalt|mat(?:a|o)|enforc|empurr|chut|tranc|sequestr|prend|tortur|xing|humilh"
    r"|ofend|insult|toc(?:a|o)|apalp|agarr|arrast|esfaque|drog|dop|envenen|estrangul|sufoc|vigi"
    r"|control|chantage|extor|maltrat|intimid|soc(?:a|o)|mord|queim|cusp|expuls|amarr)"
)
_EN = (
    r"(?:hit(?:s|ting)?|beat(?:s|ing|en)?(?: up)?|punch\w*|kick\w*|slap\w*|chok\w+|strangl\w+"
    r"|stab\w*|sho(?:o?ts?|oting)|kill\w*|attack\w*|assault\w*|rap(?:e|es|ed|ing)|molest\w*"
    r"|threat\w+|follow\w*|chas\w+|stalk\w*|harass\w*|abus\w+|hurt\w*|rob\w*|mug\w*|kidnap\w*"
    r"|lock\w*|trap\w*|push\w*|shov\w+|grab\w*|drag\w*|burn\w*|drug\w*|poison\w*|blackmail\w*"
    r"|bull(?:y|ies|ied|ying)|tortur\w+|bit(?:es?|ing)?|grop\w+|torment\w*)"
)
_ES_BE = (
    r"(?:(?:esta|estaba|estuvo|anda|andaba|viene|venia|vino|sigue|seguia|lleva|quiere|queria|quiso"
    r"|va|iba|intenta|intento|trata de|trato de|acaba de|empezo a|vuelve a|volvio a|puede|ha|habia"
    r"|amenaza con|amenazo con|ya) (?:a )?)"
)
_PT_BE = (
    r"(?:(?:esta|estava|ta|tava|fica|ficou|vive|anda|andou|vem|veio|vai|ia|quer|queria|tenta|tentou"
    r"|quis|acabou de|comecou a|continua|ja) )"
)
_ES_ARE = (
    r"(?:(?:estan|andan|vienen|vinieron|siguen|quieren|quisieron|van|intentan|tratan de|han"
    r"|acaban de) (?:a )?)"
)
_PT_ARE = (
    r"(?:(?:estao|tao|ficam|vivem|andam|vem|vieram|vao|querem|tentam|tentaram|continuam"
    r"|acabaram de) )"
)
_BLOWS = (
    r"(?:golp|patad|paliza|punet|cachet|bofet|trompad|pin(?:a|as) |nalgad|soco|tapa|chute"
    r"|tiro|murro|balazo|punalad|facad)\w*"
)
_NO_WAY_OUT = r"(?:salir|ir|irme|entrar|en paz|hablar|llamar|comer|dormir|sair|em paz|falar)"
_MINE = r"(?:mi|mis|nuestr\w+|minhas?|meus?|noss\w+)"

HARM_ES = (
    rf"(?:(?:me|nos) {_ES_BE}*(?:{_ES}\w*(?<!n)|(?:sigue(?! \w+ndo )|siguio(?! \w+ndo )"
    rf"|siguiendo|seguir|sigui[ao]))"
    rf"|{_ES_BE}+(?:{_ES}\w*|siguiendo|seguir)(?:me|nos)"
    rf"|no (?:me|nos) dej[ao] {_NO_WAY_OUT}|(?:me|nos) d(?:a|io) (?:mucho |tanto )?(?:miedo|terror)"
    rf"|(?:me|nos) {_ES_BE}*(?:da|dio|daba|dando|dar|tiro) (?:de |muchos |un[ao]?s? )?{_BLOWS}"
    rf"|(?:me|nos) {_ES_BE}*(?:hace|hizo|haciendo|hacer) (?:mucho )?(?:dano|mal)"
    r"|(?:me|nos) tiene (?:encerr|amena|secuestr|atrap|amarr|atad|reten|agarr|del cuello)\w*"
    r"|(?:me|nos) (?:quit|rob|arrebat|romp)\w+(?<!n) (?:el|la|mi|los|las) \w+"
    r"|abus(?:a|o|aba) (?:sexualmente )?de (?:mi|nosotr\w+)"
    rf"|le {_ES_BE}*{_ES}\w*(?<!n) a {_MINE})"
)
HARM_PT = (
    rf"(?:{_PT_BE}*(?:me|nos) {_PT_BE}*(?:{_PT}\w*(?<!m)|seg(?:ue|uiu|uindo|uir))"
    rf"|{_PT_BE}*(?:{_PT}|gritou|grita)\w*(?<!m) (?:em mim|na gente|em nos|comigo|n[ao] {_MINE})"
    r"|abus(?:a|ou|ava) (?:sexualmente )?de (?:mim|nos)"
    rf"|nao (?:me|nos) deix(?:a|ou) {_NO_WAY_OUT}|(?:me|nos) d(?:a|eu) (?:muito )?medo"
    rf"|(?:me|nos) (?:da|deu|dando) (?:um |uma |uns )?{_BLOWS}"
    rf"|{_PT_BE}+atras de (?:mim|nos))"
)
HARM_ES_ALL = (
    rf"(?:(?:me|nos) {_ES_ARE}+(?:{_ES}\w*|siguiendo|seguir)"
    rf"|{_ES_ARE}+(?:{_ES}\w*|siguiendo|seguir)(?:me|nos)"
    rf"|(?:me|nos) (?:{_ES}\w*n|siguen|siguieron))"
)
HARM_PT_ALL = (
    rf"(?:{_PT_ARE}+(?:me|nos) (?:{_PT}\w*|seguindo|seguir)"
    rf"|(?:me|nos) (?:{_PT}\w*m|seguem|seguiram)"
    rf"|{_PT_ARE}+(?:{_PT}\w*|seguindo) (?:em mim|na gente|em nos|a gente))"
)
"""The same, by several: `me estan siguiendo`."""
_EN_BE = (
    r"(?:is|s|was|are|were|has|have|had|been|be|just|keeps?|kept|always|still|now|really|again|here"
    r"|already|also|trying|tried|tries|to|wants?|wanted|going|gonna|about|will|would|wont|stop"
    r"|started|begins?|came|in|and|threatened|threatens|says|said|she|shes|can|could|may|might"
    r"|actually|literally|both)"
)
HARM_EN = (
    rf"(?:(?:{_EN_BE} ){{0,6}}(?:{_EN} (?:at |on |for |to )?(?:me|us|my)"
    r"|(?:wont|not|doesnt|didnt) let(?:ting)? (?:me|us) \w+|after me|point\w+ (?:a|the) \w+ at me"
    r"|pull\w+ a \w+ on me))"
)
DONE_BY = (
    rf"(?:(?:{_ES}|{_PT}|segu)\w*d[ao]s? (?:por|pel[ao])|{_EN} by)"
    r"(?: la| el| a| o)?"
)
"""`golpeada por`, `followed by`."""
FEARED = (
    r"(?:(?:miedo|medo|terror) (?:del|de|da|do|al|a)|(?:scared|afraid|terrified|frightened) of"
    r"|(?:hiding|hide|escaping|escape|running|running away|fleeing|escaped|ran away|safe"
    r"|protect me|save me) from"
    r"|(?:escondid\w+|escondo|escondi|escondiendome|huyendo|huyo|hui|escapando|escapar|fugindo|fugi"
    r"|corriendo|correndo|protejanme|salvenme) (?:del|de|da|do))(?: la| el| a| o)?"
)
"""What somebody feels or does because of a person."""

# --- around a name --------------------------------------------------------------------------------

RELATED = (
    r"(?:ex|novi(?:ecit|et)?[oa]s?|espos(?:it)?[oa]s?|maridos?|parejas?|vecin(?:it)?[oa]s?|jef[ae]s?"
    r"|herman(?:it|astr)?[oa]s?|prim(?:it)?[oa]s?|moderador[ae]?s?|companer[oa]s?|companheir[oa]s?"
    r"|ti[ao]s?|mama|papa|namorad(?:inh)?[oa]s?|vizinh[oa]s?|chefes?|irma(?:o|zinh[oa])?s?"
    r"|amig(?:uit|uinh)?[oa]s?|boss|neighbou?rs?|partner|girlfriend|boyfriend|wife|husband|sisters?"
    r"|brothers?|moderators?|mod|roommates?)"
)
NAMES_TOO = r"(?:irma|prim[oa]|tia|esposito)"
"""Those of them that people are called."""
MINE = (
    r"(?:mis?|m[ei]us?|minhas?|my|tus?|sus?|seus?|suas?|teus?|tuas?|his|her|our|their|your"
    r"|nuestr[oa]s?|noss[oa]s?)"
)
THE = r"(?:el|l[ao]s?|os?|as|the|una?s?|uma?s?|d?el|d[ao]s?|al|aos?)"
BESIDE = (
    r"(?: (?:ya|ja|ahora|agora|now|otra vez|de nuevo|de novo|again|siempre|sempre|tambien|tambem"
    r"|hoy|hoje|ayer|ontem|anoche|recien|aca|aqui|here|mism[ao]|mesm[ao]|borrach[ao]|bebad[ao]|drunk"
    r"|(?:es|e|is|was|fue|foi|was the|is the) (?:quien|quem|who|la que|el que|a que|o que"
    r"|one(?: who)?)"
    r"|la que|el que|a que|o que|quien|quem|who|that"
    r"|(?:del|de la|da|do|from the|of the|in the) (?:equip[oe]|team|grupo|group|rede?"
    r"|network"
    r"|barrio|bairro|sala|moderaci?[ao]\w*|trabajo|trabalho|oficina)"
    r"|(?:, )?(?:que|who) (?:vive|modera|trabaja|es|mora|cuida|coordina|administra|trabalha"
    r"|moderates|lives|works|runs)(?: (?!y |e |and )\w+){0,3}?(?: ,)?"
    rf"|, (?:mi|la|el|a|o|minha|meu|my|the) {RELATED} ,"
    r"|(?:dice|dijo|jura|grita|disse|falou|diz) que(?: ella| ela)?"
    r"(?= (?:me |nos )?(?:va|quiere|vai|quer|mata))"
    r")){0,3}"
)
"""What may stand between somebody and what they do."""
SOMEBODY_ELSE = (
    r"(?= )(?! (?:alguien|alguem|gente|(?:el|ella|ele|ela)(?= (?:,|$))|el timbre|la puerta|a porta"
    r"|(?:un[ao]?s?|um[as]?|mi|meu|minha|el|la|o|a|su|otr[ao]|outr[ao]|dos|tres|varios) "
    r"(?:tip[ao]|hombre|homem|mujer|mulher|chic[ao]|chabon|senora?|carro|auto|moto|camioneta|cara"
    r"|sujeto|desconocid[ao]|patrulla|polic\w+|poli|cana|vecin[ao]|vizinh[ao]|ex|marido|esposo|novi[ao]"
    r"|namorad[ao]|padre|papa|pai|padrastro|padrasto|herman[ao]|irmao|jefe|chefe|companer[ao]"
    r"|companheir[ao]|grupo|pareja|loc[ao]|extran[ao]|guardia|vato|wey|pibe|muchach[ao]|persona"
    r"|pessoa)s?) )"
)
"""Behind an act: who does it, so that whoever is named before is spoken to."""
COMES = (
    r"(?: (?:vino|veio|llego|chegou|entro|entrou|aparecio|apareceu|volvio|voltou|came|broke in"
    r"|showed up"
    r"|se (?:enoj|enfurec|puso|metio|altero|emborrach)\w*(?: conmigo)?"
    r"|(?:me|nos) llam[ao]|(?:me|nos) escrib[ei]o?|me ligou))"
)
UPSET = (
    r"(?: (?:s|is|was|are|got|came|esta|estaba|anda|ta|tava|estava|vino|volvio"
    r"|llego|chegou|se puso)){0,2}(?: home| re| muy| so| really| todo| toda)?"
    r" (?:borrach[ao]|bebad[ao]|loc[ao]|drunk|high|drogad[ao]|furios[ao]|crazy|mad|bebeu|tomo)"
)
CALLS = (
    r"(?:(?<!no )(?<!nao )(?<!dont )(?<!not )(?<!never )(?<!nunca )(?<!me )(?<!se )(?<!ni )"
    r"(?<!nem )(?<!nos )(?<!te )(?:avis[ae](?:r|n|s|m|le|les|nle|nles|rle|rles|lhe)?"
    r"|llam[ae](?:r|n|s|le|nle|rle)?|cham[ae](?:r|m)?|call|tell|text|alert|message"
    r"|(?:di|deci|digan|diga)les?|liga(?:r)?|ligue|fal[ae](?:r|m)?|pede(?:m)?"
    r"|que venga|que venha|que vengan|que venham))"
)
"""The verbs that ask for somebody. `quiero a ana` and `get ana` may be about her."""
IS_TO_STOP = (
    r"(?: (?:que|to|para|pra|por favor|please|,|ya|ja|se|lo|me|nos|a))*"
    r" (?:par[ae]|pares|parar|basta|deje|deja|dejar|dejame|suelte|solt[ae]|soltar|vaya|aleje|lejos"
    r"|longe|deixe|deixar|deixa|stop|leave|let|off|out|gone|away|go away|arrested|pres[ao]|loc[ao]"
    r"|(?:no|nao|not) (?:to |me |nos |se )?(?:peg|toqu|mat|sig|golpe|lastim|bat|machuc|hit|hurt"
    r"|touch|veng|venha|entr|acerqu|come|follow|kill)\w*) "
)
"""What is to be told to whoever does harm: `dile a ana que pare`."""
TO = (
    r"(?: (?:ya|ja|ahora|agora|now|please|porfa|por favor|also|tambien|tambem|a|al|ao|as|o|la|el"
    r"|para|pra|pro|com|con|de|da|do|to|the|for))*"
)
LISTED = rf"(?:(?: [\w%]+| ,){{0,2}} (?:y|e|and|o|ou|ni|nem|or|,){TO}){{0,3}}"
"""Names between a verb and the one that is looked at: `avisa a carla y a`."""
COURTESY = (
    r"(?:por favor|porfa|please|pls|ya|ja|now|ahora|agora|rapido|urgente|gracias|thanks|solo|only"
    r"|nomas|tambien|tambem|too)"
)
COME = (
    r"(?:ven|veni|vente|venite|venga|vem|come|apur\w+|ayuda(?:me|nos)|me ajud[ae]|ajuda|ajude"
    r"|help(?: me| us)?|corre|contesta\w*|responde\w*|por favor|porfa|please|pls|te necesito"
    r"|preciso de voce|i need you)"
)
NOT_TO = (
    r"(?:(?:no|nao|n|nunca|never|ni|nem|sin) (?:(?:le|les|lo|la|me|se|lhe) ){0,2}"
    r"(?:avis(?:es|en|e|ar|em)|llam(?:es|en|e|ar)|dig(?:as|an|a|am)|cuent(?:es|en|e)"
    r"|cont(?:es|em|e|ar)|cham(?:e|em|es|ar)|lig(?:ue|uem)|fal(?:e|em|ar)|escrib(?:as|an|a)"
    r"|busqu(?:es|en)|pas(?:es|en)|mand(?:es|en)|entere|sepa|saiba|venga|venha"
    r"|(?:quiero|quero) que (?:se )?(?:venga|venha|sepa|saiba|entere))"
    r"|(?:nao|n) (?:avisa|conta|diz|liga|chama|fala|manda|passa|deixa)"
    r"|(?:dont|do not|never|not) (?:you )?(?:tell|call|alert|notify|contact|text|write|message|ring"
    r"|send|let|inform|ask))(?: (?:nada|isso|esto|nunca|ni|nem))?"
)
BUT_FOR = (
    r"(?:(?:no|nao) (?:a|al|ao)|(?:y|e|and|pero|mas|but|,) (?:no|nao)"
    r"|(?:menos|excepto|exceto|except|salvo|but not|not)(?: for)?)(?: al| el| ao)?"
)
WITHOUT = (
    r"(?<!estoy )(?<!estamos )(?<!esta )(?<!ando )(?<!quede )(?<!to )(?<!estou )(?<!im )(?<!are )"
    r"(?<!am )(?<!a )(?:sin|sem|without)"
)
NOT_TOLD = (
    r" (?:(?:no|nao) (?:se (?:entere|puede enterar|debe enterar)|(?:lo )?sepa|venga|saiba|venha"
    r"|fique sabendo|(?:puede|debe|pode|deve) (?:saber\w*|enterarse|ver\w*|leer\w*|ler))"
    r"|(?:must|should|can|may)(?: not|nt|not|t) (?:know|see|read|find out)) "
)
NO_SUBJECT = (
    r" (?:con|com|with|de|del|da|do|dos|das|en|em|in|at|on|na|no|nas|para|pra|pro|por|pela|pelo"
    r"|sobre|hasta|desde|from|to|for|of|by|soy|sou|llamo|chamo|im|i am|habla|fala|this is"
    r"|(?:nombre|nome) e?s?|sin|sem|without)(?: la| el| a| o)?"
)
OWN_WORDS = frozenset(
    {
        *("a", "al", "ao", "as", "ayuda", "ajuda", "call", "com", "con", "da", "de", "del", "do"),
        *("dos", "e", "el", "ela", "ele", "ella", "en", "es", "esta", "help", "i", "la", "las"),
        *("los", "me", "mi", "my", "na", "nao", "ni", "no", "nos", "o", "para", "por", "porfa"),
        *("que", "quem", "quien", "se", "sem", "sin", "si", "sim", "su", "ta", "tao", "the"),
        *("they", "to", "un", "una", "venga", "y", "ya", "yes", "and", "is", "not", "dont"),
    }
)
"""Words that are no name where they stand, also if somebody is called so."""
