"""Votes that are changed or taken back in words: `change my vote on 1`, `take my vote off 1`, or a
vote where the reason for a block was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from bot.api import (
    TEXT,
    Context,
    Item,
    Line,
    Number,
    Sentence,
    UserError,
    _,
    fold,
    is_in_any,
    verbatim,
    words,
)
from commands.decision_rules.kinds.stances import Stance
from commands.poll_book import roll, texts, vote_entry, vote_store
from commands.poll_book.poll import Poll
from commands.poll_book.vote_entry import VoteContent
from commands.poll_book.voter_store import Seat
from commands.poll_lines import unprefixed
from commands.polls.declaration import feature

feature.stands_for(  # The words stay, as they tell that a number behind `on` is the poll's.
    words(
        "cambiar mi voto",
        "mudar meu voto",
        "change my vote",
        "cambio mi voto, cambia mi voto, cambiame el voto, quiero cambiar mi voto, quita mi voto,"
        " cambiar mi boto, cambio mi boto, quiero cambiar mi boto, quitar mi voto, saca mi voto,"
        " sacar mi voto, borra mi voto, borrar mi voto, quiero quitar mi voto, quitame el voto"
        " | mudo meu voto, muda meu voto, mude meu voto, quero mudar meu voto, quero mudar o voto,"
        " mudar o meu voto, quero mudar o meu voto, trocar meu voto, quero trocar meu voto,"
        " tira meu voto, tirar meu voto, quero tirar meu voto, apaga meu voto, apagar meu voto"
        " | i change my vote, i want to change my vote, i changed my vote, take my vote,"
        " remove my vote, delete my vote",
    ),
    "vote",
    is_kept=True,
)

_A_VOTE = r"(?:encuesta|votacion|enquete|votacao|poll|vote)"
_WHO_WON = re.compile(
    r"¿?(?:y |e |and |so |entonces |entao )?"
    r"(?:(?:quien|que|que opcion|quem|o que|who|what|which one)"
    r" (?:gano|ganhou|won|salio|quedo|ficou|did we (?:pick|choose)|got picked)"
    rf"|(?:como|how) (?:quedo|salio|ficou|did) (?:la |a |the )?{_A_VOTE}(?: go| end)?)"
    rf"(?:,? (?:(?:en |de |n|d|in )?(?:la|a|the) )?{_A_VOTE})?[\s.?!]{{0,5}}"
)
"""What people ask once a poll is over: `¿quién ganó?`."""
_MAY_CHANGE = re.compile(
    r"¿?(?:(?:todavia|aun|ainda|y|e) )?"
    r"(?:puedo|se puede|podemos|posso|da (?:para|pra)|can i|can we)"
    r"(?: (?:still|todavia|aun|ainda))? (?:cambiar|mudar|trocar|corregir|corrigir|change)"
    r" (?:mi|el|o meu|meu|o|my|the) (?:voto|vote)(?: (?:todavia|aun|ainda|still))?[\s.?!]{0,5}"
)
feature.sentences += [
    Sentence(_WHO_WON, "results last"),
    Sentence(_MAY_CHANGE, "change my vote"),
]
_TAKEN_BACK = re.compile(
    r"(?:(?:quiero|quero)\s+)?(?:(?:quit|sac|borr|tir|apag)ar?|take|remove|delete|withdraw)(?:me)?"
    r"\s+(?:(?:mi|el|meu|my)\s+)?[vb]ot[oe](?:\s+(?:back|off|away|out))?(?!\w)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"(?:(?:quiero|quero|i\s+want\s+to|i)\s+)?(?:cambi[aor]{1,2}|mud[aeor]{1,2}|trocar|changed?)"
    r"(?:me)?\s+(?:(?:mi|el|o\s+meu|meu|o|my)\s+)?[vb]ot[oe](?!\w)",
    re.IGNORECASE,
)
_POLL = (
    r"(?:(?:la|el|a|o|the)\s+)?(?P<poll>(?:encuesta|votaci[oó]n|enquete|vota[cç][aã]o|sondeo"
    r"|propuesta|proposta|poll|vote|proposal)\b)?\s*(?:n[uú]mero\s+|number\s+)?"
    r"#?(?P<number>\d{1,9})?(?!\w)"
)
_ON = re.compile(rf"(?<!\w)(?P<on>en|em|na|no|in|on|de|del|da|do|of|from)\s+{_POLL}", re.IGNORECASE)
"""The poll behind `on`. Behind `from` alone a number is an option, where a vote is changed."""
_OF = frozenset({"de", "del", "da", "do", "of", "from"})
_TO = re.compile(
    r"(?:(?:de|del|da|do|from) .{1,60}? )?(?:a(?! favor\b)|al|para|pra|pro|por|to)(?: |$)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;.]|(?<=\s)(?:y|e|and)\s")
"""What stands between two wishes: `1 2 and going 7`."""
_EDGES = " .,:;!?"
_WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class ChangedVote:
    """What a line that changes a vote names: the poll, if it does, and the new vote or ""."""

    number: Number | None
    text: str


def read_change(text: str) -> ChangedVote | None:
    """Return what a line that begins with words such as `change my vote` names; else None."""
    taken = _TAKEN_BACK.match(text)
    said = taken or _CHANGED.match(text)
    if said is None:
        return None
    rest, number = " ".join(text[said.end() :].split()).strip(_EDGES), None
    for found in _ON.finditer(rest):
        is_poll = found["poll"] or (found["number"] and (taken or fold(found["on"]) not in _OF))
        if is_poll and (found.start() == 0 or found.end() == len(rest)):
            number = Number(int(found["number"])) if found["number"] else None
            rest = f"{rest[: found.start()]}{rest[found.end() :]}".strip(_EDGES)
            break
    new = _TO.match(rest)
    rest = rest[new.end() :] if new else rest
    return ChangedVote(number, f"{rest} {_WITHDRAW}".strip() if taken else rest)


def read_taken_back(change: ChangedVote, poll: Item) -> str:
    """Return the new vote in the only open poll, whose number may stand in it: `remove my vote 7`.

    Raises `UserError` for another number, which may be an option's.
    """
    numbered = re.fullmatch(rf"#?(\d{{1,9}}) {_WITHDRAW}", change.text)
    if numbered is None:
        return change.text
    if int(numbered[1]) != poll.number:
        raise UserError(
            _("There is no poll {number} here, so your vote stands.", number=int(numbered[1])),
            _(
                "To take your vote in {number} back: `!take my vote off {number}`",
                number=poll.number,
            ),
        )
    return _WITHDRAW


async def ask_new_vote(ctx: Context, item: Item, poll: Poll) -> str:
    """Return what the vote is changed to, asked in private beside how it stands.

    Raises `UserError` where the person can't vote, and `AnswerNeeded` until they have answered.
    """
    refused = vote_entry.vote_refusal(poll, ctx)
    if refused is not None:
        raise UserError(refused)
    seats = await roll.seats_of(ctx.db, item.number, ctx.who)
    here = await is_in_any(ctx, item, ctx.who)
    if not seats or not here:
        raise UserError(*await vote_entry.no_vote_lines(ctx, item.number, here=here))
    require_same_words(ctx, poll)
    standing = await vote_store.vote_of_voter(ctx.db, item.number, seats[0].voter.key)
    asked = _("What is your vote in {number}?", number=item.number)
    if len(seats) == 1 and standing is not None and len(standing.parts) == 1:
        asked = _(
            "Your vote in {number} is {vote}. What do you change it to?",
            number=item.number,
            vote=poll.kind.chosen(standing.parts[0][0], poll.question),
        )
    return ctx.ask("vote", TEXT, asked, *texts.numbered_options(poll))


def require_same_words(ctx: Context, poll: Poll) -> None:
    """Raise `UserError` if the question has other words than when the person began to vote, and was
    asked something back."""
    if ctx.answers.setdefault("words", str(poll.title)) != poll.title:
        raise UserError(
            _(
                "Poll {number} says something else since you began to vote, so that vote does not"
                " count.",
                number=poll.number,
            ),
            _("Please read it, and vote again: `!vote {number} …`", number=poll.number),
        )


async def has_voted_since(ctx: Context, poll: Poll, seat: Seat) -> bool:
    """Return whether the vote that counts is another one than when the person began this vote, and
    was asked something back."""
    found = await vote_store.vote_of_voter(ctx.db, poll.number, seat.voter.key)
    stands = vote_store.format_parts(found.parts) if found is not None else ""
    return ctx.answers.setdefault("stands", stands) != stands


def ask_reason(ctx: Context, poll: Poll, weight: int, *lines: Line) -> VoteContent:
    """Return a block with its reason, which these lines ask for, or the vote that is written there
    instead: it names the poll or is a clear stance, as in `for, I tapped the wrong one`.

    Raises `AnswerNeeded` until there is one, also after a `no` or a `2` that may be either.
    """
    reason = ctx.ask("reason", TEXT, *lines)
    own = unprefixed.split_vote_line(reason)
    if own is not None and own.number not in (None, poll.number):
        own = None
    other = _parse_or_none(poll, own.text if own else reason, weight)
    if other is not None and other.reason and own is None:
        goes_along = other.ballot[0][0] not in (Stance.AGAINST, Stance.BLOCK)
        other = other if goes_along and unprefixed.begins_clearly(reason) else None
    if other is None:
        return vote_entry.with_reason(VoteContent(vote_entry.BLOCK_BALLOT), reason)
    if vote_entry.lacks_reason(other):
        ctx.ask_again("reason", TEXT, *lines)
    if own is None and not unprefixed.begins_clearly(reason):
        meant = _(
            "Is that your vote? It counts like this: `!vote {number} {vote}`",
            number=poll.number,
            vote=verbatim(reason.strip()),
        )
        ctx.ask_again("reason", TEXT, meant, *lines)
    return other


def _parse_or_none(poll: Poll, text: str, weight: int) -> VoteContent | None:
    try:
        return vote_entry.parse_vote(poll, text, weight)
    except UserError:
        return None


LONGEST_WISHES = 500
MOST_JOINTS = 3
"""In how many letters, and behind how many commas and the like, another wish is looked for."""


def refuse_second_wish(ctx: Context, item: Item, vote: str) -> None:
    """Refuse a vote that no option fits and behind which another command stands.

    Raises `UserError`, which says how each is written.
    """
    for joint in islice(_JOINED.finditer(vote[:LONGEST_WISHES]), MOST_JOINTS):
        first, second = vote[: joint.start()].strip(), vote[joint.end() :].strip(" !¡")
        if first and ctx.registry.find_command(second) is not None:
            raise UserError(
                _("Those are two things in one line, so I did neither. Please send each alone:"),
                _(
                    "`!vote {number} {vote}` · `!{second}`",
                    number=item.number,
                    vote=verbatim(first[:60]),
                    second=verbatim(second[:60]),
                ),
            )
