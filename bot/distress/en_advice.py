"""Phrases to which the bot says what helps, in English: a phone that is gone or read by
somebody, a way out, a wish for secrecy. `common_words.py` explains the notation."""

from __future__ import annotations

from bot.distress.en import HIM, WATCHED

_SEEN = (
    r"( \w+){0,5} (check*|read*|search*|look*|goes|going|has|have|took|take|taking"
    "|track*) .. (phone|cell|mobile|messages|texts|whatsapp|chats?) "
)
"""Behind the wish that all be gone: why it is urgent."""
TRACES = f"""
({WATCHED})
^(please |pls |minga )?(delete|erase|wipe|clear|take back|unsend) (it all
    |what i (just )?(wrote|said|sent|posted)|my (last )?message|everything|all|all of (it|this)
    |all my (stuff|messages)|(this|the|our|my) (whole )?(chat|conversation)|my (messages|stuff)
    |everything here|everything i (wrote|said|sent))( (now|right|please|pls|plz|quick|fast
    |here|asap)){{0,3}}(?=( $|{_SEEN}))
^(please |pls |minga )?forget what (ive |i )(just )?(wrote|said|sent|told you|told)( (please|pls
    |it was a mistake|delete it|sorry)){{0,3}}(?= $)
"""
"""Somebody wants what was written gone, or another person reads what is on their phone."""
_PHONE = (
    "(cell ?phone|phone|cell|mobile|laptop|tablet|computer|notebook|device)s?"
    "(?! (charger|case|number|cover|cable|keys?|bill|signal|battery|contract|line) )(?= )"
)
PHONELESS = f"""
(lost|misplaced) (my|our|the) (old |new |work |other |second )?{_PHONE}(?! (call|game))
(my|our) (old |new |work |other |second )?{_PHONE} (was |got |is |has been |have been |s )?(stolen
    |lost|taken|gone|missing|seized|confiscated|snatched)
"""
"""The writer's phone is gone."""
TAKEN = f"""
(they|he|she|someone|somebody|police|cops|thieves|thief|who|{HIM}) (just |still
    |has |have )?(stole|stolen|took|taken|takes|has|have|got|seized|snatched|grabbed|keeps) (away
    )?(my|our) (old |new |work |other |second )?{_PHONE}
"""
"""Somebody has the writer's phone."""
_MET = "((someone|somebody) (who|i|that)|strangers?|a (guy|man|source|client)|my ex)"
OUTING = f"""
(going|have|need|about|off) (to|out) .. (meet|see|out|date) .. {_MET}
(meeting|seeing|date with) .. {_MET}
(going|walking|heading|travelling|go|walk) (out |home |there )?alone
"""
"""Somebody goes alone, or to meet whom they don't know or trust."""
_MODERATORS = "(moderators?|mods?|admins?|care team|coordinators?)"
_TELLING = "(tell|show|inform|ask|share it with|pass it to)"
_END = "(?= ($|(please|pls|thanks|and|but|asap) ))"
SECRECY = f"""
(dont|do not|please never|without) (tell|telling) (?!(me|us|them) )[a-z]+
(dont|do not) call (anyone|anybody|the police|the cops|my)
(dont|do not) (let|want) .. (know|find out|see (this|it))
(dont|do not) (say|tell them|mention) (that )?it (was|is) me
(must not|mustnt|cannot|cant|should not|shouldnt) (know|find out)
(no one|nobody|not everyone|not everybody) (else )?(should|must|can|may|is to|needs to
    |has to) (know|find out|see|hear)
so (that )?(no one|nobody|my|he) .. (finds? out|hears of)
(only|just) {_TELLING} .. {_MODERATORS}
{_TELLING} (only|just|no one but|nobody but) .. {_MODERATORS}
only .. {_MODERATORS} (should|can|may|must|to) (know|see|read)
^(but |and |please ){{0,2}}(only|just) (for|to|with) (the )?{_MODERATORS}( please)?(?= $)
(keep|stay|stays|leave) (this|it|that)? ?(a )?(private|secret|confidential|quiet|hidden
    |between us)
^(please |but |and |its |it is |this is |strictly |in |a |very ){{0,4}}(private|privately|secret
    |confidential|confidentially|confidence)( please)?(?= $)
(its|it is|this is|thats|keep it|keep this) (a |very |strictly |top |all )?(secret
    |confidential){_END}
(but|and) (its |it is |this is |thats )?(a |very |strictly )?(secret|confidential|private){_END}
(?<!voting )(?<!vote )((in|with) (secret|confidence|discretion)|secretly|confidentially|discreetly
    |discretely|privately|on the (quiet|down low|dl)){_END}
"""
"""Somebody wants that not everybody learns what they ask or tell."""
