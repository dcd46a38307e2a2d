"""`minga` with the capabilities of one more folder: `python capable.py FOLDER run --config …`."""

from __future__ import annotations

import sys

import commands
from bot.cli import main

if __name__ == "__main__":
    commands.__path__.append(sys.argv.pop(1))
    main()
