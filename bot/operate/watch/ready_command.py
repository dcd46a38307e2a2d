"""`minga ready`: ask the running bot whether it can answer people; for health checks."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.i18n import _
from bot.lines import Line
from bot.operate.config_option import with_config
from bot.operate.operator_errors import TemporaryStop
from bot.operate.operator_words import in_words, tell

if TYPE_CHECKING:
    from bot.operate.watch.config_watch import WatchSection

PATIENCE = 10.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked there, not opened
NOT_SET = _(
    "The bot was not told to answer: in config.toml, under [watch], set listen ="
    " '127.0.0.1:9464' and start it anew. How it is without that: minga doctor"
)
NO_ANSWER = _("The bot does not answer.")
OTHER_TOKEN = _("The bot runs with another token than the configuration names.")
NO_DATABASE = _("The bot's database does not answer.")


@click.command(
    help=in_words(_("Ask the running bot whether it can answer people: exit status 0, else 1."))
)
@with_config
def ready(path: Path) -> None:
    """Ask the running bot whether it can answer people: exit status 0, else 1."""
    from bot.operate.config import ConfigError, load_config
    from bot.operate.watch.condition import WELL

    try:
        wrong = ask_bot(load_config(path).watch)
    except ConfigError as error:
        raise TemporaryStop(*error.lines) from None
    if wrong:
        raise TemporaryStop(*wrong)
    tell(WELL)


def ask_bot(watch: WatchSection) -> tuple[Line, ...]:
    """Return the reasons that the running bot gives why it can't answer people. Raises
    `ConfigError`."""
    from bot.operate.watch.config_watch import host_and_port

    if watch.listen is None:
        return (NOT_SET,)
    host, port = host_and_port(watch.listen)
    token = watch.token()
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    way = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=PATIENCE)
    try:
        way.request("GET", "/readyz", headers=headers)
        answer = way.getresponse()
        return _wrong(answer.status, answer.read(1000).decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        return (NO_ANSWER,)
    finally:
        way.close()


def _wrong(status: int, said: str) -> tuple[Line, ...]:
    from bot.operate.watch.condition import WORDS

    if status == http.client.OK:
        return ()
    if status == http.client.UNAUTHORIZED:
        return (OTHER_TOKEN,)
    known = {"database": NO_DATABASE} | {one.value: line for one, line in WORDS.items()}
    return tuple(known[word] for word in said.split() if word in known) or (NO_ANSWER,)
