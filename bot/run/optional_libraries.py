"""Keep from memory what libraries load as they are imported, and the bot does not use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOT_USED = ("twisted", "pytz")
"""Tried by structlog, and by Babel."""
_TRUSTED = "SSL_CERT_FILE"
"""Names the file of authorities that OpenSSL trusts, in place of the system's."""


def hide_optional_libraries() -> None:
    """Let each import of them fail from now on, as where they are not installed.

    They take about 5 MiB. Call it before anything that tries them is imported.
    """
    for name in NOT_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # what import takes for missing


@contextmanager
def without_authorities() -> Iterator[None]:
    """Let OpenSSL know none of the system's certificate authorities, while aiohttp is imported.

    It reads them twice, which takes about 2 MiB. `bot.matrix.http` reads them once, if the
    homeserver is asked by HTTPS. What would ask by aiohttp's own may find no certificate good.
    """
    chosen = os.environ.get(_TRUSTED)
    os.environ[_TRUSTED] = os.devnull
    try:
        yield
    finally:
        if chosen is None:
            del os.environ[_TRUSTED]
        else:
            os.environ[_TRUSTED] = chosen
