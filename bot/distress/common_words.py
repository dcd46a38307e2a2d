"""The words of distress that are common to all languages, and the notation of the tables.

Each line of a table is a phrase over folded words; an indented line continues it. `*` is any
ending, `..` up to three words between, `(a|b)` a choice, `^` the start of the line. Spanish and
Portuguese also match by sound (`detubieron`). `SPOKEN` also applies to unaddressed lines: it is
about oneself or calls for help, and is rarely a figure of speech.
"""

from __future__ import annotations

_BODY = (
    "(otr(a|o) |dos |duas |propi(a|o)s? )?(ante)?(brazo*|vena*|veia*|pulso*|muneca*|mano*|mao*"
    "|dedo*|pierna*|perna*|muslo*|coxa*|cuello|pescoco|garganta|cara|rosto|cuerpo|corpo|panza"
    "|barriga|estomago|pecho|peito|pie*|pe|pele|cabeza|cabeca|yugular|rodilla*|tobillo*)"
)
CUT_NO_BODY = (
    f"(?! ((el|la|los|las) (?!{_BODY} )|((a|o|as|os|nossa|toda a) )?(luz|agua|energia|internet"
    "|electricidad|eletricidade|corriente|gas|wifi|senal|sinal|chamada|ligacao|conexao|transmissao"
    "|rua|avenida|estrada|transito|cabelo|unha*|todo) ))"
)
"""Ahead of `se cortó`: not `la luz`, `el agua`, `el pelo`."""
CUT_NO_SUPPLY = "".join(
    f"(?<!{one} )"
    for one in (
        *("luz", "agua", "energia", "internet", "wifi", "gas", "senal", "sinal", "amada", "audio"),
        *("conexion", "conexao", "ligacao", "video", "servicio", "transmision", "corriente"),
    )
)
"""Before `se cortó`: not `la luz`, `la llamada`. No word here holds `h`, `y`, `ll` or `qu`, as the
length of what stands before must be fixed."""

STOP = "^(stop|salir|sair|parar|exit)(?= $)"
"""A whole line that may end a call for help, or be said to whoever does harm."""

FALSE_ALARM = "(falsa alarma|alarma falsa|alarme falso|falso alarme|false alarm)"
WAS_FALSE_ALARM = (
    rf"(?:(?:fue|foi|era|it was|its|was|e|es) )?(?:(?:una?|uma?|a) )?(?:{FALSE_ALARM})"
)
"""A regular expression, over folded words, of `fue una falsa alarma`."""

CRIES = (
    *("auxilio", "socorro", "sos", "s o s", "mayday", "peligro", "perigo", "danger"),
    *("emergencia", "emergency", "panico", "panic", "ayudenme", "ajudem", "me ajudem"),
    *("ayudennos", "help me", "help us", "save me", "salvenme", "me salvem", "me salva"),
)
"""Cries that are the whole line or stand before what happens."""

POLITE = (
    *("por favor", "porfa", "porfavor", "xfa", "urgente", "urgentemente", "urgent", "ya", "ahora"),
    *("ahorita", "rapido", "agora", "ja", "logo", "now", "please", "pls", "plz", "quick", "asap"),
    *("pelo amor de deus", "por el amor de dios", "por dios", "right now", "someone", "alguien"),
    *("alguem", "me", "omg", "dios", "deus", "god", "mucha", "muita", "es", "e", "its an", "una"),
    *("uma", "hay", "tem", "help", "ayuda", "ajuda", "estoy en", "estou em", "im in", "i am in"),
    *("en", "em", "in", "hola", "oi", "hi", "amiga", "gente", "a", "todos", "gracias", "obrigada"),
)
"""Words beside a cry that add nothing."""

ALARMS = ("panico", "panic", "auxilio", "socorro")
"""First words that always make the line a call, even without such a command."""
CALLING = (
    "avisa",
    "avisen",
    "avise",
    "avisales",
    "llama",
    "llamen",
    "chama",
    "chame",
    "call",
    "si",
)
COMPLAINTS = (
    *("queja", "incidente", "reclamo", "queixa", "reclamacao", "complaint", "incident"),
    *("denuncio", "reportar", "denunciar"),
)
PRESSING = (
    *(
        "ahora",
        "ahorita",
        "agora",
        "now",
        "ayuda",
        "ayudenme",
        "ajuda",
        "socorro",
        "help",
        "urgent*",
    ),
    *("siguiendo*", "sigue", "siguen", "seguindo", "perseguindo", "following", "chasing"),
    *("puerta", "porta", "door", "afuera", "la fora", "outside", "escondid*", "hiding"),
    *("cuchillo", "faca", "knife", "arma", "gun", "pistola", "matar", "kill", "sangr*", "bleeding"),
    *("policia", "police", "cops", "deten*", "detuv*", "detid*", "arrest*", "prend*", "presa"),
    *("preso", "desaparec*", "missing", "desaloj*", "despej*", "evict*", "secuestr*", "sequestr*"),
    *("pegando*", "golpeando*", "(me|nos) batendo", "batendo (em|n(a|o|ela|ele))", "beating"),
    *("hitting", "espancando", "agrediendo*", "agredindo", "atacando*", "attacking", "hurting"),
    *("lastimando*", "ahorcando*", "enforcando", "choking", "strangling", "robando*", "roubando"),
    *("asaltando*", "assaltando", "robbing", "breaking in*", "forzando", "rompiendo", "invadindo"),
    *("arrombando", "encerr*", "tranc*", "locked"),
    "(is|are|hes|shes|theyre|esta|estan|ta|tao) (in|inside|en|na) (my|mi|minha) (house|home|casa)",
)
"""Beside the wish to report something, these tell that it goes on, so that a call comes first."""
HEADLINES = ("denuncia", "reporte", "report")
"""Before a colon these begin a complaint, or a headline."""
PERSONAL = (
    *("me", "mi", "mis", "nos", "conmigo", "yo", "comigo", "mim", "eu", "minha", "meu", "my", "i"),
    *("us",),
)
MISSPELT = ("auxilio", "socorro", "emergencia", "peligro", "panico", "emergency", "ayudenme")
"""Cries that are recognised with one letter off, if they are the whole line."""

OF_ONESELF = (
    *("im", "ive", "am", "we", "were", "weve", "our", "mine", "estoy", "estamos", "toy", "soy"),
    *("estou", "tou", "tamo", "tamos", "fui", "fomos", "tengo", "tenho", "nuestra", "nuestro"),
    *("nossa", "nosso", "minhas", "meus", "nosotras", "nosotros", "voy", "vou", "sola", "sozinha"),
    "sozinho",
)
"""Beside `PERSONAL`: words by which a cry is about the person who writes it."""
AVOID = (
    "(no|nao) (se |te )?(vengan|vayan|salgan|pasen|entren|acerquen|venir|aparezcan)",
    "(nao|n) (se )?(venham|vao|saiam|passem|cheguem|vir|ir|sair|passar|aparecam)",
    "(nadie|ninguem) (venga|vaya|salga|pase|entre|venha|va|saia|passe)",
    "(not to|dont|do not|nobody|no one|noone) (should )?(come|go|leave|enter|pass|show up)",
    "(stay|keep|get) (away|inside|home|out|put|back)",
    "(alejense|quedense|escondanse|corran|tengan cuidado|fiquem em casa|fujam|tomem cuidado)",
)
"""What others are told in danger to do, so that it is a warning."""

HARMLESS = (
    *(
        "jaja*",
        "jeje*",
        "jj*",
        "kk*",
        "rs",
        "rsrs*",
        "lol",
        "lmao",
        "hah*",
        "xd",
        "de risa",
        "de rir",
    ),
    *("pelicula", "filme", "movie", "cuento", "novela", "serie", "libro", "livro", "book", "obra"),
    *("cancion", "musica", "song", "poema", "poem", "meme", "corazon", "coracao", "heart", "game"),
    *(
        "sonrisa",
        "sorriso",
        "smile",
        "chiste",
        "piada",
        "joke",
        "noticia",
        "news",
        "nota",
        "suerte",
    ),
    *("articulo", "artigo", "article", "materia", "reportaje", "insta", "instagram", "twitter"),
    *("ensayo", "simulado", "simulacro", "drill", "documental", "documentario", "documentary"),
    *("titulo", "title", "historia", "juego", "jogo", "sueno", "sonho", "dream", "gripe", "hambre"),
    *("calor", "frio", "orgullo"),
)
"""Words in a room by which the line is about something else."""
NEGATIONS = frozenset(
    {
        *("no", "not", "nao", "n", "nunca", "never", "ni", "nem", "sin", "sem", "isnt", "arent"),
        *("wont", "didnt", "wouldnt"),
    }
)

_DISTRUST = (
    "(contesten|respondan|crean|confien|hagan caso|abran|acepten|respondam|atendam|confiem"
    "|acreditem|aceitem)"
)
_ACCOUNT = "(cuenta|conta|numero|celular|telefono|telefone|perfil|zap)"
_THAT = "(mi|su|esa|esta|la|minha|meu|a|essa|esse|o)"
WARNING = (
    f"(no|nao) (le |les |me )?{_DISTRUST} .. {_THAT} {_ACCOUNT}",
    f"(robaron|roubaram|levaram|hack*|clon*) .. {_ACCOUNT} .. (no|nao) (le |les )?{_DISTRUST}",
    f"{_ACCOUNT} (da|do|de) .. foi (roubad*|furtad*|hack*|clonad*|invadid*) .. nao {_DISTRUST}",
    "(dont|do not|never) (trust|answer|reply|open|accept) .. (my|her|his|that) (account|number)",
    "(dont|do not|never) (trust|answer|reply|open|accept) .. (my|her|his|that) (phone|profile)",
    "(dont|do not|never) (trust|answer|reply|believe) .. (messages?|texts?) from (me|her|him)",
    f"(no|nao) (le |les |me )?{_DISTRUST} .. (mensaje*|mensage*) (de mi|mios?|minhas?)",
)
"""Somebody warns others of an account that is in foreign hands."""
