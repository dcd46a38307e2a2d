"""Write the units for several bots on one machine, `minga@….service`, from those for one.

`make units` does it. A bot that is called norte has its configuration in /etc/minga/norte, its
data in /var/lib/minga/norte, and a user of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.source_files import ROOT

DEPLOY = ROOT / "deploy"
FOR_ONE = ("minga.service", "minga-backup.service", "minga-backup.timer")
_CHANGES = (
    (r"/etc/systemd/system/(minga[a-z-]*)\.", r"/etc/systemd/system/\1@."),
    (r"(starts minga-backup)\.", r"\1@."),
    (r"/etc/minga/", "/etc/minga/%i/"),
    (r"/var/lib/minga\b(?!-)", "/var/lib/minga/%i"),
    (r"/var/lib/private/minga\b", "/var/lib/private/minga/%i"),
    (r"^StateDirectory=(\S+)$", r"StateDirectory=\1/%i"),
    (r"minga-backups\b(?!/)", "minga-backups/%i"),
    (r"^DynamicUser=yes$", "DynamicUser=yes\nUser=minga-%i"),
    (r"^(Description=.*)$", r"\1 (%i)"),
    (r"\bminga\.service$", "minga@%i.service"),
)


def for_several(name: str) -> tuple[Path, str]:
    """Return the template's file and text that belong to a unit of one bot."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for pattern, replacement in _CHANGES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    text = text.replace("/%i/%i", "/%i")
    return DEPLOY / name.replace(".", "@.", 1), text


if __name__ == "__main__":
    for each in FOR_ONE:
        path, unit = for_several(each)
        path.write_text(unit, encoding="utf-8")
