"""Rules as they are written, compared and followed."""

from __future__ import annotations

import pytest

from bot.api import UserError
from commands.governance import rule_text
from commands.governance.rules import (
    MEMBERS_RULE,
    USUAL_RULE,
    DecisionMode,
    GovernanceRule,
    followable_rule,
    most_specific_rule,
    stricter_rule,
)

WRITTEN = {
    "moderador": USUAL_RULE,
    "una sola persona de la moderación": USUAL_RULE,
    "moderação": USUAL_RULE,
    "a moderator alone": USUAL_RULE,
    "2 moderadores": GovernanceRule(DecisionMode.SEVERAL, 2),
    "moderadoras 3": GovernanceRule(DecisionMode.SEVERAL, 3),
    "dos moderadores": GovernanceRule(DecisionMode.SEVERAL, 2),
    "três moderadoras": GovernanceRule(DecisionMode.SEVERAL, 3),
    "dois terços da sala": GovernanceRule(DecisionMode.ROOM, majority="2/3"),
    "2 de moderación": GovernanceRule(DecisionMode.SEVERAL, 2),
    "3 pessoas da moderação": GovernanceRule(DecisionMode.SEVERAL, 3),
    "4 moderators together": GovernanceRule(DecisionMode.SEVERAL, 4),
    "decisión": GovernanceRule(DecisionMode.ROOM),
    "decide la sala por mayoría": GovernanceRule(DecisionMode.ROOM),
    "a sala decide": GovernanceRule(DecisionMode.ROOM),
    "consentimiento, 5 días": GovernanceRule(DecisionMode.ROOM, kind="consent", days=5),
    "decisão por consenso quórum 20% em 4 dias": GovernanceRule(
        DecisionMode.ROOM, kind="consensus", quorum=20, days=4
    ),
    "decision 2/3 quorum: 30 7d": GovernanceRule(
        DecisionMode.ROOM, majority="2/3", quorum=30, days=7
    ),
    "mayoría dos tercios": GovernanceRule(DecisionMode.ROOM, majority="2/3"),
    "room 66%": GovernanceRule(DecisionMode.ROOM, majority="33/50"),
    "como siempre": None,
    "nenhuma": None,
}
NO_RULE = (
    "",
    "2",
    "bananas",
    "decisión y consenso y mayoría",
    "moderador decisión",
    "3 días",
    "2 3",
)
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
    assert rule_text.parse_rule(typed) == WRITTEN[typed]


@pytest.mark.parametrize("typed", NO_RULE)
def test_what_is_no_rule_hears_what_fits(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        rule_text.parse_rule(typed)
    assert rule_text.RULE_HINT[0] in refused.value.lines


@pytest.mark.parametrize(("typed", "key"), UNFIT)
def test_a_rule_that_could_not_be_followed_is_refused(typed: str, key: str) -> None:
    rule = rule_text.parse_rule(typed)
    with pytest.raises(UserError):
        rule_text.require_followable(rule, 3, key)


def test_the_nearest_rule_holds() -> None:
    rules = {
        "set:language": GovernanceRule(DecisionMode.ROOM),
        "set": GovernanceRule(DecisionMode.SEVERAL, 2),
        "*": GovernanceRule(DecisionMode.SEVERAL, 3),
        "promote": GovernanceRule(DecisionMode.ROOM, kind="consent"),
    }
    assert most_specific_rule(rules, "set", "language") == rules["set:language"]
    assert most_specific_rule(rules, "set", "timezone") == rules["set"]
    assert most_specific_rule(rules, "empower", likes=["x", "promote"]) == rules["promote"]
    assert most_specific_rule(rules, "rename") == rules["*"]
    assert most_specific_rule({}, "rename") == USUAL_RULE


def test_the_harder_of_two_rules() -> None:
    order = [
        USUAL_RULE,
        GovernanceRule(DecisionMode.SEVERAL, 2),
        GovernanceRule(DecisionMode.SEVERAL, 9),
        GovernanceRule(DecisionMode.ROOM),
        GovernanceRule(DecisionMode.ROOM, quorum=20),
        GovernanceRule(DecisionMode.ROOM, majority="2/3"),
        GovernanceRule(DecisionMode.ROOM, kind="consent"),
        GovernanceRule(DecisionMode.ROOM, kind="consensus"),
    ]
    for place, one in enumerate(order):
        for other in order[place:]:
            assert stricter_rule(one, other) == stricter_rule(other, one) == other


def test_nothing_is_left_to_which_nobody_could_agree() -> None:
    for rule in (
        USUAL_RULE,
        *(GovernanceRule(DecisionMode.SEVERAL, n) for n in range(2, 11)),
        GovernanceRule(DecisionMode.ROOM),
    ):
        for moderators in range(12):
            voted = followable_rule(rule, moderators, votes=True)
            assert voted.how is DecisionMode.ROOM or 1 <= voted.count <= moderators
            alone = followable_rule(rule, moderators, votes=False)
            assert alone.how is not DecisionMode.ROOM
            assert alone.count <= max(1, moderators)
    assert followable_rule(GovernanceRule(DecisionMode.SEVERAL, 3), 2, votes=True) == MEMBERS_RULE
    assert followable_rule(
        GovernanceRule(DecisionMode.SEVERAL, 3), 3, votes=True
    ) == GovernanceRule(DecisionMode.SEVERAL, 3)
