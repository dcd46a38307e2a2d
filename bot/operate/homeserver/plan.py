"""What is asked about a homeserver, checked, and what follows from it for its files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from bot.i18n import _
from bot.operate.operator_errors import Stop

SYNAPSE_IN_ITS_IMAGE = 991
"""The user and group of Synapse in its own image."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_FOLDER = re.compile(r"/[A-Za-z0-9._/-]+")
MOST_LETTERS = 230
"""Of a server name: an account's address has 255 at most (spec v1.18, appendices)."""


@dataclass(frozen=True, slots=True)
class HomeserverPlan:
    """A homeserver to prepare. `address`: where it answers, `domain` unless a website is there."""

    domain: str
    address: str
    email: str
    containers: bool
    federation: bool
    folder: Path
    port: int = 8008
    database: Path = Path("/run/postgresql")
    """The folder of PostgreSQL's socket, where there are no containers."""

    @property
    def inside(self) -> str:
        """The homeserver's folder as Synapse sees it, in its container or not."""
        return "/homeserver" if self.containers else str(self.folder)

    @property
    def owner(self) -> tuple[int, int]:
        """The user and group to whom the files belong: Synapse's in its container, or whoever
        asks."""
        if self.containers and os.geteuid() == 0:
            return SYNAPSE_IN_ITS_IMAGE, SYNAPSE_IN_ITS_IMAGE
        return os.geteuid(), os.getegid()


def check_name(typed: str) -> str:
    """Return a server's name in the form of DNS. Raises `Stop` if it is none."""
    name = typed.strip().lower().rstrip(".")
    if not _NAME.fullmatch(name) or len(name) > MOST_LETTERS:
        raise Stop(
            _("“{typed}” is no name of a server. It looks like this: red.example.org", typed=typed),
            _("Letters a to z, digits, hyphens and dots; no https://, no port, no accents."),
        )
    return name


def check_email(typed: str) -> str:
    """Return an e-mail address, or "" for an empty answer. Raises `Stop` for another text."""
    email = typed.strip()
    if email and not _EMAIL.fullmatch(email):
        raise Stop(_("“{typed}” is no e-mail address.", typed=typed))
    return email


def check_folder(typed: Path) -> Path:
    """Return the folder's absolute path, which goes into units and scripts. Raises `Stop`."""
    folder = typed.absolute()
    if not _FOLDER.fullmatch(str(folder)) or ".." in folder.parts:
        raise Stop(
            _(
                "Choose a folder whose path has only letters, digits, hyphens and dots: {folder}",
                folder=folder,
            )
        )
    return folder
