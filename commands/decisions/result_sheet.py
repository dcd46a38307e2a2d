"""A result as a spreadsheet table: the options, and below them the facts about the poll."""

from __future__ import annotations

from bot.api import FileContent, Item, Line, Moment, RenderLine, _, spreadsheets, verbatim
from commands.decisions import rule_text
from commands.polls import outcome, result_texts
from commands.polls.outcome import PollOutcome


def make_sheet(found: PollOutcome, item: Item, key: str, tell: RenderLine) -> FileContent:
    """Return a decision's result as a table, in the language of `tell`."""
    about = [[tell(name), tell(value)] for name, value in _about(found, item, key)]
    return FileContent(spreadsheets.to_csv([*_options(found, tell), [], *about]))


def _options(found: PollOutcome, tell: RenderLine) -> list[list[str]]:
    kind = found.poll.rule.kind
    head = [_("option"), _("points") if kind == "score" else _("votes"), _("share")]
    if kind == "dates":
        head.append(_("if need be"))
    rows = [[tell(name) for name in head]]
    for one in outcome.option_shares(found):
        row = [tell(one.label), str(one.votes), one.percent]
        rows.append([*row, str(one.maybe)] if kind == "dates" else row)
    return rows


def _about(found: PollOutcome, item: Item, key: str) -> list[tuple[Line, Line]]:
    return [
        (_("question"), verbatim(found.poll.title)),
        (_("number of the poll"), verbatim(str(found.poll.number))),
        *_list_facts(found, item),
        (_("signing key"), verbatim(key)),
    ]


def _list_facts(found: PollOutcome, item: Item) -> list[tuple[Line, Line]]:
    """Return the facts about a poll that has ended, each with its name. They name nobody."""
    poll = found.poll
    lines = [
        (_("rule"), rule_text.describe_rule(poll)),
        (_("opened"), Line("{at}", {"at": Moment(item.at)})),
        (_("closed"), Line("{at}", {"at": Moment(poll.ended or item.at)})),
        (_("may vote"), verbatim(str(poll.roll))),
        (_("voted"), verbatim(str(poll.turnout))),
    ]
    lines += [(_("in an assembly"), verbatim(str(one.people))) for one in found.assemblies]
    if poll.needed:
        lines.append((_("votes needed"), verbatim(str(poll.needed))))
    lines.append((_("outcome"), result_texts.headline(found)))
    return lines
