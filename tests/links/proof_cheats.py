"""Ways to cheat with the file of a joint decision, and files that are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.links.made_proofs import MadeProof

Cheat = Callable[[MadeProof], object]


def _opened_without_a_yes(made: MadeProof) -> None:
    """All are counted in, and the result is signed anew, but one never agreed."""
    made.said.remove(made.word("sign", -1))
    _sign_nothing(made)
    made.sign_result(*made.terms.keys)


def _sign_nothing(made: MadeProof) -> None:
    made.said = [one for one in made.said if one.kind != "final"]


def _swap_reveals(made: MadeProof) -> None:
    one, other = made.word("reveal"), made.word("reveal", 1)
    made.replace(one, body=other.body)
    made.replace(other, body=one.body)


def _say_twice(made: MadeProof) -> None:
    first = made.word("commit")
    made.say(first.network, "commit", first.body | {"sealed": "d" * 64})


def _sign_as_another(made: MadeProof) -> None:
    first = made.word("commit")
    other = made.word("commit", 1).network
    made.said[made.said.index(first)] = first.sign_with(made.signers[other])


def _open_as_another(made: MadeProof) -> None:
    opening = made.word("open")
    by = next(key for key in made.terms.keys if key != made.terms.proposer)
    made.said.remove(opening)
    made.say(by, "open", opening.body)


def _sign_other_terms(made: MadeProof, kind: str) -> None:
    word = made.word(kind)
    made.replace(word, body=word.body | {"terms": "e" * 64})


def _reveal_anew(made: MadeProof) -> None:
    word = made.word("reveal")
    result = word.body["result"] | {"roll": 99, "weight": 99}
    made.replace(word, body=word.body | {"result": result})


def _change_terms(made: MadeProof) -> None:
    made.terms = made.terms.model_copy(update={"title": "Another letter"})


def _change_word(made: MadeProof) -> None:
    word = made.word("reveal")
    at = made.said.index(word)
    changed = word.body | {"result": word.body["result"] | {"roll": 99, "weight": 99}}
    made.said[at] = word.model_copy(update={"body": changed})


CHEATS: dict[str, tuple[Cheat, str]] = {
    "a word changed": (_change_word, "its signature does not fit"),
    "a word left out": (lambda m: m.said.remove(m.word("reveal")), "signed another result"),
    "an opening left out": (lambda m: m.said.remove(m.word("open")), "signed another result"),
    "two reveals swapped": (_swap_reveals, "signed another result"),
    "another result revealed than was sealed": (_reveal_anew, "signed another result"),
    "two words of one network": (_say_twice, "said two things"),
    "other terms": (_change_terms, "signed other terms"),
    "a sign of other terms": (lambda m: _sign_other_terms(m, "sign"), "signed other terms"),
    "a commitment to other terms": (
        lambda m: _sign_other_terms(m, "commit"),
        "signed other terms",
    ),
    "counted without a yes": (_opened_without_a_yes, "without having agreed"),
    "a final of another statement": (
        lambda m: m.replace(m.word("final"), body=m.word("final").body | {"statement": "e" * 64}),
        "signed another result",
    ),
    "the signature of another key": (_sign_as_another, "its signature does not fit"),
    "opened by another network": (_open_as_another, "not of this decision"),
    "a word of another decision": (
        lambda m: m.replace(m.word("commit"), id="f" * 32),
        "not of this decision",
    ),
    "a word of no kind": (
        lambda m: m.replace(m.word("commit"), kind="share"),
        "not of this decision",
    ),
    "a word that says nothing": (
        lambda m: m.replace(m.word("sign"), body={"answer": "maybe"}),
        "can't be read",
    ),
    "signed by nobody": (_sign_nothing, "Nobody has signed"),
}
"""What a cheat does to an honest file of three networks, and what both judges say of it."""
UNREADABLE: dict[str, Callable[[dict[str, Any]], object]] = {
    "no terms": lambda f: f.pop("terms"),
    "more than there is": lambda f: f.update(more=1),
    "another version": lambda f: f.update(v=2),
    "dates in disorder": lambda f: f["terms"].update(closes=9_999),
    "networks in disorder": lambda f: f["terms"]["networks"].reverse(),
    "one network": lambda f: f["terms"].update(networks=f["terms"]["networks"][:1]),
    "a share that is none": lambda f: f["terms"].update(majority="4/6"),
    "a share above all": lambda f: f["terms"].update(majority="3/2"),
    "one option": lambda f: f["terms"].update(options=["a"]),
    "an option twice": lambda f: f["terms"].update(options=["a", "a"]),
    "a method without options": lambda f: f["terms"].update(method="ranked", fewest=5),
    "consent that tells": lambda f: f["terms"].update(rule="consent"),
    "a word of another version": lambda f: f["said"][0].update(v=2),
    "a truth in a word": lambda f: f["said"][0]["body"].update(more=True),
    "a word too long": lambda f: f["said"][0]["body"].update(more="é" * 7_000),
    "a word too deep": lambda f: f["said"][0].update(body={"a": _nested(12)}),
    "a title too long": lambda f: f["terms"].update(title="😀" * 501),
    "words that are no list": lambda f: f.update(said={}),
}


def _nested(depth: int) -> Any:
    return {"a": _nested(depth - 1)} if depth else 1
