"""The `minga` command, also as `python -m minga`."""

from bot.operate.cli import main

if __name__ == "__main__":
    main(prog_name="minga")
