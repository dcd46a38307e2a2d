"""Reads the answer to whether help is to be called: `yes, I'm in 5th street`, `false alarm`."""

from __future__ import annotations

import re

from bot import distress
from bot.distress.common_words import WAS_FALSE_ALARM
from bot.text.normalisation import fold

MOST_KEPT = 1900
"""Most characters kept of what somebody writes before their yes. A call passes on fewer, but any of
them may leave somebody out."""

_YES = r"(?:si+|sim+|yes+|yep|yea+h?|yup|s[ie]p)"
_HURRY = (
    r"(?:por favor|porfa|please|plz|pls|ya|ja|ahora|agora|now|rapido|quick|urgente|urgent|asap)"
)
_PEOPLE = (
    r"(?:(?:a|para|com|to) )?(?:ellas|ellos|elas|eles|tod[ao]s|todo el mundo|todo mundo"
    r"|alguien|alguem|them|every(?:one|body)|some(?:one|body)|any(?:one|body)"
    r"|(?:mi|mis|la|minha|minhas|meu|meus|my|the) (?:gente|familia|family|people|pessoal|pessoas"
    r"|amig[ao]s|friends|contact[oa]?s|contatos))"
)
_CALLING = (
    r"(?:(?:avisa|avise|avisen|avisem|avisar|llama|llame|llamen|llamar|chama|chame|chamem|chamar"
    r"|liga|ligue|call|pode (?:avisar|chamar|ligar)|puedes (?:avisar|llamar))"
    rf"(?: {_PEOPLE})?|avisa(?:les|las|los)(?: {_PEOPLE})?|llam[ae]n?(?:las|los|les)"
    rf"|(?:tell|alert|notify) {_PEOPLE}|do it|go ahead|hazlo|hacelo|dale si"
    r"|faz isso|pode sim|faca isso)"
)
_URGED = r"(?:apurate|apurense|apura|apresse|rapido|hurry(?: up)?)"
_IS_CALLING = re.compile(
    r"(?:(?:oh?|omg|ay|ai|god|dios|deus) )?(?:(?:aviso|llamo|chamo|ligo) (?=s))?"
    rf"(?:(?:{_YES}|{_HURRY}) )*(?!ja$)(?:{_CALLING}|{_YES}|{_HURRY}|{_URGED}|pode(?: ser)?)"
    rf"(?: (?:{_YES}|{_HURRY}))*"
)
_POLICE = (
    r"(?:(?:llam|cham|avis)(?:a|ar|en?|em) (?:al? )?(?:la )?|liga(?:r)? (?:para|a) (?:a )?"
    r"|call (?:the )?)(?:policia|police|cops)"
)
_PLEA = (
    rf"(?:{_YES}|{_HURRY}|{_URGED}|{_POLICE}|ayud(?:a|ame|anos|enme)|(?:me )?ajud(?:a|e|em)(?: me)?"
    r"|help(?: me| us)?|socorro|auxilio|sos|(?:(?:a|para|com|to) )?(?:tod[ao]s|todo (?:el )?mundo"
    r"|every(?:one|body)|alguien|alguem|some(?:one|body)|any(?:one|body)))"
)
_IS_PLEADING = re.compile(rf"(?!ja$){_PLEA}(?: {_PLEA})*")
_NAMES_POLICE = re.compile(rf"(?<! no)(?<! nao)(?<! n) {_POLICE} ")
_NO = r"(?:no|nao|n|nop|nope|nah)"
_IS_NO = re.compile(
    rf"(?:{_NO} )*{WAS_FALSE_ALARM}(?: gracias| thanks)?"
    rf"|(?:{_NO} )?(?:(?:ya|ja) )?{_NO} (?:hace falta|es necesario|e (?:preciso|necessario)|precisa"
    r"|need|need to call|(?:fue|era|foi|paso|pasa|aconteceu) nada|(?:avis|llam|cham)e[sn]?"
    r"|(?:avis|llam|cham)e[sn]? (?:a nadie|ninguem))"
    r"(?: ya| ja| mas| mais| gracias| thanks| obrigad[ao])?"
    rf"|{_NO} (?:el |ella |ele |ela |eles )?(?:ya|ja) (?:se fue|se fueron|paso|passou"
    r"|(?:foi|foram) embora)(?: gracias| obrigad[ao])?"
    rf"|{_NO} (?:(?:he|she|they)(?:s|re| has| have| is| are)? (?:left|gone)|it was nothing"
    r"|its over|im (?:fine|ok|okay|safe|good))(?: now)?(?: thanks)?"
    rf"|(?:{_NO} )*(?:(?:es|era|e|its?(?: was)?|quiero|quero|i want) )?"
    r"(?:otra cosa|outra coisa|something else)(?: lo que (?:quiero|queria))?"
    rf"|(?:{_NO} )+(?:(?:es|era|e) (?:eso|isso|para eso|un incidente|um incidente)|not that)"
    r"|(?:no )?(?:thats not (?:it|what i (?:meant|want))|it was not that|not that)"
    rf"|(?:{_NO} )?dont(?: call)?(?: (?:them|anyone|anybody))?|{_NO} (?:gracias|thanks|obrigad[ao])"
)
_BEGINS_YES = re.compile(rf" (?:{_YES}|{_URGED}) ")
_NO_CONDITION = (
    r"(?!(?:si |avis|llam|estoy|toy|ando|por favor|porfa|ya|rapido|apura|ven|urgente|ayuda"
    r"|me estan? )\w*)"
)
"""Ahead of `si`: what somebody says who means a yes, typed without its accent."""
_IF = re.compile(rf"\W*si\s+{_NO_CONDITION}")
"""`si vuelve me mata`: an if, and no yes."""
_SPELT_YES = re.compile(r"\W*s(?:í|i\u0301)(?!\w)", re.IGNORECASE)
_CERTAIN_YES = re.compile(rf"^\W{{0,9}}{_YES}(?!\w)|(?<!\w)s(?:í|i\u0301)(?!\w)", re.IGNORECASE)
"""What is a yes and not an if: the first word, and each `sí` with its accent."""
_JOKE = (
    r"(?:broma|bromeando|joda|jodiendo|chiste|brincadeira|brincando|zoeira|piada|trote|joke|joking"
    r"|kidding|prank)"
)
_TO_CALL = (
    r"(?:to|a|con|com|para) (?:quien|quem|whom?|call|tell|text|alert|notify|avis|llam|cham|lig)"
)
"""Behind nobody: whoever is to be called, and not whoever might help."""
_STATED = re.compile(
    rf" (?:no|nao|n|not|isnt) (?:(?:es|e|esto|estoy|estou|to|is|an?|una?|uma) ){{0,3}}{_JOKE}(?= )"
    r"| (?:no|nao|n) para(?= $)"
    r"| (?:no|nao|n) (?=(?:puedo|posso|consigo|tengo|tenho|me dej|me deix|me suelt|me solt|para"
    r"|salgo|veo|vejo|aguant|aguent|\d|sei? (?:donde|onde|que|quien|quem|como|cuant|quant|nada)))"
    r"| (?:no|nao|n) (?:hay|tem|ha|veo|vejo|viene|vem)(?: a)?(?: mas| mais)? (?:nadie|ninguem)"
    rf"(?! {_TO_CALL})| (?:no|nao|n) (?=(?:hay|tem) (?!{_TO_CALL}|(?:nadie|ninguem|que|para que"
    r"|apuro|prisa|pressa|necesi|necess|razon|motivo)))"
    r"|(?: theres?(?: is)?)? (?:no one|nobody|nadie|ninguem)"
    r" (?=(?:is(?! to )|here|helps|answers|comes|me|nos|est?a|viene|vem|ajuda|abre"
    r"|contesta|responde|atende) )"
    rf"| theres?(?: is)? (?:no one|nobody)(?! {_TO_CALL})"
    rf"| (?:pero|but) (?=(?:{_HURRY}|apur\w*|hurry) )"
    rf"| dont (?=know (?:where|what|who|how) )| not (?=safe (?!{_TO_CALL}))"
    r"|(?: estou| to| el[ea]s? (?:ta|tao|esta|estao)) no (?!one )"
)
"""What is no objection to the call: `sí, no puedo hablar`, `sim, estou no mercado`."""
_COUNT = (
    r"(?:an?|one|half|two|three|five|few|un[oa]?s?|um|uma|media|meia|dos|dois|duas|tres|cinco"
    r"|\d{1,3}|ten|diez|dez|quin[cz]e|fifteen|veinte|vinte|twenty)"
)
_SPAN = (
    r"(?:(?:an? )?(?:moment|minut|min|mins|rat|hor|hour|second|segund|sec|instant)\w{0,4}"
    r"|bit|while|tempo)"
)
_DAY = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|segunda|terca|quarta|quinta|sexta"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_PART_OF_DAY = r"(?:manha|tarde|noche|noite|madrugada|evening|night|afternoon)"
_VERB = (
    r"(?:avis\w+|llam\w+|cham[ae]\w*|lig(?:a|ue\w?|ar)|call|tell|alert|notify|ven(?:gan?|ham?)?"
    r"|(?<!will )come|mand[ae]n?|send|do it|hazlo|faz isso|go ahead)"
)
_STRAIGHT = (
    rf"(?:^(?: {_YES}| {_HURRY}| ok| and| y| e| mas| just| only| solo| so| que| mejor| melhor"
    rf"| pode| puedes?| quiero| quero)*|(?<= )(?:{_VERB}|ask(?: me)?|escrib\w+"
    r"|escrev\w+|pregunt\w+|pergunt\w+)"
    r"(?: (?!(?:que|that|el|ella|ele|ela|he|she|me|esta|ta|is|estoy|im|estou) )\w+){0,3}?)"
)
"""The yes or a verb of calling, and what may stand between it and when that is to be done."""
_TIME = (
    r"(?:later|despues|depois|luego|logo mais|soon|afterwards?|after(?! (?:me|us) )|(?:mas|mais)"
    r" tarde|tomorrow|tonight|amanha|manana|al rato|daqui a|dentro de"
    rf"|(?:(?:in|en|em|within|so|dame|give me|me da) )?{_COUNT} {_SPAN}"
    rf"|(?:el|este|on|this|next|na|no) {_DAY}(?= (?:feira )?$)"
    rf"|(?:esta|a la|en la|por la|de|a|at|this) {_PART_OF_DAY}(?= $)"
    r"|(?:a las?|as|at) \d{1,2}(?: \d\d)?(?: ?(?:h|hs|am|pm|horas))?"
    rf"(?: d(?:e la|a) {_PART_OF_DAY})?(?= $)"
    r"|(?:(?:en|em|at) )?(?:otro|outr[ao]|another) (?:dia|day|momento|rato|hora|time)"
    r"|(?:proxim[ao]|next) (?:semana|vez|week|time)|semana que (?:viene|vem))"
)
_CONDITION = (
    r"(?:if|unless|until|till|when|whenever|(?<!at )once|in case|as long as|provided|cuando|quando"
    r"|en cuanto|assim que|logo que|caso|una vez que|ni bien|tan pronto|tao logo|por si"
    rf"|si(?= {_NO_CONDITION})|salvo (?:que|si|se)|a no ser|(?:hasta|ate) que|ate (?:el[ea]s?|eu)"
    r"|(?:while|mientras|enquanto)(?! (?:\w+ )?(?:still|can|pued\w+|da|de|hay|ha|tem|tempo) )"
    r"|se (?:el[ea]s?|eu|nao|voce|alguem|a gente|for|o|a|os|as|meu|minha|der|precisar|piorar|voltar"
    r"|vier|chegar|sair|demorar|acontecer))"
)
_STOP = (
    r"(?:stop(?! (?:him|her|my) )|(?:parar|pare[mns]?|fren(?:a|e)\w{0,2}|deten(?:te|gan)?)"
    r"(?! (?:al?|ao|o|el[ea]|es[ae]|ess[ae]) ))"
)
_AT_LAST = re.compile(rf"[,.;:\n]\s{{0,5}}{_TIME}\W{{0,9}}$")
"""`sí, estoy en casa, más tarde`: when it is to be done, as the last clause."""
_PUT_OFF = re.compile(
    rf"{_STRAIGHT} (?:{_TIME}|{_CONDITION}|{_STOP}) "
    rf"| (?:pero|mas|but) (?:(?:solo|so|only|just) )?{_TIME} "
    r"| (?:cuando|quando|when|once|until|till|after|hasta que|ate|en cuanto|assim que|logo que)"
    r"(?: \w+){0,3} (?:vayan?|salgan?|duerman?|dorm\w+|sair\w*|for embora|leaves|(?<=they )leave"
    r"|gone|goes|asleep|sleeps)"
    rf" | (?:{_TIME}|{_CONDITION}(?: (?!(?:me|nos|us) )\w+){{1,4}}) (?!come |ven){_VERB} "
)
"""When it is to be done, or not: behind other words (`he will be back soon`) that is no such
reservation, unless it waits until somebody is away."""
_TAKEN_BACK = re.compile(
    r" (?:only|solo(?! tengo )|solamente|nomas|apenas|menos|except|excepto"
    r"|so (?:a|o|as|para|com|minha|meu|ela)"
    # not yet
    r"|(?<!me )(?<!nos )esper(?:ar?|en?|em|emos)|(?<!l[oae]s )(?<!te )espero(?! voce)|esperame"
    r"|aguarda\w{0,2}|aguard[ae]m?|aguanta\w{0,2}|wait|hold (?:on|off)|hang on|calma"
    r"|(?:todavia|ainda|aun)(?= (?:(?:no|nao|n) )?$)|yet|(?:and|y|e|call|tell) later"
    r"|antes(?! (?:que|de|d\w{1,3}) )|primero(?! de )|primeiro(?! (?:de|andar) )"
    r"|first(?! (?:st|street|ave\w*|floor|time) )|let me(?! (?:out|go|leave) )"
    r"|(?:te|yo|eu) aviso|(?:ill|i will) (?:tell|say|text|write|let)|depend[es]\w?"
    # rather not
    r"|cancel\w*|anul\w*|abort|forget|nevermind|olvid\w*|esquec\w*|undo|suspend\w*"
    r"|(?<!him )(?<!them )stop (?:it|that|calling|now)|hang up|cuelg\w*|desliga|basta|chega(?= $)"
    r"|para(?: (?:por favor|porfa|ya|ja|agora|ahora|tudo|todo|isso|eso|con eso|com isso))*(?= $)"
    r"|(?<!me )deixa|dejal[oa]|dejame(?! (?:salir|ir) )|prefier\w*|prefir\w*|prefer|rather"
    rf"|tal ?vez|quizas?|capaz(?! de )|(?:mejor|melhor)(?! (?:que )?(?:{_HURRY}|{_VERB}) )"
    r"|maybe|perhaps|idk|(?:my|de) (?:mind|idea|ideia|opinion)|arrepent\w*"
    # no earnest, or what was written is to go
    rf"|{_JOKE}|mentira|(?:by|it was an?) (?:accident|mistake)|ignor[ae]\w{{0,3}}"
    r"|borr(?:[ae]n?|ar|ad)(?:l[aeo]s?)?|elimina\w{0,3}|(?<!will )(?:delete|erase)|unsend|skip"
    r"|take (?:it|that) back|(?:quita|saca)(?:l[ao]|(?= eso))|apaga(?= (?:$|tudo|isso))|leave it"
    r"|entre (?:nos\w*|a gente)|between us|doesnt matter"
    # by themselves
    r"|(?<!cant )(?:manage|handle|cope)|(?:call|tell|text|do|alert)(?: \w+){0,2} myself"
    r"|(?:ill|i will|im going to|im gonna)(?: be (?:fine|ok|alright)| call| phone| do it)"
    r"|me las? (?:arregl|apan)\w+|me viro|dou conta|(?:yo|eu)(?: mism[ao]| mesm[ao]| l[aeo]s?)*"
    r" (?:llamo|ligo|chamo)|(?:llamo|aviso|ligo|chamo|arreglo|resuelvo) (?:yo|eu)) "
)
"""What may hold the call off or take it back: he may still be there."""
_NOT = r"(?:no|nao|n|not|dont|never|nunca|nadie|ninguem|nobody|pero|but)"
_OBJECTION = re.compile(rf" {_NOT} ")
"""What follows may be what is not to be done."""
_BUT = re.compile(
    r" (?:pero|but) (?!(?:(?:ya|ahora|now|also|tambien) )?(?:(?:estoy|im|i am)(?! (?:bien|fine|ok"
    r"|okay|good|safe))|me(?! las? )|i(?! (?:can|will|have it|got it) )|hes?|shes?|they|theyre"
    r"|ell[ao]s?|el|l[ao]s?|the|mis?|my|tengo|vivo|hay|no|cant|dont|nadie|nobody"
    rf"|{_HURRY}) )| mas (?:eu )?(?:resolvo|consigo|aguento|(?:estou|to|ta) bem) "
)
"""In a line that tells of danger: what follows may be why nobody is to be called."""
_MUST = (
    r"(?:l[aeo]s?|me|se|to|que|please|is|has|must|should|can|may|debe|deve|puede|pode|tiene|tem|va"
    r"|vai)"
)
_OBJECTION_TO_CALL = re.compile(
    rf"(?:^| {_NOT}) {_NOT} | {_NOT} (?:{_MUST} ){{0,2}}(?:{_VERB}|dig\w+"
    r"|decir|diz\w*|cont\w+|hag\w+|fa[cz]\w*|hace falta|need|precis\w+|quiero|quero|want|do|yet|now"
    r"|a|al|ao|my|mi|minha|meu|ahora|agora|todavia|ainda"
    r"|saber|sepa\w*|saiba\w*|enter[ae]\w*|descubr\w+|find out|know(?! (?:where|that|i|how) )"
    r"|adianta|sirve|vale|worth|use|es? para)"
    r" |(?: no| sin| sem| without)(?: (?:a|la|the|any))? (?:polic\w+|cops|pacos|team|equipo|equipe)"
    rf" | not the (?!first )| (?:no|nao|n) (?:el|o) "
    rf"| not (?!safe|ok|alone|well|sure|here|home|stop|\w+ing )\w+ $| (?:{_NOT}(?= $)"
    r"|(?:ahora|agora|todavia|ainda|aun) (?:no|nao|n)) "
)
"""The same in a line that tells of danger: `yes he hits me, do not tell my mum`."""


def read_answer(text: str) -> str | None:
    """Return `yes` or `no` if the line answers whether help is to be called, else None.

    A yes at its beginning is enough, whatever it tells besides, unless that may take it back.
    """
    words = distress.fold_words(text).strip()
    if distress.is_agreement(text) or _IS_CALLING.fullmatch(words) or tells_more(text):
        return "yes"
    return "no" if _IS_NO.fullmatch(words) else None


def pleads(text: str) -> bool:
    """Return whether the line is only a cry, or whom to call: `help`, `everyone`, `call the
    police`. To the question whether somebody in danger is to be helped that is a yes."""
    return _IS_PLEADING.fullmatch(distress.fold_words(text).strip()) is not None


def wants_police(text: str) -> bool:
    """Return whether the line asks to call the police, which the bot can't."""
    return _NAMES_POLICE.search(distress.fold_words(text)) is not None


def tells_more(text: str) -> bool:
    """Return whether the line agrees that help is called and also tells something, such as where
    the person is."""
    words = distress.fold_words(text)
    if distress.is_agreement(text) or _IS_CALLING.fullmatch(words.strip()):
        return False
    if _BEGINS_YES.match(words) is None or "?" in text or "¿" in text:
        return False
    if _IF.match(fold(text)) and not _SPELT_YES.match(text):
        return False
    if distress.asks_secrecy(text) or distress.sounds_over(text):
        return False
    if _AT_LAST.search(fold(text[: distress.MOST_CHARACTERS])):
        return False
    told = distress.fold_words(_CERTAIN_YES.sub(" ", text))
    in_danger = distress.find_help_kind(told) is distress.HelpKind.DANGER
    objection = _OBJECTION_TO_CALL if in_danger else _OBJECTION
    if in_danger and _BUT.search(told):
        return False
    left = _STATED.sub(" ", told)
    return not any(reserved.search(left) for reserved in (_PUT_OFF, _TAKEN_BACK, objection))


def add_line(kept: str, line: str) -> str:
    """Return the command that a yes runs, with one more line, so that whom each line names is still
    read by itself. The oldest words are cut first."""
    command, _, said = kept.partition(" ")
    every = f"{said}\n{line}".strip()
    return f"{command} {every[-MOST_KEPT:]}".strip()
