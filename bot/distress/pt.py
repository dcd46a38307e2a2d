"""Phrases typed in danger or after harm, in Portuguese. `common_words.py` explains the notation."""

from __future__ import annotations

from bot.distress.common_words import CUT_NO_BODY, CUT_NO_SUPPLY

_WHO = (
    "(a|o|um|uma|os|uns|tem)? ?(policia*|pm|pms|pf|choque|tropa de choque|milicia*|milicianos"
    "|gcm|guarda municipal|oficial de justica|soldados|exercito|bandidos|viatura*|capangas)"
)
HIM = "(meu|o meu|seu) (ex|marido|esposo|namorado|companheiro|padrasto|pai|irmao|chefe)"
_DONE = (
    "(perseguindo|persegu*|agarraram|doparam|drogaram|chuta*|(colocaram|enfiaram"
    "|meteram) .. (camburao|viatura|carro|cela)|seguindo|seguiram|prenderam|prendendo"
    "|prender|detiveram|despej*|assalt*|roubaram|bateram|batendo|agred*|esfaque*|estupr*"
    "|ameaca*|sequestr*|trancaram|trancou|atac*|tortur*|espanc*|baleada|balead*|algem*"
    "|cercaram|cercando|encurral*|matar|expuls(aram|ando) .. casa|levaram pres*"
    "|levando pres*|levar pres*|jogaram .. viatura)"
)
WATCHED = (
    f"({HIM}|ele|ela) (sempre |fica |ta |esta |vive )?(olha|olhando|mexe|mexendo|le|leu|lendo"
    "|revista|revistando|controla|controlando|vigia|vigiando|fuca|fucando|checa|checando)"
    " (em |tudo )?(no |nas |o |as )?(meu|minhas?) (celular|telefone|whatsapp|zap|mensagens"
    "|conversas?)(?! quebrad[ao])"
    "|(estao|tao|ta|esta|vivem|ficam) (olhando|mexendo|lendo|revistando|vigiando|fucando|checando)"
    " (em |tudo )?(no |nos |nas |o |os |as )?(meu|minhas?|nossos?|nossas?) (celular(es)?|telefones?"
    "|whatsapp|zap|mensagens|conversas?)"
)
_CALL = (
    "avis(a|em|e)|cham(a|em|e)|lig(a|ue|uem) (pr[ao]|para|a)|(fala|fale|falem|diz|diga|conta)"
    " (pr[ao]|para|a|com)"
)
"""Behind a cry: who is to be called."""
_END = (
    "(?= ($|(e|em|na|no|ja|agora|aqui|aca|ajuda|socorro|por favor|pelo amor|urgente|venham|um|uns"
    f"|dois|com|desde|ate|ali|a policia|a pm|{HIM}|faz|gente|to|tou|estou|estamos|tamo"
    "|tamos|vou|vamos|o que (eu )?faco|que (eu )?faco|nao sei o que|se eu|se nao|pela|pelo"
    "|nao (avis(a|e|em)|cont(a|e|em)|fal(a|e|em)|diz|diga|cham(a|e|em))|que ninguem"
    f"|{_CALL}) ))"
)
_ONLY = "(?= ($|(por favor|agora|aqui|gente|socorro) ))"
SPOKEN = f"""
(esta|estao|tao|ta) me (seguindo|perseguindo|prendendo|batendo|ameacando|assaltando|agredindo
    |sequestrando|atacando){_END}
me (seguem|perseguem|prenderam|detiveram|sequestraram|estupraram|bateram|espancaram|assaltaram
    |roubaram|ameacaram|ameacam|atacaram|agrediram|cercaram|balearam|algemaram|trancaram){_END}
(ele|ela|{HIM}) (me|nos) trancou{_END}
me roubaram (o|a|meu|minha|tudo) (celular|telefone|bolsa|mochila|carteira|carro|moto|computador*
    |camera|documentos)
nos (prenderam|detiveram|cercaram|atacaram|agrediram|ameacaram|despejaram){_END}
^nos (seguem|perseguem){_END}
{_WHO} (me|nos) cerc(a|am){_END}
^(me|nos) cercam{_ONLY}
(ele|ela|eles|meu ex|meu marido) (vai|vao|quer|querem) me matar
(esta|estao|tao|ta|vao|sendo) (despejando|despejar|prendendo|batendo em|atirando em|cercando
    |expulsando) (a gente|nos|todo mundo|as familias|o pessoal)
(fui|fomos) (roubad(a|o)){_ONLY}
(fui|fomos) (pres(a|o|as|os)|detid(a|o|as|os)|assaltad*|agredid*|estuprad*|sequestrad*
    |despejad*|espancad*|balead*){_END}
(to|tou|estou|estamos|tamo|tamos) sendo (pres(a|o|as|os)|persegu*|agredid*|ameacad*|seguid*
    |despejad*|levad*){_END}
(to|tou|estou|estamos|tamo|tamos) (em perigo|cercad*|na delegacia|detid*|encurralad*){_END}
(to|tou|estou|estamos) ferid(a|o|as|os){_ONLY}
(tem|um|uma) .. me (seguindo|perseguindo|ameacando){_END}
(tem|ha) (um|uma|uns|dois|duas|tres) (caras?|homem|homens|carros?|motos?|tipo) (vindo
    |andando |correndo )?atras de (mim|nos){_END}
{_WHO} (chegou|entrou|invadiu|ta aqui|esta aqui|ta na|esta na|na) .. (porta|casa|sede|ocupacao
    |escritorio|redacao)
(invadiram|tao invadindo|estao invadindo|arrombaram) (a|o|minha|nossa|nosso) (redacao|casa|sede
    |escritorio|ocupacao|porta)
^(socorro|emergencia|sos|me ajudem) (me|nos|tem|estao|tao|estou|to|ele|chegou|fui|a policia|a pm)
^(ajuda|urgente|perigo|me ajuda) (me|nos|estao|tao|fui|a policia|a pm) (me |nos |sendo )?(segu*
    |prend*|bat*|despej*|assalt*|roub*|ameac*|lev*|atir*|estupr*|detid*|pres*|cheg*|entr*|invad*)
(tem )?gente (ferida|baleada|machucada|sangrando){_END}
(chama|chamem|manda|mandem|liga pra) (a |o |uma )?(ambulancia|samu|192){_END}
(preciso|precisamos) de ajuda (urgente|agora|ja)(?= ($|por favor ))
ajuda urgente(?= ($|por favor ))
"""
DANGER = f"""
({WATCHED})
(ele|ela|eles) (ta|tao|esta|estao) (aqui |ali |la |parado |parada |parados )?(na|no|em frente a
    |em frente da|fora da|do lado de fora da) (minha|meu) (porta|portao|janela)
(ele|eles) (ta|tao|esta|estao) (aqui |ali |la |parado |parados )?(em frente a|em frente da|fora da
    |do lado de fora da) minha casa
(estao|esta|tao|ta|vem|vindo|tem) .. atras de (mim|nos){_END}
(expulsaram|botaram|colocaram|despejaram) .. (casa|rua|fora)
nao (chegou|voltou|apareceu) .. (escola|casa|trabalho|aula)
(gente|homem|homens|caras|pessoas|bandidos|ele|ela|ta|esta|estao) armad*
(grampear*|grampead*|rastread*|escuta no|gps no)
(perseguia|perseguidor|stalker)
(carta|bilhete|recado|mensagem|coroa) .. ameac*
(me|nos) (jogaram|jogou|empurraram|derrubaram|arrastaram) .. (chao|parede|escada|rua)
(entraram|invadiram|tentaram entrar) .. (roubar|casa|pra|janela)
nao .. (sinto|sentindo) (segura|seguro)
{CUT_NO_SUPPLY}(se|me) cort*{CUT_NO_BODY}
(cortou os pulsos|automutil*)
(vem|vem ca|venham|manda alguem) (rapido|logo|urgente|agora)
(desmaiei|desmaiou|cai e|quebrei|passando mal|nao consigo andar|nao consigo levantar)
(querem|quer|vao|vai|tentaram|tentou) (me|nos) (levar|pegar|prender|achar|bater|machucar|ferir
    |estuprar|sequestrar|fazer (mal|algum mal|alguma coisa))
(querem|quer|vao|vai) (machucar|ferir|fazer mal) (a gente|a mim|comigo|para mim|pra mim)
(tao|estao|andam|vieram) (me procurando|me procurar|perguntando (por|de) mim)
(me|nos) (esta |estao |tao |ta |vao |acabaram de |querem |quer )?{_DONE}
(me|nos) cercam
(esta|estao|tao|ta|vao|to sendo|fui|fomos|estou sendo|sendo) {_DONE} (a gente|nos|a nossa
    |todo mundo|eu)
(vai|vao|quer|querem) me matar
(fui|fomos) (pres(a|o|as|os)|detid(a|o|as|os)|assaltad*|roubad*|agredid*|estuprad*|ameacad*
    |sequestrad*|despejad*|espancad*|baleada|baleado)
(to|tou|estou|estamos|tamo) (sendo (pres*|persegu*|agred*|ameac*|segu*|despej*|revistad*|levad*)
    |em perigo|pres(a|o|as|os) (na delegacia|na dp|na cadeia|pela (policia|pm))|cercad*|ferid*
    |na delegacia|detid*|encurralad*)
(companheir*|amig*|filh*|irma|irmao|mae|vizinh*|colega*|alguem) .. (ta|esta|estao) em perigo
(tem|um|uma) .. me (seguindo|perseguindo|ameacando)
{_WHO} (chegou|ta|esta|entrou|invadiu|tao|estao|na|no|aqui) .. (porta|casa|aqui|sede|ocupacao
    |escritorio|redacao|predio)
(chegou|chegaram|entrou|entraram) {_WHO}
(invadiram|tao invadindo|estao invadindo|arrombaram) .. (redacao|casa|sede|escritorio|ocupacao
    |porta|predio|sala)
^(socorro|emergencia|perigo|sos) (me|nos|tem|estao|tao|estou|to|ele
    |a policia|a pm|chegou|fui|por favor|despej*|prend*)
(tem )?gente (ferida|baleada|machucada|sangrando)
(chama|chamem|manda|mandem|precisamos de|liga pra) .. (ambulancia|samu|medico|medica)
(preciso de|precisamos de) ajuda (urgente|agora|ja)
ajuda urgente
(com|ta com|tem|puxou|apontou|tirou) (uma |um |a |o )?(faca|arma|revolver|pistola|faconaco)
(tom(ou|ei)) .. (tiro|remedio*|comprimido*|veneno|bala)
(levei|levou|leva*) .. (tiro|facada|soco|borrachada|bala|choque)
(quero|vontade de|queria) (sumir|desaparecer)
(sentido em nada|sem vontade de viver|ninguem ia sentir)
(descobri(u|ram)|sabe|sabem|acharam|achou) onde (eu )?(moro|estou|trabalho|minha)
(clonaram|hackearam|invadiram) .. (zap|whatsapp|conta|insta|celular|email)
(derrubar|demolir|trator|escavadeira) .. (barraco*|casa*|ocupacao|comunidade)
(alguem|homem|cara|gente) (na|no|em) (minha )?(janela|porta|portao|quintal|telhado)
(botaram|colocaram|puseram|dopar*|drogar*) .. (bebida|copo|festa)
(estou|to|tou|ta|esta) escondid*
(levaram|pegaram|roubaram|tomaram) (a |o )?(minha|meu) *
(me|nos) (bateu|bate|batem|agrediu|roubou|trancou|tranca|empurrou|estuprou|matar|enforcou|esfaqueou
    |apontou|ameacou|persegue|segue|perseguiu|seguiu|estrangulou|espancou|chutou)
abus(ou|aram|ava) (sexualmente )?(de mim|dela|da minha|de uma)
apanhei (do|da|de)
(to|tou|estou) apanhando(?= ($|(muito|de novo|agora|aqui|em casa|del[ea]|do meu|socorro|ajuda) ))
(prenderam|detiveram|mataram|sequestraram|agrediram|levaram|balearam|espancaram|prendeu|assaltaram
    |roubaram) (a|o|as|os|um|uma|minha|meu|gente|{HIM})
(levaram|ta|esta|foi|tao) .. (pres(a|o|as|os)|detid(a|o|as|os)|baleada|baleado|ferid(a|o))
(tao|estao|ta|esta|vao) (atirando|jogando bomb*|jogando gas|despejando|despejar|batendo|revistando
    |prendendo|levando|arrombando|quebrando|invadindo|derrubando|seguindo)
(tiroteio|tiros|bala perdida|bomba de gas|gas lacrimogeneo|despejo|batida) (aqui|no|na|em|agora
    |hoje)
(tem|ta tendo|comecou|e) (um |uma |o |a )?(tiroteio|tiro|tiros|despejo|bomba|batida|conflito)
{_WHO} (ta|tao|chegou|me|nos|entrou|vem|vindo|pegou|tomou|levou|bateu|parou)
(chegou|chegaram|vem|veio|tem) .. {_WHO}
{HIM} (me|ta|esta|chegou|entrou|ameac*|nao me|veio|bateu|apareceu|ficou)
(to|tou|estou|estamos|tamo|sinto) (com )?(muito |tanto )?(medo|apavorad*|assustad*|trancad*
    |escondid*|sangrando|em risco|presa em casa|sem saida)
ele (vai|ta|esta) (me|vindo|aqui|la fora|gritando|batendo
    |na porta(?! da (sede|sala|reuniao|assembleia|festa|oficina))|atras)
nao (me|nos) (deixa|deixam|deixou) (sair|ir|em paz|entrar)
nao (respira|(ta|esta) respirando)
nao (posso|consigo|podemos) (sair|respirar|fugir|voltar pra casa)
(recebi|recebemos|chegou|mandaram|tem) .. ameaca*
(ameaca*) de (morte|bomba|estupro)
(lig*|mand*|escrev*) .. ameac*
(vazaram|publicaram|postaram|expuseram|divulgaram|espalharam|compartilharam
    |hackearam) .. (endereco|nudes|fotos|meus dados|meu numero|telefone|video|pelada|intim*|conta
    |dados)
(celular|telefone|computador*|notebook) .. (apreendid*|confiscad*)
(pegaram|tomaram|levaram|tomou|pegou|roubaram|apreenderam|confiscaram|revistaram
    |arrancaram) .. (celular|telefone|computador*|notebook|camera|documento*|equipamento*
    |passaporte)
(quero|queria|quer|vou|vai|falou que|disse que|pensando em|vontade de) .. (morrer|me matar
    |se matar|suicid*|sumir do mundo|acabar com a vida|tirar a (minha )?vida)
nao (quero|aguento|quer|consigo) (mais )?(viver|seguir vivendo|continuar viv*)
(suicid*)
(tem|alguem|uma|um|ta|esta|minha|meu|gente) .. (ferid(a|o|as|os)|machucad(a|o|as|os)|desmai*
    |sangrando|inconsciente|baleada|baleado)
(perdi|nao acho|nao encontro|sumiu|desapareceu|cade|nao vejo|levaram) .. (filh(o|a|os|as)|crianca
    |menin(o|a)|bebe|irma|irmao|mae|amig(o|a)|companheir(o|a)|sobrinh(o|a)|jornalista)
(irma|irmao|filha|filho|amiga|amigo|mae|jornalista|companheira|reporter|menina|namorada) .. (sumiu
    |desapareceu|nao voltou|nao chegou|nao responde|nao atende)
(nao responde|nao atende|nao voltou|nao chegou|nao consigo falar com|sem noticias d*
    |perdemos contato) .. (desde|faz|ontem|horas|casa|dias|dela|dele|ela|ele)
(ta|esta) desaparecid*
(me ajuda|me ajudem|ajuda|ajudem|pode me ajudar) .. (medo|policia|ele|perigo|urgente|to|preso
    |presa|sangr*|casa)
(um cara|um homem|um carro|uma moto|alguem|uns caras|tem um) .. (me seguindo|atras de mim|seguindo
    |me vigiando|parado .. casa|me esperando|me persegu*)
(preciso|precisamos) .. (fugir|me esconder|sair daqui|lugar seguro)
(tem|to vendo) .. atras de mim
"""
CARE = """
(pede|pediu|pedindo|cobra) .. favor* .. (troca|sexu*)
(posta*|espalh*|vaz*|mand*) .. (print|prints)
(encarando|encara|olha estranho|me olhando)
(assedi*|acosso|asedio|asediaram)
(me|nos) (xing*|ofend*|humilh*|toc(ou|aram)|apalp*|grit*|discrimin*|maltrat*|beijou a forca
    |incomod*|desrespeit*|insult*|agarrou)
(passou|passa|passaram|colocou|botou) a mao
(tao|estao|ta|esta|fica|ficam) (me|nos) (xing*|ofend*|humilh*|grit*|incomod*|insult*
    |mandando .. (nude*|foto*|video*))
gritou comigo
(me|nos) .. (cham*|xing*) .. (vadia|puta|vaca|viado|macac*|gorda|louca|burra|idiota|lixo|piranha
    |sapatao|inutil)
(tent*|quis) .. (me beijar|me tocar|me agarrar|beijar|passar a mao)
(tem|acho|e) .. (espia|espiao|infiltrad*|x9|p2|policial no grupo|dedo duro)
(me|nos) (fez|fizeram) .. sentir .. (mal|incomod*|humilhad*|menos)
me humilh*
(manda|mandou|mandaram|fica mandando|enviou|pede|pediu) .. (nude*|pelad*|foto .. pelad*|porno
    |pinto|foto intima)
(infiltrad*|p2|x9|dedo duro|policial disfarcad*|informante*)
(passando|vazando|passa|vaza) .. (informacao|informacoes|prints|dados) .. (policia|fora|outros
    |governo)
(quero|preciso|queria|posso|tenho que|como) (denunciar|reportar|fazer uma denuncia
    |fazer uma queixa|reclamar de) .. (alguem|pessoa|uma|um|a|o|assedio|companheir*)?
(alguem|um cara|uma pessoa|ele|ela) .. (me escreve|nao para de|me da medo|insiste|fica mandando
    |me persegue no)
(machis*|racis*|homofob*|transfob*) .. (comigo|contra mim|na sala|no grupo|me disse)
(tem gente|alguem) .. (mandando|postando) .. (porno*|violen*|spam)
(tiraram|tirou|postou|postaram) .. foto* .. sem (permissao|minha permissao|pedir|autorizacao)
"""
REPORT = """
(quero|preciso|queria|posso|tenho que|como|vim|gostaria de) (denunciar|reportar
    |fazer uma (denuncia|queixa))
"""
OVER = """
(estou|to|estamos|tamos) .. (bem|ben|salv[ao]s?|segur[ao]s?|tranquil*|em casa|fora de perigo)
(ta|esta|tudo) .. (bem|certo|ok|tranquilo|em ordem)
nao (foi|era|e|aconteceu) nada
(cheguei|chegamos) .. (bem|casa|salvo)
ja (cheguei|chegamos|voltei|sai|saimos|passou|acabou|terminou
    |foi embora(?! com ((a|o) )?(minh*|meus?|noss*) ))
((ele|ela) foi|foram) embora(?! com ((a|o) )?(minh*|meus?|noss*) )
(me|nos) (soltaram|liberaram|deixaram (ir|sair))
(foi engano|me enganei|foi (um )?erro|por engano|sem querer)
nao (precisa|precisam|e preciso|se preocup*)
(era|foi|e) (so|somente|apenas) (isso|isto|isso ai)(?= ($|(mesmo|obrigad[ao]|por favor) ))
(isso|isto) (era|e|foi) tudo(?= ($|(obrigad[ao]|por hoje|por enquanto) ))
deixa (pra|para) la
(para|parem|desliga*|cancela*|encerra*|termina*|tira*) .. (alarme|aviso|alerta)
"""
"""Of somebody whose call is open: that it is over, or was a mistake."""
