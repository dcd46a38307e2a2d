"""Whom a call for help accuses, leaves out or calls: Ana, where Carla may be called too.

The rows of `DOUBTED` do not call Ana while somebody else is called, however harmless they sound.
"""

from __future__ import annotations

import pytest

from bot.distress.accusations import NAME, OTHER, NamedAs, call_words, read_names

ACCUSED = """
ana y pedro me estan pegando
pedro y ana me estan pegando
pedro and ana are beating me
me estan pegando pedro y ana
tão me batendo pedro e ana
me estan pegando ana y carla
me estan pegando carla y ana
ayuda me estan siguiendo carla y ana
tão me batendo carla e ana
ana se enojo y me pego
ana y dos tipos me estan pegando
ana e o irmão dela tão me seguindo
mi vecina ana me pega
ana pulled a knife on me
ana locked me in
ana me amenaza con pegarme
ana me esta siguiendo
@ana me esta siguiendo
avisa, ana me esta pegando
me esta siguiendo ana, ayuda
no llames a ana, me esta pegando
la que me amenaza se llama ana
necesito ayuda, ana me quiere pegar
me llama ana y me amenaza
ayuda ana me esta pegando
a ana que modera ta me ameaçando
ana esta me seguindo
nao avisa a ana, ela ta me batendo
a ana me bateu com uma faca
ana is threatening me
ana is threatening me with a knife
dont call ana she is beating me
ana threatened to kill me
ana me pega
ana me persigue
a ana tá me ameaçando
es ana la que me pega
avisa a carla, ana y su hermano me estan pegando
avisa a carla, ana me esta pegando
socorro ana me pegó
me siguen es ana la que me sigue
ana otra vez me esta pegando
ana quiere matarme
ana va a pegarme
ana no me deja salir
fui agredida pela ana
im being followed by ana
amenazada por ana
ana's following me
it is ana who is following me
ana and her brother are following me
foi a ana que me bateu
me bateu a ana
ana vino y me pego
ana came in and hit me
ana le pega a mi hijo
ana is hitting my son
bateu em mim a ana
ana bateu em mim
avisa que ana me pega
ana:server.org me esta pegando
@ana:server.org:8448 me esta pegando
me pegaron, fue ana
sí, ana me pega
ana dijo que me va a matar
quien me pega es ana
ana me tiene encerrada
ana, la vecina, me pega
ana vino borracha y me pego
ana is hitting me again
ana keeps following me
ana wont let me leave
ana me está ahorcando
ana me tiro un golpe
ana tá me seguindo agora
a ana quer me matar
a ana me trancou em casa
tá me batendo a ana
socorro, a ana me bateu
fui golpeada por ana
she is called ana, ana hit me
me pegó ana
ana me amenazó de muerte
ANA ME PEGA
Ana, mi vecina, me sigue
ana nos está siguiendo
ayuda me sigue ana
es ana quien me amenaza
ana es la que me pega
i was attacked by ana
ana attacked me
ana just hit me
ana from the team is threatening me
ana del equipo me amenaza
ana, que modera, me amenaza
ana y otros me estan pegando
me estan pegando ana y su hermano
estoy en casa y ana me esta pegando
estoy con carla, ana me esta pegando
estoy encerrada ana me pega
tengo miedo, ana me pega
ana y carla me estan siguiendo
ana e carla tao me seguindo
tengo miedo de ana
im scared of ana
me escondo de ana
me pega el ana
el que me pega es el ana
foi o ana
its ana
si es ana
sim e o ana
panico es ana otra vez
yes its ana
fue el ana
ana is drunk and hit me
ana s drunk and hes hitting me
ana esta borracha y me esta pegando
ana bebeu e ta me batendo
o ana ta bebado e me bateu
ana y carla me estan pegando
carla y ana me estan pegando
carla y el ana nos estan siguiendo
ana and carla are beating me
carla and ana are beating me
tengo miedo del ana
to com medo do ana
avisa a carla, ana esta loca me va a matar
llama a carla ana me esta pegando
si ana me va a matar
ana y carla y carla me estan pegando
carla y ana y carla me estan pegando
"""
LEFT_OUT = """
no avisen ni a ana
llama a carla, a ana no
sin ana
without ana
sem a ana
no avises a ana
não avisa a ana
don't tell ana
don't call ana please
avisa a todas menos a ana
avisa a carla pero no a ana
que ana no se entere
sí, pero no llames a ana
no avisen a carla ni a ana
no quiero que venga ana
que ana no venga
no le digas a ana
no le digan nada a ana
please dont tell ana or carla
sin carla ni ana
not ana
no al ana
estoy en lo de carla, ana no
o ana nao pelo amor de deus
sim mas o ana nao
que venga carla y no ana
chama a carla e nao o ana
quiero que venga carla y no ana me siguen
avisen a carla pero no al ana
dont send ana
ana cant know im at carlas
no le pasen esto a ana
llama a carla y que no venga ana
cualquiera menos ana por favor
"""
CALLED = """
ana por favor apurate
apurate ana
ana, ven
yes please ana and carla
sí a ana
yes, ana
sí, ana por favor
sim, a ana
sí que venga ana
me estan siguiendo, avisa a ana
llama a ana y a carla que me estan siguiendo
avísale a ana me estan persiguiendo
chama a ana, estao me seguindo
call ana they are following me
avisa a ana me esta pegando
avisa a ana que carla me pega
avisa a ana, carla me pega
llama a ana me estan pegando
que venga ana me esta pegando mi marido
llamen a ana, el me pega
fala com a ana, ele me bateu
liga pra ana ele ta me batendo
liga pra ana ta me batendo
pede pra ana vir
llamen a ana o carla
quiero que venga ana
sí, pero avisa a ana
avísenle a ana no a carla
solo avisa a ana
panico ana
panico ana y carla por favor
panico carla y ana
socorro a ana por favor
avisale a ana
decile a ana que venga
dile a ana que me siguen
alert ana
text ana please
avisa a ana
avisa a carla, ana y bea
avisa a ana que no puedo salir
no puedo avisar a ana se me apaga el cel
no avises a carla avisa a ana
ana me pega avisa a ana
"""
DOUBTED = """
me estan pegando ana y rapido
corran y ana me estan siguiendo
me estan pegando ana y carla ayudenme
me estan pegando ana y carla, avisenle a alguien
me estan pegando, ana y carla, ayuda
me estan siguiendo ana y carla apurense
me siguen ana y carla, vengan por favor
nos siguen a carla y a ana
nos siguen a ana y a mi
ana me toco el timbre
ana otra vez me pegó él
ana tu hermano me pega
me llama ana
ana vai me buscar
ana my boyfriend is beating me
ana y yo estamos encerradas
sí, ana tiene llave
sí, estoy en lo de ana
Ana estoy en la calle 5
ana!! me siguen
ana por favor apurate me esta pegando
ana no contesta y me estan siguiendo
soy amiga de Ana y me esta siguiendo un tipo
estoy con ana y nos siguen
estoy con ana y nos sigue un auto
estoy en la calle Ana Bonilla 12
soy ana, me estan siguiendo
soy ana me esta siguiendo un tipo
ana veni, me estan siguiendo
ana ayudame me siguen
ayuda ana!! me estan siguiendo
ana me ajuda estao me seguindo
ana help me, im being followed
ana me estan siguiendo
ana me esta siguiendo un tipo
ana apurate me esta pegando
me esta pegando ana veni
mi ex me esta siguiendo ana
me siguen ana
el marido de ana me pega
ana's husband is beating me
ana he is following me
ana they are beating me
ana is coming and he is following me
voy a lo de ana y me sigue un auto
ana carla me esta pegando
no llames a la policia, ana veni
sin luz, ana veni
por que no llaman a ana?
estoy sin ana y me siguen
ana esta herida y nos siguen
ana viene en camino y me esta siguiendo un tipo
ana me sigue ayudando
ana me grito que corra
ana me ayuda a salir, nos siguen
ana tiene llave
ana está conmigo, nos pegan
me pega mi ex, ana sabe donde estoy
ana me llevo al hospital me pego mi marido
ana ven me esta pegando
estoy escondida con ana
ana se llevo a mi hija
no puedo hablar con ana me siguen
ana and I are being followed
ana me pegaron
ana ayudame me pegó
ana, me pegó
ana me robaron el celular
ana me duele la cabeza
ana me asaltaron
ana im being followed
ana im hurt
ana he hit me
ana my husband hit me
ana, they follow me
ana me sigue un hombre
ana mi marido me pega
ana mi ex me esta siguiendo
ana el vecino me amenaza
ana un tipo me sigue
ana alguien me sigue
ana hay un tipo que me sigue
ana estoy herida mi ex me pegó
ana tem um cara me seguindo
ana um cara ta me seguindo
ana meu ex ta me batendo
ana meu marido me bateu
ana the police are beating me
ana some guy is following me
a ana sabe, me pegaram
ana la policia me esta pegando
ana y carla vengan me estan siguiendo
ana y carla ayuda me estan siguiendo
ana vení que me sigue
ana que me esta siguiendo un tipo
ana socorro me sigue
ana rápido me esta pegando
ana porfa ya me esta pegando
ana me va a buscar
ana me va a matar mi marido
ana me quiere matar mi marido
mi marido me quiere matar ana
me quiere matar mi marido ana
mi hermano me pega y ana no esta
solo ana
solo a ana
ana mi vecina me pega
ana tiene un cuchillo
avisa ana me esta pegando
avisa a carla y ana me esta pegando
carla y ana me esta pegando
dile a ana que pare
dile a ana basta
dile a ana que me deje en paz
decile a ana que no venga
tell ana to stop
fala pro ana parar
preciso que o ana pare
quiero a ana lejos
get ana off me
get ana away from me
i want ana gone
call ana off
call the cops on ana
necesito que ana se vaya
ana por favor basta
ana please stop
please ana
ana
llamo a ana loco
ayuda ana volvio
si rapido que ana esta golpeando la puerta
ana tiene un arma
me encontro ana
keep ana out of this
keep an eye on ana
"""
NAMELESS = """
carla apurate, me esta pegando
me estan siguiendo
mi marido me pega
we are at anas house they are following us
"""


def read(line: str) -> NamedAs | None:
    """How Ana is named, or Ana Bonilla; what comes last of what is clear counts."""
    marked: list[str] = []
    for word in call_words(line):
        if word in ("ana", "bonilla"):
            marked += [] if marked[-1:] == [NAME] else [NAME]
        else:
            marked.append(OTHER if word == "carla" else word)
    every = [*read_names(marked)]
    clear = [named for named in every if named is not NamedAs.DOUBTED]
    return (clear or every or [None])[-1]


ROWS = {
    NamedAs.ACCUSED: ACCUSED,
    NamedAs.LEFT_OUT: LEFT_OUT,
    NamedAs.CALLED: CALLED,
    NamedAs.DOUBTED: DOUBTED,
    None: NAMELESS,
}


@pytest.mark.parametrize(
    ("line", "named"),
    [(line, named) for named, rows in ROWS.items() for line in rows.strip().splitlines()],
)
def test_how_a_line_names_ana(line: str, named: NamedAs | None) -> None:
    assert read(line) is named
