"""What the sections of the configuration are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.i18n import ToldError, _
from bot.lines import Line
from storage.encryption.secret_files import SecretError, read_secret


class ConfigError(ToldError):
    """An unusable configuration. Each line of it names a key and what is expected."""


def declare_key(meaning: Line, example: str, **more: Any) -> Any:
    """Return the field of a configuration key, with its meaning in words and an example value as in
    config.toml."""
    return Field(description=meaning.msgid, examples=[example], **more)


class Section(BaseModel):
    """A table of config.toml. An unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def read_text(path: Path | None, key: str) -> str | None:
    """Return the secret in a file of one line, or None without a file. Raises `ConfigError`, naming
    the key."""
    if path is None:
        return None
    try:
        return read_secret(path).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(_("{key}: {path} is not text", key=key, path=path)) from None
    except SecretError as error:
        raise ConfigError(_("{key}: {told}", key=key, told=error.lines[0])) from None
