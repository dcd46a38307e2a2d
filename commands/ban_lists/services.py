"""The services of ban lists: bans by a rule's number, log lines, and whom a rule names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import FORGET, Answer, Context, Line, Number, Person, UserId, _
from commands.ban_lists import list_ban, list_store
from commands.ban_lists.declaration import feature
from commands.care.extensions import BAN_BY_NUMBER

feature.rows("ban_lists_list", room="room")
feature.rows("ban_lists_rule", person="entity", on_forget="code")
feature.rows("ban_lists_rule", room="list")


def _name_listed(facts: Mapping[str, Any]) -> dict[str, Any]:
    person = facts.get("person")
    return {"who": Person(UserId(person)) if person else _("somebody")}


feature.log_line(
    "listed", _("put {who} onto the ban list. Reason: {reason}", reason=""), values=_name_listed
)
feature.log_line("list_followed", _("follows the ban list “{list}”"))
feature.log_line("list_left", _("follows the ban list “{list}” no more"))


@feature.offers(BAN_BY_NUMBER)
async def ban_by_number(ctx: Context, number: Number) -> Answer:
    """Ban everybody whom the ban list rule of this number names, after a confirmation. Return what
    to say, if anything."""
    return await list_ban.ban_by_rule(ctx, number)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Replace the person's address in ban list rules by its hash. Returns no line: the lists are of
    others."""
    await list_store.forget_person(ctx.db, person)
    return []
