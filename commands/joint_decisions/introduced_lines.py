"""Which networks in a joint decision know others on the word of a third. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set

from bot.api import Line, _
from commands.joint_decisions.exclusions import first_names
from commands.joint_decisions.terms import IntroducedNetworks, JointTerms, decode_bits
from commands.links.protocol.envelope import NetworkEnvelope


def introduced_lines(
    terms: JointTerms,
    words: Mapping[str, NetworkEnvelope],
    part: Set[str],
    names: Mapping[str, str],
    whose: Collection[str],
) -> list[Line]:
    """Return lines that say which of the networks in `whose` accepted others without comparing
    codes, and on which network's word.

    Only accepted networks that take part (`part`) are named. Raises `InvalidMessage` for a signed
    statement that can't be read.
    """
    lines = []
    for key in terms.keys:
        if key not in words or key not in whose:
            continue
        for group in words[key].parse_body(IntroducedNetworks).introduced:
            known = decode_bits(terms.keys, group.who) & part - {key}
            if known:
                lines.append(
                    _(
                        "{network} knows {names} on the word of {introducers}; it compared no code"
                        " with them.",
                        network=names[key],
                        names=first_names([names[one] for one in terms.keys if one in known]),
                        introducers=first_names([names.get(by, by[:8]) for by in group.by]),
                    )
                )
    return lines


def room_lines(
    terms: JointTerms,
    words: Mapping[str, NetworkEnvelope],
    part: Set[str],
    names: Mapping[str, str],
    own: str,
) -> list[Line]:
    """Return the lines about networks that we accepted on another's word, and in how many other
    networks it is so."""
    lines = introduced_lines(terms, words, part, names, (own,))
    others = sum(key != own for key in words if key in part)
    if others:
        lines.append(
            _(
                "Networks that know some of the others only on a third one's word: {count}; the"
                " file names them.",
                count=others,
            )
        )
    return lines
