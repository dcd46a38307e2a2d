"""What people type in danger or after harm, in Spanish, Portuguese and English: the vocabulary.

A line of a table is a phrase, as `bot/distress.py` reads it: without accents and marks, `*` is any
ending, `..` up to three words between, `(a|b)` either; in Spanish and Portuguese spelt by ear too.
`SURE` is heeded in a room though nobody spoke to the bot: it is said of oneself, or calls for help.
"""

from __future__ import annotations

CRIES = (
    *("auxilio", "socorro", "sos", "s o s", "mayday", "peligro", "perigo", "danger"),
    *("emergencia", "emergency", "panico", "panic", "ayudenme", "ajudem", "me ajudem"),
    *("ayudennos", "help me", "help us", "save me", "salvenme", "me salvem", "me salva"),
)
"""They are the whole line, or stand before what happens."""

POLITE = (
    *("por favor", "porfa", "porfavor", "xfa", "urgente", "urgentemente", "urgent", "ya", "ahora"),
    *("ahorita", "rapido", "agora", "ja", "logo", "now", "please", "pls", "plz", "quick", "asap"),
    *("pelo amor de deus", "por el amor de dios", "por dios", "right now", "someone", "alguien"),
    *("alguem", "me", "omg", "dios", "deus", "god", "mucha", "muita", "es", "e", "its an", "una"),
    *("uma", "hay", "tem", "help", "ayuda", "ajuda", "estoy en", "estou em", "im in", "i am in"),
    *("en", "em", "in", "hola", "oi", "hi", "amiga", "gente", "a", "todos", "gracias", "obrigada"),
)
"""What stands beside a cry and says nothing else."""

_WHO_ES = (
    "(la|un|una|los|unos|dos|el|varios|hay|mucha)? ?(policia*|poli|cana|milico*|militares|soldados"
    "|gendarme*|carabineros|pacos|tombos|esmad|ejercito|migra|antimotines|encapuchados|sicarios"
    "|paramilitares|paracos|narcos|matones|grupo de choque|patrulla*|federales)"
)
_WHO_PT = (
    "(a|o|um|uma|os|uns|tem)? ?(policia*|pm|pms|pf|choque|tropa de choque|milicia*|milicianos"
    "|gcm|guarda municipal|oficial de justica|soldados|exercito|bandidos|viatura*|capangas)"
)
_WHO_EN = (
    "(the|a|some|riot|two)? ?(police|cops?|bailiffs?|soldiers|ice agents?|feds|marshals?|sheriffs?"
    "|riot police|gunm[ae]n|militia|immigration|army|thugs)"
)
_HIM_ES = "(mi|su) (ex|marido|esposo|novio|pareja|padrastro|papa|padre|hermano|companero|jefe)"
_HIM_PT = "(meu|o meu|seu) (ex|marido|esposo|namorado|companheiro|padrasto|pai|irmao|chefe)"
_HIM_EN = "(my|her) (ex|husband|boyfriend|partner|stepfather|stepdad|dad|father|brother|boss)"

_DONE_ES = (
    "(persigu*|persig*|detuv*|detub*|detien*|deten(er|idos)|arrest*|apres*|captur*|desaloj*|asalt*"
    "|robaron|robar|golpea*|pegaron|apunal*|violaron|amenaza*|secuestr*|encerraron|dispara*|gasea*"
    "|tortur*|extorsion*|chantaje*|ataca*|atacaron|agred*|allana*|rodearon|esposaron|embosca*"
    "|encanon*|quieren matar|van a matar|va a matar|va matar|quiere matar|matan|siguiendo|sacaron a"
    " la fuerza|llev(an|aron|aran) (pres*|deten*|arrest*|a la comisaria|a la estacion|a la fuerza)"
    "|llevando (pres*|deten*|arrest*)|subi(eron|endo) a .. patrulla|tiraron gas|tiran gas)"
)
_DONE_PT = (
    "(perseguindo|persegu*|seguindo|seguiram|prenderam|prendendo|prender|detiveram|despej*"
    "|assalt*|roubaram|bateram|batendo|agred*|esfaque*|estupr*|ameaca*|sequestr*|trancaram"
    "|trancou|atac*|tortur*|espanc*|baleada|balead*|algem*|cercaram|cercando|encurral*|matar"
    "|expuls(aram|ando) .. casa|levaram pres*|levando pres*|levar pres*|jogaram .. viatura)"
)
_BEING_EN = (
    "(followed|chased|stalked|evicted|arrested|detained|robbed|mugged|attacked|beaten|raped"
    "|assaulted|threatened|kidnapped|held|shot at|tortured|blackmailed|abused|deported|surrounded"
    "|gassed|stabbed|hunted|doxxed|doxed|raided|handcuffed)"
)
_ACTING_EN = (
    "(following|chasing|stalking|evicting|arresting|detaining|robbing|attacking|beating|threatening"
    "|raiding|shooting|hitting|kidnapping|hurting|strangling|choking|gassing|surrounding|hunting)"
)

DANGER_SURE = {
    "es": (
        f"(me|nos) (esta |estan |estaban |vienen |viene |van a |acaban de )?{_DONE_ES}",
        "(me|nos) siguen(?! *ndo| en (insta|redes|twitter))",
        "(me|nos) (viene siguiendo|vienen siguiendo|andan siguiendo|anda siguiendo)",
        "(me|nos) sigue (un|una|alguien|el|gente|dos)",
        "(estoy|estamos) (en peligro|deten*|pres(a|o|as|os)|secuestrad*|rodead*|en la comisaria)",
        "(estoy|estamos) (herid(a|o|as|os)|encerrad(a|o|as|os))",
        f"(llego|llegaron|entro|entraron|esta|estan|ya esta|ya llego) {_WHO_ES}",
        f"{_WHO_ES} (esta |estan |llego |llegaron |entro |entraron |anda )?(en|a|afuera|tocando"
        "|tumbando|pateando|rompiendo) .. (puerta|casa|oficina|sede|local|redaccion|edificio)",
        "(nos|me) (cayo|cayeron) .. (policia|oficina|casa|sede|allanamiento)",
        "(estan|esta) allanando",
        "^(ayuda|ayudenme|auxilio|socorro|emergencia|urgente|peligro|sos) (me|nos|hay|estan|llego"
        "|esta|se|mi|la policia|llegaron|estoy|por favor|porfa)",
        "(hay|tenemos) (un |una |varios |varias |gente )?(heridos|heridas|herido|herida|muertos)",
        "(manden|llamen|llama|necesitamos|pidan) .. (ambulancia|medico|medica|paramedicos)",
        "necesito ayuda (urgente|ya|ahora)",
        "ayuda urgente",
    ),
    "pt": (
        f"(me|nos) (esta |estao |tao |ta |vao |acabaram de |querem |quer )?{_DONE_PT}",
        f"(esta|estao|tao|ta|vao|to sendo|fui|fomos|estou sendo|sendo) {_DONE_PT}"
        " (a gente|nos|a nossa|todo mundo|eu)",
        "(vai|vao|quer|querem) me matar",
        "(fui|fomos) (pres(a|o|as|os)|detid(a|o|as|os)|assaltad*|roubad*|agredid*|estuprad*"
        "|ameacad*|sequestrad*|despejad*|espancad*|baleada|baleado)",
        "(to|tou|estou|estamos|tamo) (sendo|em perigo|pres(a|o|as|os) (na delegacia|na dp"
        "|na cadeia|pela (policia|pm))|cercad*"
        "|ferid*|na delegacia|detid*|encurralad*)",
        "(tem|um|uma) .. me (seguindo|perseguindo|ameacando)",
        f"{_WHO_PT} (chegou|ta|esta|entrou|invadiu|tao|estao|na|no|aqui) .. (porta|casa|aqui|sede"
        "|ocupacao|escritorio|redacao|predio)",
        f"(chegou|chegaram|entrou|entraram) {_WHO_PT}",
        "(invadiram|tao invadindo|estao invadindo|arrombaram) .. (redacao|casa|sede|escritorio"
        "|ocupacao|porta|predio|sala)",
        "^(socorro|ajuda|emergencia|urgente|me ajuda|perigo|sos) (me|nos|tem|estao|tao|estou|to|ele"
        "|a policia|a pm|chegou|fui|por favor|despej*|prend*)",
        "(tem )?gente (ferida|baleada|machucada|sangrando)",
        "(chama|chamem|manda|mandem|precisamos de|liga pra) .. (ambulancia|samu|medico|medica)",
        "(preciso de|precisamos de) ajuda (urgente|agora|ja)",
        "ajuda urgente",
    ),
    "en": (
        f"(im|i am|were|we are|i was|we were|ive been|i have been|i got|we got|i just got) (being"
        f" |been |just )?{_BEING_EN}",
        f"(they|he|she|someone|somebody|police|cops|people|a man|a guy|a car|men|who) ?(are|is|re|s"
        f"|been|has been|keeps)? {_ACTING_EN} (me|us|my|our)",
        f"(theyre|hes|shes) {_ACTING_EN}",
        "(he|she|they|someone|somebody) (just )?(threatened|attacked|hit|beat|robbed|raped|stabbed"
        "|mugged|kidnapped|assaulted|hurt) (me|us)",
        "(im|i am|we are|were) (in danger|trapped|bleeding|hurt badly|under attack|in custody"
        "|in jail|at the police station)",
        f"{_WHO_EN} (are |is |re )?(at|outside|here|in|inside|raiding|breaking|kicking|coming)"
        " .. (door|house|home|office|newsroom|building|here|place|us)?",
        "^(emergency|help|sos|urgent|danger) (they|he|she|police|im|i am|we|someone|theres|the)",
        "(we|i) need (a |an )?(medic|ambulance|doctor|paramedics?)",
        "call (a |an |the )?(ambulance|911|112|999|paramedics?)",
        "people are (bleeding|hurt|injured|dying)",
        "(i )?need (urgent help|help now|help right now|help urgently|help asap)",
        "help (urgent|now|asap)",
    ),
}

DANGER_LIKELY = {
    "es": (
        "(me|nos) (quiere |va a |esta |acaba de )?(pego|pega|golpeo|robo|robando|pegando|violo"
        "|viola|encerro|encierra|ahorca*|ahorco|empujo|apunta con|apuntan con|apunto con|matar|toma"
        " por la fuerza|jaloneo|corto|tiro)",
        "abus(o|aron|aba|aban) (sexualmente )?de (mi|una|ella|nosotras|mi .)",
        "(la|lo|las|los|le|les) (esta |estan |van a |acaban de )?" + _DONE_ES,
        "(detuvieron|detubieron|se llevaron|golpearon|mataron|secuestraron|arrestaron|atraparon"
        "|asaltaron|robaron|amenazaron|balearon|hirieron|apresaron|encarcelaron|violaron) a",
        "(tomaron|tienen|llevaron|cayo|esta) (pres(a|o|as|os)|deten*)",
        "(estan|andan|esta) (disparando|tirando|gaseando|reprimiendo|desalojando|golpeando|balaceando"
        "|sacando a la gente|llevando gente|llevandose|rompiendo|quemando|siguiendo)",
        "(se estan|se estaban) llevando",
        "(balacera|tiroteo|balazos|disparos|gases|lacrimogen*|represion|desalojo|allanamiento"
        "|redada) (en|aqui|ahora|ya|en la|en el|hoy|acaba*)",
        "(hay|empezo|es|tenemos) (una |un |el |la )?(balacera|tiroteo|disparos|gases|represion"
        "|desalojo|allanamiento|redada|bomba)",
        "(hay|son|tengo|veo) .. " + _WHO_ES,
        f"{_WHO_ES} (me|nos|le) (quito|quitaron|tiene|agarro|agarraron|paro|pararon|llevo|pide)",
        f"(viene|vienen|llama|tocan|golpean|tumban) .. {_WHO_ES}",
        f"{_HIM_ES} (me|le|la|esta|llego|vino|entro|amenaz*|esta afuera|se volvio|no me)",
        "(tengo|siento|tenemos|me muero de) (mucho |tanto |un )?miedo",
        "(estoy|estamos) (asustad*|aterrad*|encerrad*|atrapad*|escondid*|sangrando|sola y|en riesgo)",
        "no (me|nos) (deja|dejan|dejo|dejaron) (salir|ir|en paz|entrar|hablar)",
        "no (puedo|podemos) (salir|respirar|escapar|volver a (mi )?casa|mas con mi vida)",
        "(esta|estan) (afuera|en la puerta|pateando|golpeando|tumbando|rompiendo) .. (puerta|casa"
        "|gritando|vidrio*|esperandome|todo)?",
        "(llego|recibi|recibimos|mandaron|tengo|hay) .. (amenaza*|amenasa*)",
        "(amenaza*|amenazado|amenazada) (de muerte|de bomba|contra|con)",
        "(publicaron|subieron|difundieron|filtraron|compartieron|pusieron|tienen|circulan|hackearon)"
        " .. (direccion|fotos intimas|fotos mias|mis fotos|mis datos|mi numero|telefono|nudes"
        "|video intimo|pack|mi cuenta|packs|desnud*)",
        "(quitaron|quito|decomisaron|confiscaron|robaron|incautaron|revisaron|revisan|arrebataron)"
        " .. (celular|cel|telefono|computador*|equipo*|camara|pasaporte|laptop|documentos)",
        "(me|se|nos) (quiero|quiere|quisiera|quieren|voy a|va a|ba a|dan ganas de|da ganas de) (morir"
        "|matar|suicidar|cortar las venas|hacer dano|lastimar)",
        "(quiero|quiere|va a|voy a|queria|pienso en|piensa en|habla de|dice que) .. (morir*"
        "|suicid*|matarse|matarme|quitarse la vida|quitarme la vida|desaparecer para siempre)",
        "(ya )?no (quiero|quiere) (vivir|seguir viviendo|estar aqui mas)",
        "(suicid*)",
        "(hay|tengo|una|un|esta|mi) .. (herid(a|o|as|os)|lastimad(a|o)|inconsciente|desmayad*"
        "|sangrando|baleado|baleada)",
        "(se perdio|perdi|no encuentro|no aparece|desaparecio|se llevaron|no veo) .. (hij(o|a|os|as)"
        "|nin(o|a|os|as)|bebe|herman(o|a)|mama|amig(o|a)|companer(o|a)|compa|nen(e|a)|sobrin(o|a)"
        "|chic(o|a)|periodista|abuel(o|a)|pareja|novi(o|a)|muchach(o|a))",
        "(no contesta|no responde|no aparece|no llego|no volvio|no ha vuelto|no sabemos nada de"
        "|no se sabe|sin noticias de|perdimos contacto) .. (desde|hace|anoche|ayer|horas|casa|dias"
        "|ella|el|nadie|la|mi)",
        "(esta|sigue) desaparecid*",
        "(llam*|escrib*) .. amenaz*",
        "(ayuden|ayudame|ayudeme|ayudanos|ayuda) .. (estoy|esta|miedo|policia|casa|deten*|detub*"
        "|peligro|urgente|sangr*|golpe*|plis|plz|porfa)",
        "(alguien|un tipo|un hombre|un carro|una moto|una camioneta|un auto|unos tipos) .. (siguiendo"
        "|sigue|persigue|detras de mi|atras de mi|vigilando|afuera de mi casa|me espera)",
        "(necesito|busco) .. (refugio|abogad(o|a) urgente|huir|esconderme|salir de aqui|un lugar"
        " seguro)",
        "(nos|me) (vigilan|estan vigilando|intervinieron|hackearon|estan hackeando)",
    ),
    "pt": (
        "(me|nos) (bateu|bate|agrediu|roubou|trancou|tranca|empurrou|estuprou|matar|enforcou"
        "|esfaqueou|apontou|ameacou|persegue|segue|perseguiu|seguiu|estrangulou|espancou|chutou)",
        "abus(ou|aram|ava) (sexualmente )?(de mim|dela|da minha|de uma)",
        "apanhei (do|da|de)",
        f"(prenderam|detiveram|mataram|sequestraram|agrediram|levaram|balearam|espancaram|prendeu"
        f"|assaltaram|roubaram) (a|o|as|os|um|uma|minha|meu|gente|{_HIM_PT})",
        "(levaram|ta|esta|foi|tao) .. (pres(a|o|as|os)|detid(a|o|as|os)|baleada|baleado|ferid(a|o))",
        "(tao|estao|ta|esta|vao) (atirando|jogando bomb*|jogando gas|despejando|despejar|batendo|"
        "revistando|prendendo|levando|arrombando|quebrando|invadindo|derrubando|seguindo)",
        "(tiroteio|tiros|bala perdida|bomba de gas|gas lacrimogeneo|despejo|batida) (aqui|no|na|em"
        "|agora|hoje)",
        "(tem|ta tendo|comecou|e) (um |uma |o |a )?(tiroteio|tiro|tiros|despejo|bomba|batida|conflito)",
        f"{_WHO_PT} (ta|tao|chegou|me|nos|entrou|vem|vindo|pegou|tomou|levou|bateu|parou)",
        f"(chegou|chegaram|vem|veio|tem) .. {_WHO_PT}",
        f"{_HIM_PT} (me|ta|esta|chegou|entrou|ameac*|nao me|veio|bateu|apareceu|ficou)",
        "(to|tou|estou|estamos|tamo|sinto) (com )?(muito |tanto )?(medo|apavorad*|assustad*|trancad*"
        "|escondid*|sangrando|em risco|presa em casa|sem saida)",
        "ele (vai|ta|esta) (me|vindo|aqui|la fora|gritando|batendo|na porta|atras)",
        "nao (me|nos) (deixa|deixam|deixou) (sair|ir|em paz|entrar)",
        "nao (posso|consigo|podemos) (sair|respirar|fugir|voltar pra casa)",
        "(recebi|recebemos|chegou|mandaram|tem) .. ameaca*",
        "(ameaca*) de (morte|bomba|estupro)",
        "(lig*|mand*|escrev*) .. ameac*",
        "(vazaram|publicaram|postaram|expuseram|divulgaram|espalharam|compartilharam|hackearam)"
        " .. (endereco|nudes|fotos|meus dados|meu numero|telefone|video|pelada|intim*|conta|dados)",
        "(pegaram|tomaram|levaram|tomou|pegou|roubaram|apreenderam|confiscaram|revistaram|arrancaram)"
        " .. (celular|telefone|computador*|notebook|camera|documento*|equipamento*|passaporte)",
        "(quero|queria|quer|vou|vai|falou que|disse que|pensando em|vontade de) .. (morrer|me matar"
        "|se matar|suicid*|sumir do mundo|acabar com a vida|tirar a (minha )?vida)",
        "nao (quero|aguento|quer|consigo) (mais )?(viver|seguir vivendo|continuar viv*)",
        "(suicid*)",
        "(tem|alguem|uma|um|ta|esta|minha|meu|gente) .. (ferid(a|o|as|os)|machucad(a|o|as|os)"
        "|desmai*|sangrando|inconsciente|baleada|baleado)",
        "(perdi|nao acho|nao encontro|sumiu|desapareceu|cade|nao vejo|levaram) .. (filh(o|a|os|as)"
        "|crianca|menin(o|a)|bebe|irma|irmao|mae|amig(o|a)|companheir(o|a)|sobrinh(o|a)|jornalista)",
        "(irma|irmao|filha|filho|amiga|amigo|mae|jornalista|companheira|reporter|menina|namorada)"
        " .. (sumiu|desapareceu|nao voltou|nao chegou|nao responde|nao atende)",
        "(nao responde|nao atende|nao voltou|nao chegou|nao consigo falar com|sem noticias d*|perdemos"
        " contato) .. (desde|faz|ontem|horas|casa|dias|dela|dele|ela|ele)",
        "(ta|esta) desaparecid*",
        "(me ajuda|me ajudem|ajuda|ajudem|pode me ajudar) .. (medo|policia|ele|perigo|urgente|to|preso"
        "|presa|sangr*|casa)",
        "(um cara|um homem|um carro|uma moto|alguem|uns caras|tem um) .. (me seguindo|atras de mim"
        "|seguindo|me vigiando|parado .. casa|me esperando|me persegu*)",
        "(preciso|precisamos) .. (abrigo|fugir|advogad(o|a) urgente|me esconder|sair daqui"
        "|lugar seguro)",
        "(tem|to vendo) .. atras de mim",
    ),
    "en": (
        f"{_HIM_EN} (is |just |has |s )?(hit|hits|hurt|hurts|beat|beats|beating|threaten*|wont|outside"
        "|here|at|choked|raped|hitting|found|is coming|locked|pushed|came|broke|keeps)",
        "(he|she|they) (is |are |s |re )?(going to|gonna|wants to|want to|will|trying to|tried to|gonna)"
        " (kill|hurt|beat|rape|arrest|evict) (me|us|him|her|them)?",
        "(he|she|they) (just )?(choked|raped|punched|slapped|locked|grabbed|strangled|drugged|beats"
        "|hits|abuses|abused|threatens) (me|us|her|him)",
        "(wont|doesnt|didnt|not) let(ting)? (me|us) (leave|go|out)",
        "(im|i am|we are|were|feeling|i feel) (so |very |really )?(scared|afraid|terrified|frightened"
        "|hiding|locked in|stuck .. him|unsafe|not safe)",
        "(dont|do not|doesnt) feel safe",
        "(getting|got|received|receiving|sent|sending|under|has) .. (threat|threats|death threat*)",
        "threaten(ed|ing|s)? (to|me|us|my|her|him)",
        "(death|bomb|rape) threats?",
        "(posted|leaked|published|shared|sharing|posting|spreading|dropped|hacked|put) .. (my|our|her)"
        " (address|number|nudes|pics|photos|pictures|details|data|phone|account|info|home)",
        "(sharing|shared|leaking|posting|has|spreading) .. (pics|photos|pictures|nudes|video*)"
        " of (me|her|us)",
        "nudes .. (leaked|out|online|shared|everywhere)",
        "(doxx?ed|doxx?ing|revenge porn|swatted)",
        "(took|taken|confiscated|stole|seized|grabbed|smashed|snatched|searched) .. (phone|laptop"
        "|camera|computers?|passport|devices?|bag|cell|documents)",
        f"{_WHO_EN} .. (took|hit|stopped|grabbed|raided?|arrest*|detain*|confiscated|evict*|beating"
        "|outside|raid|here)",
        "(arrested|detained|took|kidnapped|shot|killed|deported|stabbed|beat up|grabbed|attacked)"
        " (my|our|a|the|him|her|them|three|two|some|[a-z]+)$",
        "(was|got|been|were|is being|are being) (arrested|detained|shot|stabbed|kidnapped|raped"
        "|attacked|assaulted|robbed|mugged|beaten|abducted|evicted|taken away|hurt|jailed)",
        "(they are|theyre|were|being) .. (evict*|raid*)",
        "(shooting|gunfire|gunshots|tear ?gas|shots|raid|explosion) (at|here|outside|everywhere|now"
        "|in|fired|happening|going on)",
        "(theyre|they are|police|cops) (shooting|firing|gassing|charging|kettling|coming|here)",
        "(want|wants|wanted|going|gonna|wanna|thinking about|thinking of|says|said) .. (die|dying"
        "|kill (my|her|him|them)sel*|end it all|suicid*|ending it|end (my|her|his) life|self harm)",
        "(suicid*)",
        "(cant|dont want to|dont wanna|cannot) (go on|live|be here|do this) (anymore|any more|any longer)",
        "(someone|somebody|friend|people|girl|man|woman|guy|protester|shes|hes|comrade) .. (hurt"
        "|injured|bleeding|unconscious|collapsed|passed out|shot|wounded|not breathing)",
        "(lost|cant find|cannot find|missing|looking for|took|where is) .. (my|our|her) (kid|kids|child"
        "|children|son|daughter|sister|brother|friend|mom|mother|baby|boy|girl|colleague|reporter"
        "|partner|niece|nephew)",
        "(reporter|journalist|sister|brother|daughter|son|friend|mother|colleague|comrade|girl|partner"
        "|kid|child|wife) .. (missing|disappeared|not answering|isnt answering|wont answer"
        "|didnt come (home|back)|hasnt come (home|back)|never came|gone|cant be reached)",
        "(isnt|not|stopped|hasnt|doesnt|wont) (answering|answered|answer|responding|replied|reply|come"
        " home|been seen) .. (since|for|hours|last|days|calls|phone|yesterday)",
        "(lost contact with|cant reach|cannot reach|no word from|havent heard from|nobody has seen)",
        "(please |pls |plz )?help .. (they|he|she|police|scared|bleeding|hurt|door|kill*|please|me now)",
        "(breaking|broke|kicking|banging|trying to get) (down |in |into |on )?.. (door|house|window*)",
        "(car|man|guy|van|somebody|someone|motorbike|people|truck) .. (following|behind me|watching"
        " (me|my|our)|outside my|outside the house|waiting for me|stalking)",
        "(i )?need .. (shelter|safe place|lawyer (now|urgent*|asap)|to hide|to get out|to escape"
        "|somewhere safe)",
        "(in danger|not safe here|held hostage|at gunpoint|knifepoint|with a (knife|gun))",
        "(locked|trapped) (me|us|in|inside)",
    ),
}

CARE = {
    "es": (
        "acos(o|aron|aba|aban|a|an|ando|ador|adora|ada|ado|adas|ar)",
        "(hostig*|manose*|acosador*)",
        "(me|nos|le|la) (esta |estan |estuvo |quiso |quiere )?(toco|tocaron|tocando|tocar|insulto"
        "|insultan|insultando|insultaron|humill*|grito|gritaron|gritando|discrimin*|ofend*|burl*"
        "|molest* mucho|incomod*|falto al respeto|maltrat*|beso a la fuerza|beso sin|acosando|acoso)",
        "(me|nos) (mando|mandan|manda|envia|envio|mandaron|pide|pidio) .. (fotos|foto|videos|nudes|pack"
        "|porno|desnud*|su cosa|pene)",
        "(tom*|public*|sub*|sac*) .. fotos .. sin (permiso|mi permiso|preguntar|consentimiento)",
        "(infiltrad*|soplon*|sapo en el grupo|agente encubiert*|policia en el grupo|informante*)",
        "(pasando|pasa|filtrando|filtra|dando) .. (informacion|datos|capturas) .. (policia|afuera|otros"
        "|gobierno|prensa)",
        "(quiero|necesito|quisiera|puedo|tengo que|como) (denunciar|reportar|quejarme|poner una"
        " queja|hacer una denuncia) .. (persona|alguien|companer*|miembro|acoso|a|de|incidente|integrante)?",
        "(alguien|un tipo|uno|una persona|un companer*|el|ella) .. (me escribe|me busca|me insiste"
        "|me da miedo|no deja de|me incomoda)",
        "(machis*|racis*|homofob*|transfob*) .. (conmigo|contra mi|en la sala|en el grupo|me dijo)",
        "(hay|alguien) .. (mandando|compartiendo|publicando) .. (porno*|pornograf*|violen*|spam)",
        "(violencia) .. (en la sala|en el grupo|en la red|dentro)",
    ),
    "pt": (
        "(assedi*|acosso|asedio|asediaram)",
        "(me|nos) (xing*|ofend*|humilh*|toc(ou|aram)|apalp*|grit*|discrimin*|maltrat*|beijou a forca"
        "|incomod*|desrespeit*|insult*|agarrou)",
        "(passou|passa|passaram|colocou|botou) a mao",
        "(tao|estao|ta|esta|fica|ficam) (me|nos) (xing*|ofend*|humilh*|grit*|incomod*|insult*"
        "|mandando .. (nude|foto|video))",
        "gritou comigo",
        "(manda|mandou|mandaram|fica mandando|enviou|pede|pediu) .. (nude*|pelad*|foto .. pelad*"
        "|porno|pinto|foto intima)",
        "(infiltrad*|p2|x9|dedo duro|policial disfarcad*|informante*)",
        "(passando|vazando|passa|vaza) .. (informacao|informacoes|prints|dados) .. (policia|fora"
        "|outros|governo)",
        "(quero|preciso|queria|posso|tenho que|como) (denunciar|reportar|fazer uma denuncia|fazer"
        " uma queixa|reclamar de) .. (alguem|pessoa|uma|um|a|o|assedio|companheir*)?",
        "(alguem|um cara|uma pessoa|ele|ela) .. (me escreve|nao para de|me da medo|insiste|fica"
        " mandando|me persegue no)",
        "(machis*|racis*|homofob*|transfob*) .. (comigo|contra mim|na sala|no grupo|me disse)",
        "(tem gente|alguem) .. (mandando|postando) .. (porno*|violen*|spam)",
        "(tiraram|tirou|postou|postaram) .. foto* .. sem (permissao|minha permissao|pedir|autorizacao)",
    ),
    "en": (
        "harass*",
        "(molest*|grop(ed|ing|es)|fondled|catcall*|bully*|bullied)",
        "(touched|touching|kissed|grabbed|hugged) me .. (without|and i|inappropriately|again|asking)?",
        "(insult*|humiliat*|yelled at|yelling at|shouting at|shouted at|screamed at|mocking|swearing"
        " at|calling me|mistreat*) .. (me|us|her|him|names|people)?",
        "(sends?|sent|sending|asked for|asks for|asking for) .. (dick ?pics?|nudes|porn|naked|dirty"
        "|sexual|gross|explicit)",
        "dick ?pics?",
        "(infiltrat*|undercover|snitch|informant|mole in|spy in|a cop in (the|our))",
        "(leaking|passing|giving|leaks|selling) .. (info*|screenshots|messages|data) .. (police|cops"
        "|outside|outsiders|press|government)",
        "(want to|need to|would like to|how do i|wanna|can i|id like to|have to) (report|complain"
        " about|make a complaint|file a complaint|denounce) .. (someone|somebody|a|him|her|person"
        "|harass*|member|abuse)?",
        "(racist|sexist|homophobic|transphobic) .. (to|towards|at|in|comments|me|jokes)",
        "(took|posted|taking|shared) .. (photos?|pictures?|pics?) .. without (asking|permission|my|consent)",
        "(someone|somebody|a guy|a man|he|she) .. (keeps|wont stop|doesnt stop|wont leave) .. (writing"
        "|messaging|texting|calling|alone|me|contacting|sending)",
        "made me (feel )?(very |really |so )?(uncomfortable|unsafe)",
    ),
}

ALARMS = ("panico", "panic", "auxilio", "socorro")
"""Whatever follows, who begins so is heard, also where there is no such command."""
CALLING = ("avisa", "avisen", "avise", "avisales", "llama", "llamen", "chama", "chame", "call", "si")
COMPLAINTS = (
    *("queja", "incidente", "reclamo", "queixa", "reclamacao", "complaint", "incident", "reporto"),
    *("denuncio", "reportar", "denunciar"),
)
HEADLINES = ("denuncia", "reporte", "report")
"""Before a colon they begin what the care team is to read; headlines begin like this too."""
PERSONAL = (
    *("me", "mi", "mis", "nos", "conmigo", "yo", "comigo", "mim", "eu", "minha", "meu", "my", "i"),
    *("us",),
)
BEGINNINGS = (
    *("ayuda", "ajuda", "help", "ayudar", "ajudar", "necesito", "preciso", "need", "i need"),
    *("necesitamos", "precisamos", "we need", "necesito ayuda", "preciso de ajuda", "need help"),
    *("urgente", "urgent", "busco", "procuro", "looking for", "i am looking for", "estoy buscando"),
)
"""Words that begin a call as they begin a command."""
MISSPELT = ("auxilio", "socorro", "emergencia", "peligro", "panico", "emergency", "ayudenme")
"""They are understood one letter off too, where they are all that was said."""

HARMLESS = (
    *("ja*ja*", "jj*", "k*kk*", "rs", "rsrs*", "lol", "lmao", "hah*", "xd", "jeje*", "de risa"),
    *("de rir", "pelicula", "filme", "movie", "cuento", "novela", "serie", "libro", "livro", "book"),
    *("cancion", "musica", "song", "poema", "poem", "obra", "meme", "corazon", "coracao", "heart"),
    *("sonrisa", "sorriso", "smile", "chiste", "piada", "joke", "noticia", "news", "nota", "materia"),
    *("articulo", "artigo", "article", "reportaje", "insta", "instagram", "twitter", "simulacro"),
    *("ensayo", "simulado", "drill", "documental", "documentario", "documentary", "historia"),
    *("titulo", "title", "juego", "jogo", "game", "sueno", "sonho", "dream", "de calor", "de frio"),
)
"""In a room such words make of it talk about something else."""
