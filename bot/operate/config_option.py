"""The option `--config`, which most commands take."""

from __future__ import annotations

from pathlib import Path

import click

from bot.i18n import _
from bot.operate.operator_words import USUAL_CONFIG, in_words, speak_as_configured

with_config = click.option(
    "--config",
    "path",
    callback=speak_as_configured,
    is_eager=True,
    type=click.Path(path_type=Path, readable=False),
    default=USUAL_CONFIG,
    show_default=True,
    help=in_words(_("The configuration.")),
)
