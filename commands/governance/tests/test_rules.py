"""Rules as they are written, compared and followed."""

from __future__ import annotations

import pytest

from bot.api import UserError
from commands.governance import rule_text
from commands.governance.rules import MEMBERS, USUAL, How, Rule, chosen, followable, stricter

WRITTEN = {
    "moderador": USUAL,
    "una sola persona de la moderación": USUAL,
    "moderação": USUAL,
    "a moderator alone": USUAL,
    "2 moderadores": Rule(How.SEVERAL, 2),
    "moderadoras 3": Rule(How.SEVERAL, 3),
    "dos moderadores": Rule(How.SEVERAL, 2),
    "três moderadoras": Rule(How.SEVERAL, 3),
    "dois terços da sala": Rule(How.ROOM, majority="2/3"),
    "2 de moderación": Rule(How.SEVERAL, 2),
    "3 pessoas da moderação": Rule(How.SEVERAL, 3),
    "4 moderators together": Rule(How.SEVERAL, 4),
    "decisión": Rule(How.ROOM),
    "decide la sala por mayoría": Rule(How.ROOM),
    "a sala decide": Rule(How.ROOM),
    "consentimiento, 5 días": Rule(How.ROOM, kind="consent", days=5),
    "decisão por consenso quórum 20% em 4 dias": Rule(
        How.ROOM, kind="consensus", quorum=20, days=4
    ),
    "decision 2/3 quorum: 30 7d": Rule(How.ROOM, majority="2/3", quorum=30, days=7),
    "mayoría dos tercios": Rule(How.ROOM, majority="2/3"),
    "room 66%": Rule(How.ROOM, majority="33/50"),
    "como siempre": None,
    "nenhuma": None,
}
NO_RULE = (
    "", "2", "bananas", "decisión y consenso y mayoría", "moderador decisión", "3 días", "2 3",
)  # fmt: skip
UNFIT = (
    ("moderadores 4", "promote"),  # three moderate
    ("moderadores 11", "promote"),
    ("decisión quórum 101%", "promote"),
    ("decisión quórum 51%", "rule"),
    ("decisión 1/3", "promote"),
    ("decisión 3/2", "promote"),
    ("decisión 1/0", "promote"),
    ("decisión 60 días", "promote"),
    ("decisión 0 días", "promote"),
)


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_rule_is_read_as_people_write_it(typed: str) -> None:
    assert rule_text.read(typed) == WRITTEN[typed]


@pytest.mark.parametrize("typed", NO_RULE)
def test_what_is_no_rule_hears_what_fits(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        rule_text.read(typed)
    assert rule_text.HOW[0] in refused.value.lines


@pytest.mark.parametrize(("typed", "key"), UNFIT)
def test_a_rule_that_could_not_be_followed_is_refused(typed: str, key: str) -> None:
    rule = rule_text.read(typed)
    with pytest.raises(UserError):
        rule_text.check(rule, 3, key)


def test_the_nearest_rule_holds() -> None:
    rules = {
        "set:language": Rule(How.ROOM),
        "set": Rule(How.SEVERAL, 2),
        "*": Rule(How.SEVERAL, 3),
        "promote": Rule(How.ROOM, kind="consent"),
    }
    assert chosen(rules, "set", "language") == rules["set:language"]
    assert chosen(rules, "set", "timezone") == rules["set"]
    assert chosen(rules, "empower", like="promote") == rules["promote"]
    assert chosen(rules, "rename") == rules["*"]
    assert chosen({}, "rename") == USUAL


def test_the_harder_of_two_rules() -> None:
    order = [
        USUAL,
        Rule(How.SEVERAL, 2),
        Rule(How.SEVERAL, 9),
        Rule(How.ROOM),
        Rule(How.ROOM, quorum=20),
        Rule(How.ROOM, majority="2/3"),
        Rule(How.ROOM, kind="consent"),
        Rule(How.ROOM, kind="consensus"),
    ]
    for place, one in enumerate(order):
        for other in order[place:]:
            assert stricter(one, other) == stricter(other, one) == other


def test_nothing_is_left_to_which_nobody_could_agree() -> None:
    for rule in (USUAL, *(Rule(How.SEVERAL, n) for n in range(2, 11)), Rule(How.ROOM)):
        for moderators in range(12):
            voted = followable(rule, moderators, votes=True)
            assert voted.how is How.ROOM or 1 <= voted.count <= moderators
            alone = followable(rule, moderators, votes=False)
            assert alone.how is not How.ROOM
            assert alone.count <= max(1, moderators)
    assert followable(Rule(How.SEVERAL, 3), 2, votes=True) == MEMBERS
    assert followable(Rule(How.SEVERAL, 3), 3, votes=True) == Rule(How.SEVERAL, 3)
