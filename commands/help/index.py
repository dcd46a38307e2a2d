"""`!help all`: every subject, grouped by what one wants."""

from __future__ import annotations

from bot.api import Context, Line, Topic, _, moderated_rooms, words
from commands.help.overviews import IN_DANGER, hint, hint_lines

ALL = words("todo", "tudo", "all", "todos, todo lo que hay, temas | todos, temas | everything")
"""The words behind `!help` that ask for the index."""
GROUPS: tuple[tuple[Line, tuple[str, ...]], ...] = (
    (_("Decide"), ("decisions", "drafts")),
    (_("Meet"), ("events", "meetings", "tasks", "reminders")),
    (_("Share"), ("exchange", "lending", "library", "finding", "directory", "timebank")),
    (_("Arrive"), ("onboarding", "profile", "teams")),
    (_("Care for each other"), ("care", "safety")),
    (_("Your data"), ("rights",)),
    (_("Other networks"), ("links",)),
    (_("Moderate"), ("moderation", "rooms", "governance", "roles")),
)
"""The keys of the subjects. One that is in no group stands in the last line."""
OF_ONES_OWN = hint(_("language: `!language`"), _("my phone: `!security`"))
"""What else is looked for under one's own data."""
MODERATORS_ONLY = _("Moderate")


async def index(ctx: Context) -> list[Line]:
    """Return the first page of the help: a line for each group of subjects, how to read on, and
    what to do in danger."""
    topics = {topic.key: topic for topic in ctx.registry.topics()}
    moderates = (await ctx.moderates()) if not ctx.is_private else bool(await moderated_rooms(ctx))
    lines = []
    for title, keys in GROUPS:
        found = [topics.pop(key) for key in keys if key in topics]
        if found and (title != MODERATORS_ONLY or moderates):
            lines.append(_group_line(title, found))
        if "rights" in keys:
            lines += await hint_lines(ctx, [OF_ONES_OWN])
    rest = [topic for key, topic in topics.items() if key != "help"]
    if rest:
        lines.append(_group_line(_("More"), rest))
    lines.append(
        _("One subject: `!help events`. One command: `!help vote`. In Portuguese and English too.")
    )
    return [*lines, *await hint_lines(ctx, [IN_DANGER])]


def _group_line(title: Line, topics: list[Topic]) -> Line:
    subjects = tuple(_("`!{word}`", word=topic.name) for topic in topics)
    return _("**{title}:** {subjects}", title=title, subjects=subjects)
