"""`!budget`: open a vote on what a sum of money is spent on."""

from __future__ import annotations

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Line,
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    Reach,
    UserError,
    _,
    fold,
    words,
)
from commands.budgets.amounts import TypedAmount
from commands.budgets.budget_parser import TypedBudget, parse_budget
from commands.budgets.declaration import feature
from commands.decision_rules.kinds.spending import (
    MOST_MONEY,
    SHARES,
    VOTES,
    BudgetTerms,
    format_terms,
    show_amount,
)
from commands.embargo.typed_times import refuse_time
from commands.poll_book.poll import Option, PollRule
from commands.poll_book.roll import VOTERS_ARGUMENT
from commands.poll_lines import labels
from commands.polls.declaration import DECISIONS
from commands.polls.opening import arguments, opening_commands, plan
from commands.polls.opening.plan import BUDGET_EXAMPLE, PollPlan

RULE = NamedArgument(words("regla", "regra", "rule"))
ARGS = (
    arguments.CLOSES,
    arguments.NO_INTERIM,
    arguments.SECRET,
    arguments.HIDDEN,
    arguments.QUORUM,
    arguments.POINTS,
    RULE,
    VOTERS_ARGUMENT,
)
_RULES = {
    SHARES: "partes,partes iguales,iguales,partes iguais,iguais,shares,equal shares,equal,cuotas",
    VOTES: "votos,mas votos,mais votos,votes,most votes,simple,simples,plain",
}
_RULE_WORDS = {fold(word): rule for rule, line in _RULES.items() for word in line.split(",")}
_TITLES = words("¿En qué usamos {money}?", "Em que usamos {money}?", "What do we use {money} for?")


@feature.command(
    words(
        "presupuesto",
        "orçamento",
        "budget",
        "presupuesto participativo, repartir plata, repartir dinero"
        " | orçamento participativo, repartir dinheiro | share money",
    ),
    help=_("decide together what money is spent on, fairly"),
    example=BUDGET_EXAMPLE,
    topic=DECISIONS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=ARGS,
)
async def open_budget(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a vote on projects with costs, to be paid from one sum of money. Return the answer."""
    refuse_time(ctx)
    return await opening_commands.open_plan(ctx, plan_budget(ctx, parts))


def plan_budget(ctx: Context, parts: ParsedArguments) -> PollPlan:
    """Return the plan of a vote on a budget, as it was typed. Raises `UserError` for missing or
    impossible sums and costs, for fewer than two projects, and for a project that costs more than
    there is."""
    parts = arguments.take_secret_prefix(ctx, parts)
    arguments.require_known_arguments(parts, ARGS)
    typed = parse_budget(parts.typed or parts.free)
    money = _require_amount(typed.money, _("the money there is"))
    names, costs = _require_projects(typed, money)
    terms = BudgetTerms(_rule_argument(parts), money, costs)
    asked = typed.title or _TITLES.in_language(ctx.policy.language).format(money=show_amount(money))
    rule = PollRule("budget", format_terms(terms), arguments.points_argument(parts, 1), len(names))
    options = tuple(map(Option, names))
    return plan.complete_plan(ctx, parts, labels.clean_question(asked), options, rule)


def _require_projects(typed: TypedBudget, money: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return names and costs of which each fits the money. Raises `UserError`."""
    if typed.rest:
        raise UserError(_("“{name}” has no cost.", name=typed.rest[:60]), BUDGET_EXAMPLE)
    if not typed.projects:
        raise MissingArgument("parts", _("the projects and their costs"))
    if len(typed.projects) == 1:
        raise UserError(_("A budget needs two projects or more to choose from."), BUDGET_EXAMPLE)
    found = [
        (name, _require_amount(cost, _("the cost of “{name}”", name=name[:40])))
        for name, cost in typed.projects
    ]
    names = labels.checked_labels(tuple(name for name, _cost in found))
    costs = tuple(cost for _name, cost in found)
    if min(costs) > money:
        raise UserError(
            _(
                "Nothing fits: the cheapest costs {cost}, and there are {money}.",
                cost=show_amount(min(costs)),
                money=show_amount(money),
            ),
        )
    for name, cost in found:
        if cost > money:
            raise UserError(
                _(
                    "“{name}” costs {cost}, more than the {money} there are.",
                    name=name[:60],
                    cost=show_amount(cost),
                    money=show_amount(money),
                ),
                _("Leave it out, or split it into parts that fit."),
            )
    return names, costs


def _require_amount(found: TypedAmount | None, what: Line) -> int:
    """Return an amount. `what` names it. Raises `UserError` if it is missing or unusable."""
    if found is None:
        raise UserError(_("Missing: {what}.", what=what), BUDGET_EXAMPLE)
    if found.fault == "cents":
        raise UserError(_("I count in whole units, without cents: {what}.", what=what))
    if found.fault == "small":
        raise UserError(_("It must be more than zero: {what}.", what=what))
    if found.fault == "large":
        raise UserError(
            _("That is more than {most}: {what}.", most=show_amount(MOST_MONEY), what=what)
        )
    return found.units


def _rule_argument(parts: ParsedArguments) -> str:
    """Return the rule by which money is spent: equal shares unless asked. Raises `UserError`."""
    typed = parts.named.get(RULE.key)
    if typed is None:
        return SHARES
    found = _RULE_WORDS.get(fold(typed).strip(" ."))
    if found is None:
        raise UserError(
            _("I know no rule “{words}” for a budget.", words=typed[:60]),
            _("`rule:shares` gives equal shares; `rule:votes` takes the most chosen first."),
        )
    return found
