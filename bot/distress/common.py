"""What is the same in every language, and how the vocabulary of distress is written.

A line of a table (what is indented goes on with it) is a phrase over the words that `read` gives,
without accents and marks: `*` is any ending, `..` up to three words between, `(a|b)` either, `^`
the beginning of the line. Spanish and Portuguese are heard by ear too (`detubieron`). `SPOKEN` is
heeded in a room though nobody spoke to the bot: it is said of oneself, or calls for help, and is
hardly ever a figure of speech.
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

ALARMS = ("panico", "panic", "auxilio", "socorro")
"""Whatever follows, who begins so is heard, also where there is no such command."""
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
HEADLINES = ("denuncia", "reporte", "report")
"""Before a colon they begin what the care team is to read; headlines begin like this too."""
PERSONAL = (
    *("me", "mi", "mis", "nos", "conmigo", "yo", "comigo", "mim", "eu", "minha", "meu", "my", "i"),
    *("us",),
)
BEGINNINGS = (
    *("ayuda", "ajuda", "help", "ayudar", "ajudar", "necesito", "preciso", "need", "i need"),
    *("necesitamos", "precisamos", "we need", "necesito ayuda", "preciso de ajuda", "need help"),
    *(
        "voy",
        "no voy",
        "vou",
        "no puedo",
        "llegue",
        "ya llegue",
        "cheguei",
        "ja cheguei",
        "arrived",
    ),
    *(
        "salir",
        "sair",
        "call",
        "follow",
        "urgente",
        "urgent",
        "busco",
        "procuro",
        "looking for",
        "i am looking for",
        "estoy buscando",
    ),
)
"""Words that begin a call as they begin a command."""
MISSPELT = ("auxilio", "socorro", "emergencia", "peligro", "panico", "emergency", "ayudenme")
"""They are understood one letter off too, where they are all that was said."""

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
"""In a room such words make of it talk about something else."""
