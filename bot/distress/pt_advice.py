"""Phrases to which the bot says what helps, in Portuguese: a phone that is gone or read by
somebody, a way out, a wish for secrecy. `common_words.py` explains the notation."""

from __future__ import annotations

from bot.distress.pt import HIM, WATCHED

_SEEN = (
    r"( \w+){0,5} (mex*|olha*|revist*|peg*|tom*|tir*|le|leem|lendo|vigia*|fuc*|chec*|tem) .."
    " (celular*|telefone*|whatsapp|zap|mensagens|conversas?) "
)
"""Behind the wish that all be gone: why it is urgent."""
TRACES = f"""
({WATCHED})
^(por favor |minga )?((quero|preciso) )?(apaga|apague|apagar|deleta|delete|deletar|limpa
    |exclui) (ja )?(tudo|(todas )?(as )?minhas mensagens|(a )?minha (ultima )?mensagem
    |(o )?(que|q) (eu )?(acabei de )?(escrevi|mandei|falei|disse|escrever|mandar|falar|dizer)
    |(esse|este|o|meu|nosso) chat|(essa|esta|a|nossa) conversa
    |tudo (daqui|(o )?(meu|que (eu )?(escrevi|mandei|falei|disse))))( (ja|agora|agr|rapido|urgente
    |por favor|aqui|daqui|errei|foi engano|desculpa)){{0,3}}(?=( $|{_SEEN}))
^(por favor |minga )?(esquece|esqueca|esquecer) (o )?que (eu )?(te )?(acabei de )?(falei|disse
    |contei|escrevi|falar|dizer|contar|escrever)( (apaga|agora|errei|foi engano)){{0,3}}(?= $)
"""
"""Somebody wants what was written gone, or another person reads what is on their phone."""
_PHONE = "(celular*|cel|telefone*|aparelho|computador*|notebook|laptop|tablet)(?! novo )(?= )"
PHONELESS = f"""
(perdi|perdemos) (o |meu |o meu |nosso )?{_PHONE}
(roubaram|roubou|levaram|tomaram|pegaram|furtaram|tiraram|tirou|tomou|pegou|levou) (o )?(meu|nosso
    ) ?{_PHONE}
me (roubaram|roubou|tomaram|tiraram|furtaram|tirou|tomou) (o |meu |o meu ){_PHONE}
(roubaram|levaram|tomaram|pegaram|furtaram|tiraram|arrancaram|sumiu) (o )?(celular|telefone)
    (?! (d[aoe]|dela|dele|para|pro|novo|errado|emprestado) )
sumiu (o )?meu {_PHONE}
meu (outro |velho )?{_PHONE} (velho |antigo )?(sumiu|(foi )?(roubad*|furtad*|perdid*|levado|tomado
    |apreendid*))
"""
"""The writer's phone is gone."""
TAKEN = f"""
({HIM}|ele|ela|alguem|policia|quem|ladrao) (esta|ta|ficou|anda|continua) com (o )?meu {_PHONE}
({HIM}|ele|ela|alguem|policia|quem|ladrao) (ainda )?tem (o )?meu {_PHONE}
"""
"""Somebody has the writer's phone."""
_MET = (
    "(alguem que|desconhecid[ao]s?|uma? (cara|homem|menino|cliente|fonte)|meu ex"
    "|gente que nao conheco)"
)
OUTING = f"""
(vou|vamos|tenho que|tenho de|marquei de|to indo) .. (ver|encontrar*|conhecer|sair
    |reunir*) .. {_MET}
(tenho|marquei) um encontro com .. {_MET}
(volto|saio|to indo|ando|viajo) (muito )?sozinh[ao](?= ($|(a|para|pra|pro|por|de|em|ate|hoje) ))
vou (muito )?sozinh[ao] (a|para|pra|pro|por|de|ate)
"""
"""Somebody goes alone, or to meet whom they don't know or trust."""
_MODERATORS = "(moder*|equipe|cuidado|admin*|coorden*)"
_END = "(?= ($|(por favor|obrigad[ao]|ja|urgente|e|mas) ))"
SECRECY = f"""
que ninguem (mais )?(saiba|fique sabendo|descubra|veja|perceba)
sem (que )?(ninguem|meu|minha|ele|ela|todo mundo) .. (saiba|saber|descobrir|descubra|fique sabendo)
ninguem (pode|deve|precisa) (saber|ver|descobrir|ficar sabendo)
nao (pode|podem|deve|devem) (saber|descobrir|ficar sabendo)
nao quero que .. (saiba|saibam|descubra*|fique sabendo)
que (o |a )?(meu|minha|ele|ela|todo mundo|todas|todos) .. nao (saiba*|descubra*|fique sabendo)
nao (conta|conte|contem|fala|fale|falem|diz|diga|espalha|espalhe) (nada |isso )?(para|pro|a)
nao (avis(a|e|em)|cham(a|e|em)) (a )?(ninguem|todo mundo|todas|todos|meu|minha|ele|ela|policia)
nao (conta|conte|fala|fale|diz|diga) que (fui|sou) eu
(so|somente|apenas) .. (avis*|diz|diga*|fal[ae]*|cont[ae]*|mostr*|pass[ae]*) .. {_MODERATORS}
(avis*|diz|diga*|fal[ae]*|cont[ae]*|mostr*|pass[ae]*) .. (so|somente|apenas) .. {_MODERATORS}
^(mas )?(so|somente|apenas) (para|pra|pras|pros|pro|com
    |a) (as |os |a |o )?{_MODERATORS}( por favor)?(?= $)
^(por favor |mas |e |em |no |com |um |algo |muito |total ){{0,4}}(sigilo|sigiloso|segredo|privado
    |confidencial|discreto)( por favor)?(?= $)
(?<! nao )(?<!oto )(?<!ao )(?<!ue )e (um |algo |muito |super )?(segredo|sigiloso|sigilo
    |confidencial){_END}
mas (e )?(algo )?(muito )?(segredo|sigiloso|sigilo|confidencial|privado){_END}
(?<!otar )(em (total |todo )?(segredo|sigilo|confianca)|com (sigilo|discricao)|secretamente
    |sigilosamente|confidencialmente|discretamente){_END}
^em (segredo|sigilo) (de|um|uma|ajuda)
(que )?(fica|fique) .. entre (nos|a gente)
"""
"""Somebody wants that not everybody learns what they ask or tell."""
