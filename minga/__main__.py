"""The `minga` command, also as `python -m minga`."""

from bot.run.optional_libraries import hide_optional_libraries

hide_optional_libraries()

from bot.operate.cli import main  # noqa: E402 - what it imports tries them

__all__ = ["main"]

if __name__ == "__main__":
    main(prog_name="minga")
