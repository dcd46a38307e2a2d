"""Phrases typed in danger or after harm, in Spanish. `common_words.py` explains the notation."""

from __future__ import annotations

from bot.distress.common_words import CUT_NO_BODY, CUT_NO_SUPPLY, FALSE_ALARM, STOP

_WHO = (
    "(la|un|una|los|unos|dos|el|varios|hay|mucha)? ?(policia*|poli|cana|milico*|militares"
    "|soldados|gendarme*|carabineros|pacos|tombos|esmad|ejercito|migra|antimotines"
    "|encapuchados|sicarios|paramilitares|paracos|narcos|matones|grupo de choque|patrulla*"
    "|federales)"
)
HIM = "(mi|su) (ex|marido|esposo|novio|pareja|padrastro|papa|padre|hermano|companero|jefe)"
_DONE = (
    "(persigu*|persig*|agarraron|metieron en .. (camioneta|patrulla|carro|auto|celda)|drogaron"
    "|patea*|apale*|cagando a palos|moliendo a palos|echando de|sacando de|cercaron|detuv*"
    "|detub*|detien*|deten(er|idos)|arrest*|apres*|captur*|desaloj*|asalt*|robaron|robar"
    "|golpea*|pegaron|apunal*|violaron|amenaza*|secuestr*|encerraron|dispara*|gasea*"
    "|tortur*|extorsion*|chantaje*|ataca*|atacaron|agred*|allana*|rodearon|esposaron"
    "|embosca*|encanon*|quieren matar|van a matar|va a matar|va matar|quiere matar|matan"
    "|siguiendo|sacaron a la fuerza|llev(an|aron|aran) (pres*|deten*|arrest*|a la comisaria"
    "|a la estacion|a la fuerza)|llevando (pres*|deten*|arrest*)|subi(eron"
    "|endo) a .. patrulla|tiraron gas|tiran gas)"
)
WATCHED = (
    f"({HIM}|el|ella) (siempre |todo el tiempo |me |esta )?(revisa*|reviso|lee|leyo|leyendo"
    "|controla*|espia*|vigila*|mira|mirando) (todo )?(mi|mis) (celular|telefono|movil|whatsapp"
    "|wasap|chats?|mensajes|conversaciones)(?! rot[ao])"
    "|(me|nos) ((revisa|lee|controla|espia|vigila)n?|(esta|estan|anda|andan) (revisando|leyendo"
    "|controlando|espiando|mirando)) (todo )?(el|mi|los|mis|nuestros) (celular(es)?|telefonos?"
    "|movil|whatsapp|wasap|chats?|mensajes)"
)
_CALL = (
    "avis(a|en|e|ale|ales|enle|enles)|llam(a|en|e) al?|llam(ale|enle)"
    "|(dile|digan|diganle) (al?|que)"
)
"""Behind a cry: who is to be called."""
_END = (
    "(?= ($|(y|en|ya|ahora|aca|aqui|ayuda|ayudenme|auxilio|socorro|por favor|porfa|urgente|vengan"
    f"|un|unos|dos|con|desde|hasta|frente|afuera|la policia|los pacos|{HIM}|hace|estoy|toy"
    "|estamos|voy|vamos|ando|andamos|vengo|venimos|salgo|que hago|que hacemos|no se que hacer"
    "|si no|por (la|el) (calle|avenida|carrera|plaza|parque|ruta|centro|puente|estacion)"
    "|no (se lo |le |les |lo )?(avis(es|en)|dig(as|an)|cuent(es|en)|llam(es|en))"
    f"|que (nadie|no se entere|no (lo )?sepa)|{_CALL}) ))"
)
_ONLY = "(?= ($|(por favor|porfa|ya|ahora|aqui|en) ))"
_NO_RELATIVE = "(?<! las .ue )(?<! los .ue )(?<!sonas .ue )(?<!osas .ue )(?<!nte .ue )(?<!ienes )"
"""Before `nos rodean`: not `las personas que`, `quienes`. No letters of more than one spelling, as
the length of what stands before must be fixed."""
SPOKEN = f"""
(me|nos) (estan|vienen|andan|viene|esta|anda) (siguiendo|persiguiendo){_END}
(me|nos) (siguen|persiguen){_END}
^(me|nos) (sigue|persigue){_END}
{_WHO} (me|nos) (rodea|rodean|cerca|cercan){_END}
^(me|nos) (rodean|cercan){_ONLY}
(me|nos) (rodean|cercan) {_WHO}
(me|nos) sigue (un|unos|alguien|gente) (tipo|tipos|hombre|carro|auto|moto|desde|camioneta|a|en|y)
(me|nos) (detuvieron|detubieron|arrestaron|secuestraron|violaron|golpearon|pegaron|dispararon
    |encanonaron|apunalaron|asaltaron|robaron|amenazaron|amenazan|atacaron|agredieron|rodearon
    |gasearon|encerraron|desalojaron|desalojan|esposaron|quieren matar|van a matar|va a matar
    |encerro|quiere matar|agarraron los pacos|agarro la policia){_END}
(me|nos) robaron (el|la|mi|todo|los|las) (celular|telefono|bolso|mochila|cartera|carro|moto|plata
    |computador*|camara|documentos|billetera)
(me|nos) estan (deteniendo|arrestando|desalojando|golpeando|pegando|gaseando|disparando|asaltando
    |robando|amenazando|atacando|agrediendo|rodeando|allanando|reprimiendo|encerrando){_END}
(me|nos) estan (echando|sacando) .. (casa|casas|toma|terreno|barrio|fuerza|local|predio)
(me|nos) (estan llevando|llevan|llevaron|llevaran|van a llevar) (pres*|deten*|arrest*
    |a la comisaria|a la estacion|a la fuerza)
(me|nos) (subieron|estan subiendo|metieron) (a|en) (una|la) (patrulla|camioneta|celda)
(estoy|estamos) (en peligro|detenid*|secuestrad*|rodead*|en la comisaria|en la fiscalia){_END}
(estoy|estamos) (pres(a|o|as|os)|herid(a|o|as|os)|encerrad(a|o|as|os)){_ONLY}
(llego|llegaron|entro|entraron) {_WHO} (a|en|al) .. (casa|oficina|sede|local|puerta|barrio|toma
    |redaccion)
{_WHO} (esta |estan |llego |llegaron |entro |entraron )?(en|a|afuera|tocando|tumbando|pateando
    |rompiendo) .. (puerta|mi casa|nuestra casa|oficina|sede|redaccion)
estan allanando (la|el|mi|nuestra|nuestro) (casa|oficina|sede|local|redaccion)
^(auxilio|socorro|emergencia|sos|ayudenme) (me|nos|hay|estan|llego|llegaron|esta|se|mi|estoy
    |la policia)
^(ayuda|urgente|peligro) (me|nos) (estan|esta|siguen|sigue|detuv*|rob*|peg*|golp*|asalt*|amenaz*
    |quier*|van|llev*|viol*|desaloj*)
^(ayuda|urgente|peligro) (estan|llego) .. (policia|desaloj*|allan*|dispar*|golpe*|pegando|llevando)
(hay|tenemos) (un |una |varios |varias |gente )?(heridos|heridas|herido|herida){_END}
(manden|llamen|llama|pidan) (a )?(una |la |al )?(ambulancia|samu|911|paramedicos){_END}
necesit(o|amos) ayuda (urgente|ya|ahora)(?= ($|(por favor|porfa) ))
ayuda urgente(?= ($|(por favor|porfa) ))
"""
DANGER = f"""
({WATCHED})
(esta|estan) (parado |parada |parados |aca |ahi |ya )?(en|frente a|afuera de|fuera de) mi (puerta
    |ventana|porton)
(estan|esta|vienen|viene|hay) .. (detras|atras) (de mi|de nosotras|mio|mia){_END}
(botaron|echaron|sacaron|corrieron) .. (casa|calle|pieza|cuarto|departamento)
no (llega|llego|vuelve|volvio) .. (escuela|casa|trabajo|salio|clase)
(gente|hombre*|tipo*|personas|el|ella|esta|estan) armad*
(allana*|registra*) .. (casa|oficina|sede|local|redaccion)
(cayo|cayeron|llego|llegaron|vino|vinieron) {_WHO}
(grabando|siguiendo|vigilando|fotografiando) .. (carro|auto|moto|ventana|esquina)
(gps|microfono|rastreador) .. (carro|auto|casa|celular|bolso)
(consecuencias|atengo|atenga)
(acosador|acosaba) .. (encontr*|volvio|aparecio|siguio)
(corona de flores|nota|carta|bala|panfleto) .. (puerta|amenaz*|casa)
(me|nos) .. (tiraron|tiro|empuj*|arrastr*|botaron) .. (piso|suelo|escalera|pared|caballos)
(se metieron|entraron|quieren entrar|intentan entrar) .. (robar|casa|local|sede|ventana)
no me siento .. (segura|seguro|a salvo)
{CUT_NO_SUPPLY}(se (esta |estaba |estuvo )?(corto|corta|cortaba|cortando)|me corte
    |(me )?estoy cortando(me)?|cortar(se|me)|cortando(se|me)){CUT_NO_BODY}
(autolesi*|suicid*)
(ven|vengan|veni|manden a alguien) (rapido|ya|urgente|pronto)
(me cai|me desmaye|se desmayo|no puedo caminar|me quebre|no me puedo mover|me siento muy mal)
(siguiendo|persiguiendo|golpeando|pegando|apuntando|amenazando|atacando|disparando|rodeando)(me|nos)
(quieren?|va a|van a|intentan?) (llevarme|llevarnos|agarrarme|matarme|pegarme)
(me|nos) (quieren|quiere|van a) (llevar|agarrar|encontrar|pegar|detener)
(me|nos) (esta |estan |estaban |vienen |viene |van a |acaban de )?{_DONE}
(me|nos) estan (deteniendo|arrestando|desalojando|golpeando|pegando|gaseando|disparando|asaltando
    |amenazando|atacando|agrediendo|rodeando|allanando|reprimiendo|encerrando|ahorcando|violando)
{_NO_RELATIVE}(me|nos) (rodean|cercan)
{_WHO} (me|nos) (rodea|cerca)
(me|nos|le|les|la|lo) (quieren?|keren|va|van|voy|intentan?|piensan?) (a )?(matar|lastimar
    |(hacer|acer) .. (dano|algo)|golpear|violar|secuestrar|desaparecer)
(quieren?|va a|van a|intentan?) (lastimar|golpear|violar|secuestrar|desaparecer)(me|nos|la|lo|le)
(me|nos) (andan|estan|vienen a|vinieron a) (buscando|buscar)(?! (en|para) (insta|redes|trabajo))
(andan|estan|anda|esta|vinieron|vino) preguntando por (mi|nosotr*)
(me|nos) (viene siguiendo|vienen siguiendo|andan siguiendo|anda siguiendo)
(me|nos) sigue (un|una|alguien|el|gente|dos)
(estoy|estamos) (en peligro|en la fiscalia|en la carcel|en el calabozo|deten*|pres(a|o|as|os)
    |secuestrad*|rodead*|en la comisaria)
(companer*|amig*|hij*|herman*|mama|madre|vecin*|colega*|alguien) .. (esta|estan) en peligro
(estoy|estamos) (herid(a|o|as|os)|encerrad(a|o|as|os))
(llego|llegaron|entro|entraron|esta|estan|ya esta|ya llego) {_WHO}
{_WHO} (esta |estan |llego |llegaron |entro |entraron |anda )?(en|a|afuera|tocando|tumbando
    |pateando|rompiendo) .. (puerta|casa|oficina|sede|local|redaccion|edificio)
(nos|me) (cayo|cayeron) .. (policia|oficina|casa|sede|allanamiento)
(estan|esta) allanando
^(ayudenme|auxilio|socorro|emergencia|sos) (me|nos|hay|estan|llego|esta|se
    |mi|la policia|llegaron|estoy|por favor|porfa)
(hay|tenemos) (un |una |varios |varias |gente )?(heridos|heridas|herido|herida|muertos)
(manden|llamen|llama|necesitamos|pidan) .. (ambulancia|medico|medica|paramedicos)
(necesito ayuda (ya|ahora)|ayuda urgente)
(con|tiene|tienen|saco|trae) (un |una )?(cuchillo|arma|pistola|navaja|machete|fierro|revolver)
(tomo|tome|trago|trague) .. (pastillas|veneno|medicamentos|cloro|raticida)
(tengo|tiene|hay) .. (corte|herida|sangre|hemorragia|balazo|quemadura|fractur*|golpe en)
(sangro|sangra|sangramos|me desangro)
(me|nos|te|la) (mata|matan|mate)
(no|nunca) .. (llamar a nadie|hablar con mi abogad*|salir de aqui)
(me|nos) .. (esperando|vigilando|rondando|acechando) .. (esquina|casa|afuera|puerta|salida|trabajo
    |calle)
(saben|sabe|descubrio|descubrieron|averiguo) donde (vivo|trabajo|estoy|estudia|vive)
(drogaron|drogo|echaron algo|pusieron algo) .. (bebida|trago|copa|vaso|me|creo)
(creo que|me) (me )?(drogaron|dopar*|envenen*)
(rompiendo|rompio|destrozando|quebrando) (todo|las cosas|la puerta|los vidrios|la casa)
(estoy|estamos|esta) escondid*
(aiuda|ayua|aiudaa|aiudenme)
(hackearon|clonaron|robaron) .. (whatsapp|wasap|cuenta|face|insta|correo|celular)
(lanzaron|tiraron|llego|dejaron) .. (bomba|molotov|piedra*|balas|nota)
(me|nos) (quiere |va a |esta |acaba de )?(pego|pega|pegan|golpeo|robo|robando|pegando|violo|viola
    |encerro|encierra|ahorca*|ahorco|empujo|apunta con|apuntan con|apunto con|matar
    |toma por la fuerza|jaloneo|corto{CUT_NO_BODY}|tiro)
abus(o|aron|aba|aban) (sexualmente )?de (mi|una|ella|nosotras|mi .)
(la|lo|las|los|le|les) (esta |estan |van a |acaban de )?{_DONE}
(detuvieron|detubieron|se llevaron|golpearon|mataron|secuestraron|arrestaron|atraparon|asaltaron
    |robaron|amenazaron|balearon|hirieron|apresaron|encarcelaron|violaron) a
(tomaron|tienen|llevaron|cayo|esta) (pres(a|o|as|os)|deten*)
(estan|andan|esta) (disparando|tirando|gaseando|reprimiendo|desalojando|golpeando|balaceando
    |sacando a la gente|llevando gente|llevandose|rompiendo|quemando|siguiendo)
(se estan|se estaban) llevando
(balacera|tiroteo|balazos|disparos|gases|lacrimogen*|represion|desalojo|allanamiento|redada) (en
    |aqui|ahora|ya|en la|en el|hoy|acaba*)
(hay|empezo|es|tenemos) (una |un |el |la )?(balacera|tiroteo|disparos|gases|represion|desalojo
    |allanamiento|redada|bomba)
(hay|son|tengo|veo) .. {_WHO}
{_WHO} (me|nos|le) (quito|quitaron|tiene|agarro|agarraron|paro|pararon|llevo|pide)
(viene|vienen|llama|tocan|golpean|tumban) .. {_WHO}
{HIM} (me|le|la|esta|llego|vino|entro|amenaz*|esta afuera|se volvio|no me)
{HIM} \\w+ (me|nos) (esta (mat*|peg*|golpe*|viol*|sigu*|amenaz*)|tiene (encerrad*|agarrad*)
    |quiere (matar|pegar|violar)|va a (matar|pegar)|encerro)
(tengo|siento|tenemos|me muero de) (mucho |tanto |un )?miedo
(estoy|estamos) (asustad*|aterrad*|encerrad*|atrapad*|escondid*|sangrando|sola y|en riesgo)
no (me|nos) (deja|dejan|dejo|dejaron) (salir|ir|en paz|entrar|hablar)
no respira
no (puedo|podemos) (salir|respirar|escapar|volver a (mi )?casa|mas con mi vida)
(esta|estan) (afuera|en la puerta|pateando|golpeando|tumbando|rompiendo) .. (puerta|casa|gritando
    |vidrio*|esperandome|todo)?
(llego|recibi|recibimos|mandaron|tengo|hay) .. (amenaza*|amenasa*)
(amenaza*|amenazado|amenazada) (de muerte|de bomba|contra|con)
(publicaron|subieron|difundieron|filtraron|compartieron|pusieron|tienen|circulan
    |hackearon) .. (direccion|fotos intimas|fotos mias|mis fotos|mis datos|mi numero|telefono
    |nudes|video intimo|pack|mi cuenta|packs|desnud*)
(celular|cel|telefono|computador*|laptop|equipo*) .. (incautad*|decomisad*|confiscad*)
(quitaron|quito|decomisaron|confiscaron|robaron|incautaron|revisaron|revisan
    |arrebataron) .. (celular|cel|telefono|computador*|equipo*|camara|pasaporte|laptop|documentos)
(me|se|nos) (quiero|quiere|quisiera|quieren|voy a|va a|ba a|dan ganas de|da ganas de) (morir|matar
    |suicidar|cortar las venas|hacer dano|lastimar)
(quiero|quiere|va a|voy a|queria|pienso en|piensa en|habla de|dice que) .. (morir*|suicid*|matarse
    |matarme|quitarse la vida|quitarme la vida|desaparecer para siempre)
(ya )?no (quiero|quiere) (vivir|seguir viviendo|estar aqui mas)
(hay|tengo|una|un|esta|mi) .. (herid(a|o|as|os)|lastimad(a|o)|inconsciente|desmayad*|sangrando
    |baleado|baleada)
(se perdio|perdi|no encuentro|no aparece|desaparecio|se llevaron|no veo) .. (hij(o|a|os|as)|nin(o
    |a|os|as)|bebe|herman(o|a)|mama|amig(o|a)|companer(o|a)|compa|nen(e|a)|sobrin(o|a)|chic(o|a)
    |periodista|abuel(o|a)|pareja|novi(o|a)|muchach(o|a))
(no contesta|no responde|no aparece|no llego|no volvio|no ha vuelto|no sabemos nada de|no se sabe
    |sin noticias de|perdimos contacto) .. (desde|hace|anoche|ayer|horas|casa|dias|ella|el|nadie
    |la|mi)
(esta|sigue) desaparecid*
(llam*|escrib*) .. amenaz*
(ayuden|ayudame|ayudeme|ayudanos|ayuda) .. (estoy|esta|miedo|policia|casa|deten*|detub*|peligro
    |urgente|sangr*|golpe*|plis|plz|porfa)
(me|nos) acaban? de (pegar|golpear|robar|amenazar|violar|atacar|ahorcar|encerrar|patear)
(me|nos) (esta |estan )?(cag*|mol*|agarr*|dio|dieron) a (trompad*|pina*|golpe*|patada*|palo*)
(alguien|un (tipo|hombre)|unos tipos|ladrones) (entro|entraron|se metio|se metieron|esta entrando
    |quiere entrar) (a|en) (mi |la |nuestra )?(casa|pieza|departamento)(?! del? )
(alguien|un tipo|un hombre|un carro|una moto|una camioneta|un auto|unos tipos) .. (siguiendo|sigue
    |persigue|detras de mi|atras de mi|vigilando|afuera de mi casa|me espera)
(necesito|busco) .. (huir|esconderme|salir de aqui|un lugar seguro)
(nos|me) (vigilan|estan vigilando|intervinieron|hackearon|estan hackeando)
"""
CARE = """
(pide|pidio|pidiendo|exige) .. favor* .. (cambio|sexu*)
(public*|sac*|mand*|filtr*) .. (captura*|pantallazo*)
(mira|mirando) (raro|feo|las tetas|mucho)
acos(o|aron|aba|aban|a|an|ando|ador|adora|ada|ado|adas|ar)
(hostig*|manose*|acosador*)
(me|nos|le) .. (hicieron|hizo) sentir .. (mal|incomod*|menos|humillad*|inseguras?)
(me|nos|le) .. (dij*|llam*|grit*|trat*) .. (put(a|o)|zorra|perra|maricon|negra de|india de|gorda
    |loca|basura|feminazi|idiota|inutil|estupid*)
(para|deja|dejan) de .. (mandar*|escrib*|llamar*|busca*|molestar*|mirar*|seguirme)
(hay|tenemos|es|creo que) .. (sapo|soplon*|espia|infiltrad*|topo|buchon|cana|tira)
(me|nos) .. (toco|agarro|sobo) .. (pierna|cola|culo|pecho*|teta*|cintura|trasero|nalga*)
(intento|quiso|trato de) .. (besar*|tocar*|agarrar*|manosear*|meterse)
(me|nos|le|la) (esta |estan |estuvo |quiso |quiere )?(toco|tocaron|tocando|tocar|insulto|insultan
    |insultando|insultaron|humill*|grito|gritaron|gritando|discrimin*|ofend*|burl*|molest* mucho
    |incomod*|falto al respeto|maltrat*|beso a la fuerza|beso sin|acosando|acoso)
(me|nos) (mando|mandan|manda|envia|envio|mandaron|pide|pidio) .. (fotos|foto|videos|nudes|pack
    |porno|desnud*|su cosa|pene)
(tom*|public*|sub*|sac*) .. fotos .. sin (permiso|mi permiso|preguntar|consentimiento)
(infiltrad*|soplon*|sapo en el grupo|agente encubiert*|policia en el grupo|informante*)
(pasando|pasa|filtrando|filtra|dando) .. (informacion|datos|capturas) .. (policia|afuera|otros
    |gobierno|prensa)
(quiero|necesito|quisiera|puedo|tengo que|como) (denunciar|reportar|quejarme|poner una queja
    |hacer una denuncia) .. (persona|alguien|companer*|miembro|acoso|a|de|incidente|integrante)?
(alguien|un tipo|uno|una persona|un companer*|el|ella) .. (me escribe|me busca|me insiste
    |me da miedo|no deja de|me incomoda)
(machis*|racis*|homofob*|transfob*) .. (conmigo|contra mi|en la sala|en el grupo|me dijo)
(hay|alguien) .. (mandando|compartiendo|publicando) .. (porno*|pornograf*|violen*|spam)
(violencia) .. (en la sala|en el grupo|en la red|dentro)
"""
REPORT = """
(quiero|kiero|necesito|quisiera|puedo|tengo que|como|vengo a) (denunciar|reportar
    |(poner|hacer|presentar) una (denuncia|queja))
^denuncio
"""
OVER = f"""
(estoy|estamos|toy|stoy|me siento) .. (bien|a salvo|san[ao]s?|salv[ao]s?|tranquil*|segur[ao]s?
    |fuera de peligro)
(esta|todo|toda) .. (bien|tranquilo|en orden|ok)
no (fue|era|es|paso|pasa|pasaba) nad[ai]
{FALSE_ALARM}
ya (estoy|estamos|toy|llegue|llegamos) .. casa
(llegue|llegamos) .. (bien|casa|salvo)
ya (llegue|llegamos|volvi|volvimos|sali|salimos|paso|termino|acabo
    |(se fue|se fueron)(?! con (mis?|nuestr*) ))
(me|nos) (soltaron|liberaron|dejaron (ir|salir|libre))
(me equivoque|fue (un )?error|sin querer|por error|por equivocacion|me confundi)
no (hace falta|es necesario|se preocupen|te preocupes)
(era|fue|es) (solo|nomas|nada mas) (eso|esto)(?= ($|(gracias|por favor|nomas|ya) ))
(eso|esto) (era|es|fue) todo(?= ($|(gracias|por ahora|por hoy) ))
(olvidalo|olvidenlo|dejalo asi)
{STOP}
(para|paren|apaga*|quita*|termina*|deten*|corta*|cancela*|desactiva*) .. (alarma|aviso|alerta)
"""
"""Of somebody whose call is open: that it is over, or was a mistake."""
