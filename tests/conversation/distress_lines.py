"""The tables of lines typed in trouble, and of ordinary ones: what a test goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[1]
WORDS = {
    "danger": (
        *("`pánico`", "`pânico`", "`panic`"),
        *("Estoy avisando ahora", "Estou avisando agora", "I am calling now"),
        *("No le aviso a quien nombras", "Não aviso quem você citou", "Not called, as you name"),
        *("No tengo a quién avisar", "Não tenho a quem avisar", "I have nobody to call"),
    ),
    "care": ("incident",),
}
"""Of the first line of what is answered: that of each door."""

NOT_YET = {
    "es": "sí cancela|sí prefiero esperar|sí mañana|sí, si vuelve|si si vuelve"
    "|sí, cuando se vaya|sí en cuanto salga|sí hasta que salga|sí, un momento"
    "|sí en un rato|sí, a las 5|sí, pará|sí, el lunes|sí, luego|sí espérame"
    "|sí mejor otro día|sí olvídalo|sí esta noche|sí depende|sí te aviso|sí cuelga"
    "|sí tan pronto salga",
    "pt": "sim quando eu sair|sim, se ele voltar|sim para|sim para por favor|sim, pode parar"
    "|sim amanhã|sim daqui a pouco|sim em meia hora|sim até ele ir embora"
    "|sim assim que eu sair|sim, prefiro esperar|sim esquece|sim na segunda"
    "|sim só um momento|sim ele foi embora",
    "en": "yes cancel|yes stop|yes please stop|yes after he leaves|yes, when I say so"
    "|yes tomorrow|yes if he comes back|yes once he is gone|yes until tonight"
    "|yes in ten minutes|yes hold on|yes let me get out first|yes forget it|yes maybe"
    "|yes at 5|yes i'll tell you when|yes this evening|yes next week",
}
"""They put the call off or take it back: he may still be there, and a call may be the danger."""
FRIGHTENED = (
    "sí, me tiene agarrada del pelo y no me suelta|sí ya viene, llega en cinco minutos|"
    "sí avisen que si grito me pega|sí estoy escondida hasta que lleguen|"
    "sí llamen a mi mamá está en la puerta con un palo|sí los pacos van a entrar en un rato|"
    "sí por favor que alguien venga, mi papá está borracho|"
    "sim, ele falou que se eu sair ele me mata|"
    "sim ele está quebrando tudo e não tenho pra onde ir|sim manda alguém ele volta já já|"
    "sim eles vão chegar amanhã cedo pra despejar a gente|"
    "yes im locked in until he gets home at 6|yes he comes home soon and i am scared|"
    "yes send help he is drunk and when he's drunk he hits|"
    "yes tell them he will come back later|yes not safe here|"
    "sí, está golpeando la puerta, si entra me mata|sí, me va a matar esta noche|"
    "sí, dijo que mañana me mata|sí los espero en la esquina|sí, mejor avisa ya|"
    "sí no hay nadie|sí mejor vengan|sí, está afuera, si salgo me pega|"
    "sí, me dijo que me mata cuando vuelva|sí se llevó a mi hija y vuelve luego|"
    "sí vuelve en un rato|sí, tengo miedo de que me pegue cuando llegue|sí nadie me abre|"
    "sí estoy sola no hay nadie aquí|sí, no hay nadie que me ayude|sí paren a ese hombre|"
    "sí, me quiere cortar la cara|sí, dice que el lunes me mata|"
    "sí está tomado y cuando toma pega|sí ya se fue con mi hijo|sí llama antes que vuelva|"
    "sí, corran antes de que vuelva|sí vivo con él y llega a las 5|sí todavía está acá|"
    "sí nadie contesta el teléfono|sí apúrense, se despierta en un rato|"
    "sí por favor, no se va y me está pegando|sí me quiere matar pero estoy escondida|"
    "sí, estoy en el baño mientras él duerme|sí mejor llama|sí, mejor que vengan ya|"
    "sí, que vengan|sí no hay problema|sí no hay luz y no veo|"
    "sí me encerró, la puerta no abre, cuando vuelve me golpea|sí llama a la policía|"
    "sí avisa que me mata si entra|"
    "sim ele foi embora com minha filha|sim, ele vai me matar se entrar|"
    "sim, ele disse que amanhã me mata|sim ele volta daqui a pouco|sim melhor chamar já|"
    "sim não tem ninguém aqui|sim espero vocês na esquina|"
    "sim ele está batendo na porta, se ele entrar me mata|sim ele não para de bater na porta|"
    "sim faz ele parar|sim, vou morrer se ele voltar|sim ainda está aqui|"
    "sim ele está bêbado e quando bebe bate|sim, rápido, ele chega às 6|"
    "sim tem um homem armado no portão e ninguém atende|sim por favor façam ele parar|"
    "sim é melhor avisar|"
    "yes, he will kill me if he gets in|yes he'll be back soon|"
    "yes, please hurry, he is hitting the door while i type|yes, please stop him|"
    "yes nobody is here|yes while you still can|"
    "yes he has a knife and he's coming back tonight|yes he says he will kill me tomorrow|"
    "yes he is back at 5|yes there is no one here|yes nobody helps me|"
    "yes he left with my daughter|yes make him stop|yes he comes back in ten minutes|"
    "yes i am hiding until the police come|yes im waiting in the bathroom|"
    "yes you better call them|yes, call them before he comes back|"
    "yes my neighbour is banging on the wall and nobody answers|yes no one is coming|"
    "yes come now before it is too late|yes he is drunk, when he drinks he hits me|"
    "yes he has a knife but i locked the door|yes come at once|"
    "yes he follows me when i leave work|yes call the neighbours he is breaking the door|"
    "yes he is after me, hurry|"
    "yes this is not a joke|sí no es broma|sim não é brincadeira|"
    "yes i locked myself in the bathroom|yes there is no one to help me|"
    "yes i can't handle him|yes he is hitting me and i dont know what to do|"
    "sí no hay nadie que me ayude|sí, apagó la luz|sim ele apagou a luz|yes im not safe|"
    "yes he hits me, im not ok|yes he has a gun, not safe|sí me pega y no sé qué hacer|"
    "sí me pega y no para|sí me está pegando y no me deja salir|"
    "sim ele está me batendo e não me deixa sair|"
    "yes he is beating me and nobody knows where i am|"
    "sí me están siguiendo y no conozco el barrio|sim estão me seguindo e não conheço aqui|"
    "yes he is hitting me and he will not stop|sí me pega más y más|sí me pega y nadie viene|"
    "yes he has a knife and i am not far from the bus stop|sí me sigue y no sé la dirección|"
    "sim ele me bate e o vizinho não abre|yes he hits me, not far from the school|"
    "yes they are beating us not letting go|sí me quiere matar, no es la primera vez|"
    "sim ele quer me matar, não é a primeira vez|yes he hits me, its not the first time|"
    "sí me pega, no la suelta a mi hija|sí me está pegando, no llego a la puerta|"
    "yes he's beating me, he took the phone and i'm not home|yes he says he will delete me|"
    "sí me pega pero no puedo hablar|sí me pega pero vivo lejos|"
    "yes he hits me but the door is locked|sí me está pegando, está borracho|"
    "sí me pega más y más fuerte|sim ele quer me matar mas estou escondida|"
    "yes there was an accident|yes he is beating me but i cant open the door|"
    "yes he's beating me but he does not know i write"
)
"""A yes that tells of danger besides: who puts the phone away now must have called."""
DOUBTFUL = (
    "sí pero espérame tantito|sí, cuando yo te diga|sí al rato te digo|sí, dejame pensarlo|"
    "sí nomás a mi hermana|sí avisen pero que no vaya la policía|sí después de que se duerma|"
    "sim calma|sim só minha irmã|sim, quando ele dormir eu falo|sim, avisa amanhã de manhã|"
    "sim deixa eu sair primeiro|yes give me five minutes|yes in a bit|"
    "yes call when i text the word red|yes once im outside|yes only my sister|"
    "yes wait for my signal|yes let me think|yes unless he leaves|"
    "sí avisen ya, en diez minutos llega|sí frena|sí, cuando se vaya, tiene un cuchillo|"
    "sí pero todavía no, me va a matar|sí avisa si no contesto|"
    "sí avisa a mi hermana si no contesto|sí avisa mañana|sí vengan cuando se vaya|"
    "sí si vuelve|sí está acá, cuando se vaya|sí mejor lo arreglo yo|sí mejor no|"
    "sí mejor mañana|sí pero no a mi hermano, me va a pegar|"
    "sí no avises a mi hermano, me mata|sí no le digas a nadie|sí espera, me está pegando|"
    "sí espera, está armado|sí, más tarde, me está mirando|sí paren|sí, detente|sí ya se fue|"
    "sí avisen esta noche|sí, llamen cuando salga|sí pero si no contesto a las 10|"
    "sí pero mañana|sí dame un rato|sí por favor espera|sí mejor después|sí avisa más tarde|"
    "sí avisa luego|sí llamen si me demoro|sí ya paren|sí ya basta|sí por favor ya para|"
    "sí y que paren|sí no|sí todavía|sí todavía no|sí estoy en casa, después avisa|"
    "sí, estoy en casa, espera|sí a nadie|sí estoy en casa, mejor en un rato|"
    "sí estoy en casa, más tarde|sí estoy en la plaza, mañana|sí pará con eso|"
    "sí ya me dejó, cuando llegue mi mamá avisa|sí no hay problema, no avises|"
    "sí no hay que avisar|sí no hay apuro|sí no hay razón|sí, en cuanto pueda avisa|"
    "sí, prefiero que no|sí, avisa solo a ana|sí mejor ya no|sí mejor ahora no|"
    "sí mejor ya no avises|sí me está pegando, no|sí, me pega, no hace falta|"
    "sí tiene un cuchillo, no hagas nada|sí me está pegando pero que nadie se entere|"
    "sim avisa se eu não responder|sim chama quando ele dormir|"
    "sim mas agora não, ele me mata|sim ele está aqui, quando ele sair|"
    "sim espera, ele tem uma faca|sim só quando ele sair|sim melhor não|"
    "sim não conta pra ninguém|sim ele foi embora com o carro dele|sim por favor depois|"
    "sim depois|sim mais tarde|sim, me dá um minuto|sim, avisa se eu sumir|"
    "sim chama se ele voltar|sim para|sim parem|sim agora não|sim estou em casa, ainda não|"
    "sim ainda não|sim ninguém|sim tô em casa, depois|sim não tem necessidade|"
    "sim quando minha mãe chegar avisa|sim melhor agora não|"
    "sim ele está me batendo, não faz nada|"
    "yes if he finds me he will kill me|yes call when he is gone|"
    "yes he is here, when he leaves|yes but not yet, he will kill me|yes wait, he has a gun|"
    "yes call tomorrow|yes call them if i don't answer|yes please call if he comes back|"
    "yes soon|yes stop it|yes stop, he will kill me|yes cancel, he will kill me|"
    "yes don't tell my husband, he will kill me|yes only ana, he will kill me|yes he left|"
    "yes tell nobody|yes nobody else|yes not now, he is hitting me|yes come when he leaves|"
    "yes after he leaves, he has a knife|yes maybe, he is hitting me|yes when he is asleep|"
    "yes let me get out first, he has a gun|yes later he is beating me|yes no|yes not yet|"
    "yes please wait|yes but later|yes and stop|yes call later|yes please not now|"
    "yes just not ana|yes call my mum when i text you|yes ask me again tonight|"
    "yes im in the kitchen, not yet|yes im home, call when i say|yes no one else|"
    "yes nobody but ana|yes im at home, maybe later|yes im at home, later|yes if|"
    "yes stop calling them|yes stop them|yes theres no need|yes, ask ana first|"
    "yes he left, ask later|yes when they leave|yes he is here, call when they leave|"
    "yes im in the bathroom, hold on|yes he is hitting me, i dont want anyone to know|"
    "yes nobody is to know|"
    "sim mas depois|sim mas só depois que ele sair|yes there is nobody to call|"
    "yes theres no one to call|yes not safe to call|sí me pega, nadie debe saber|"
    "sim ele me bate mas não é pra avisar|sim ele me bate mas não adianta|"
    "yes hes beating me, not the team|yes he hits me but i can manage|sí, era una broma|"
    "yes it was a joke|sí, borra todo|sí, en otro momento|yes i will call them myself|"
    "yes he hits me, not ana|yes he hits me but i'll be fine|sí me pega pero me las arreglo|"
    "sí, yo las llamo|sim eu mesma ligo|sim, apaga tudo|yes delete everything|sí, es broma|"
    "sim, era brincadeira|yes just kidding|sí me pega pero después|"
    "sim ele me bate mas amanhã|sí me pega, que nadie sepa|sí me pega, nadie tiene que saber|"
    "sim ele me bate, ninguém pode saber|yes he hits me, nobody can know|"
    "yes he hits me, my sister must not know|sí no hay a quien llamar|"
    "sí no hay nadie a quien avisar|sí no hay para qué|sim não tem ninguém pra chamar|"
    "sí me pega pero puedo sola|sim ele me bate mas dou conta|yes he beats me, not worth it|"
    "yes he hits me, no use|sí me pega, no vale la pena|sí me pega, no sirve de nada|"
    "sí, otro día|sim em outra hora|sim ele me bate, não vale a pena|"
    "sí me pega, la policía no|sí me pega, no el equipo|"
    "yes he's hitting me but dont tell the team|yes but i can do it myself|"
    "yes he hits me but another time|sí, bórralo|sí me pega, no es para avisar|"
    "sí, mejor yo me encargo|sí, pero aún no|sim, mas ainda não|"
    "sim, mas primeiro fala comigo|yes, but first talk to me|sí pero solo cuando salga|"
    "sim, foi sem querer|sí, fue sin querer|yes it was an accident|yes by mistake|"
    "sí, me equivoqué|sim, me enganei|yes i was joking|sí, era mentira|sim era mentira|"
    "yes ignore that|sí, ignóralo|yes never mind|sim, deixa pra lá|sí, ya no importa|"
    "sim não importa|yes it doesn't matter|yes he hits me, leave it|sí me pega, déjalo así|"
    "yes he's hurting me but not the police|sim ele me bate, sem polícia|"
    "sí me pega, sin policía|yes he hits me, no police|sí me pega, no policía|"
    "sim ele me bate, polícia não|sí me pega, que no sepa mi mamá|"
    "yes he hits me, keep it between us|sim, fica entre nós|sí, queda entre nosotras|"
    "sí me está pegando pero ahorita no|yes he is hitting me, call nobody|"
    "sí me pega pero no hagan nada|sim ele me bate mas eu me viro|"
    "sim ele me bate mas eu resolvo|sí me pega pero lo arreglo yo|"
    "yes he hits me but i have it under control|sí me pega pero está controlado|"
    "yes he hits me but its ok|sí me pega pero estoy bien|sim ele me bate mas tô bem|"
    "yes, skip it|sí, quítalo|sí, saca eso|yes take that back|sí, a la noche|sim, à noite|"
    "yes at night|sí, ahorita no|sí, en la tarde|sí, luego te digo|yes in a while|"
    "sí, avisa el lunes|sí, sin avisar a nadie|yes without telling anyone|"
    "sim, sem avisar ninguém|sí me pega, sin que se entere mi mamá"
)
"""A yes that may be for later, or for others: asked again, whatever danger it tells."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One line. `half`: `seen` while the vocabulary was made, `held` out until it stood, or
    written after that."""

    half: str
    language: str
    door: str
    place: str
    line: str

    @property
    def private(self) -> bool:
        return self.place == "private"

    @property
    def ordinary(self) -> bool:
        return not self.door

    @property
    def spoken(self) -> bool:
        """Said in a room to nobody."""
        return not self.private and not self.line.startswith("!")


def trouble() -> list[Typed]:
    return [Typed(*row) for row in _rows("danger_lines.txt", 5)]


def ordinary() -> list[Typed]:
    return [Typed("", row[0], "", *row[1:]) for row in _rows("ordinary_lines.txt", 3)]


def door_of(said: str) -> str:
    """The door that the first line of an answer leads to; '' for none."""
    first = said.partition("\n")[0]
    found = [door for door, words in WORDS.items() if any(word in first for word in words)]
    return found[0] if found else ""


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    for row in (HERE / name).read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            yield row.split(" | ", columns - 1)
