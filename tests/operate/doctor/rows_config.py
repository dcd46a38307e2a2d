"""Set-ups whose configuration or secrets are broken (rows 0 to 6, 17 to 32, 66 to 71, 79, 80)."""

from __future__ import annotations

from tests.operate.doctor.scene import KEY, Bot, row, secret


@row(0, "healthy", kind="ok")
def healthy(bot: Bot) -> None:
    """Nothing is broken."""


@row(1, "config.toml 0644", kind="ok")
def open_config(bot: Bot) -> None:
    bot.config.chmod(0o644)


@row(2, "secrets/key 0644", r"can read \S*secrets/key\. Mend it: chmod 600 \S*secrets/key")
def open_key(bot: Bot) -> None:
    bot.key.chmod(0o644)


@row(3, "secrets/password 0644", r"can read \S*password\. Mend it: chmod 600 \S*password")
def open_password(bot: Bot) -> None:
    bot.password.chmod(0o644)


@row(4, "key file missing", r"secrets/key is missing, and \S*data was locked.*Put the key back")
def no_key(bot: Bot) -> None:
    bot.key.unlink()


@row(5, "wrong key", r"secrets/key is not the key of this data .*Put the right key there")
def wrong_key(bot: Bot) -> None:
    bot.key.write_text(KEY)


@row(6, "key too short", r"secrets/key is too short for a key, .*Put the right key there")
def short_key(bot: Bot) -> None:
    bot.key.write_text(KEY[:12])


@row(17, "timezone with a typo", r"network\.timezone: there is no such zone; near: America/Bogota")
def zone(bot: Bot) -> None:
    bot.change("America/Bogota", "America/Bogta")


@row(18, "unknown key", r"network\.languag: unknown key; did you mean language\?")
def unknown_key(bot: Bot) -> None:
    bot.change("language =", "languag =")


@row(19, "typo in a section", r"storag: unknown key; did you mean storage\?")
def unknown_section(bot: Bot) -> None:
    bot.change(r"\[storage\]", "[storag]")


@row(20, "moderators malformed", r'network\.moderators: an account looks like @name:server.*"@ana:')
def malformed_moderators(bot: Bot) -> None:
    bot.change(r"moderators = .*", 'moderators = ["ana"]')


@row(21, "moderators empty", r"network\.moderators: empty\. Expected: .*@ana:example\.org")
def no_moderators(bot: Bot) -> None:
    bot.change(r"moderators = .*", "moderators = []")


@row(22, "moderator that does not exist", r"no account @anna:one\.example.*network\.moderators")
def absent_moderator(bot: Bot) -> None:
    bot.change(r"@ana:one", "@anna:one")


@row(23, "not TOML", r"config\.toml: this is not TOML: .*line \d+")
def not_toml(bot: Bot) -> None:
    bot.change(r"\[network\]", "[network")


@row(
    24,
    "number as text",
    r"limits\.commands_per_minute: not a whole number\. Expected: .*such as 60",
)
def number_as_text(bot: Bot) -> None:
    bot.add("limits", 'commands_per_minute = "many"')


@row(25, "env typo", r"MINGA_NETWROK__NAME: .*did you mean MINGA_NETWORK__NAME\?")
def environment_typo(bot: Bot) -> None:
    bot.environment["MINGA_NETWROK__NAME"] = "Red"


@row(26, "env wrong zone", r"network\.timezone: there is no such zone; near: America/Bogota")
def environment_zone(bot: Bot) -> None:
    bot.environment["MINGA_NETWORK__TIMEZONE"] = "America/Bogta"


@row(27, "password changed, login valid", r"refused the account or its password: put the right")
def changed_password(bot: Bot) -> None:
    bot.server.password = "another one"


@row(28, "password file missing, login valid", r"matrix\.password_file: \S*password is missing\.")
def no_password(bot: Bot) -> None:
    bot.password.unlink()


def take_passphrase(bot: Bot, words: str) -> None:
    secret(bot.folder / "secrets/passphrase", words)
    bot.add("storage", 'passphrase_file = "secrets/passphrase"')


def begin_anew(bot: Bot) -> None:
    """As before the first start: no data, an account that nobody used, no key."""
    for file in bot.data.iterdir():
        file.unlink()
    bot.data.rmdir()
    bot.key.unlink()
    bot.server.keys.masters.clear()
    bot.server.account_data.clear()
    for device in list(bot.server.logins.values()):
        bot.server.end(device)


@row(29, "passphrase too short, fresh", r"The passphrase is too short: use 12 characters or more")
def short_passphrase(bot: Bot) -> None:
    begin_anew(bot)
    take_passphrase(bot, "abc")


@row(
    30,
    "passphrase for data locked with a key",
    r"locked with a key file: take storage\.passphrase_f",
)
def passphrase_for_key(bot: Bot) -> None:
    take_passphrase(bot, "six words that nobody else knows")


@row(31, "weak passphrase", r"passphrase is too easy to guess: .*six random words")
def weak_passphrase(bot: Bot) -> None:
    begin_anew(bot)
    take_passphrase(bot, "a" * 12)


@row(32, "weak key", r"secrets/key is no random key: .*openssl rand -hex 32")
def weak_key(bot: Bot) -> None:
    begin_anew(bot)
    secret(bot.key, "0" * 64)


@row(66, "password is a folder", r"matrix\.password_file: \S*password is not a file")
def password_folder(bot: Bot) -> None:
    bot.password.unlink()
    bot.password.mkdir()


@row(67, "key is a folder", r"secrets/key is not a file")
def key_folder(bot: Bot) -> None:
    bot.key.unlink()
    bot.key.mkdir()


@row(68, "config.toml is binary", r"config\.toml: it cannot be read as a text file")
def binary_config(bot: Bot) -> None:
    bot.config.write_bytes(b"\xff\x00\xfe" * 99)


@row(69, "config.toml empty", r"(matrix|network): missing section; config\.example\.toml shows it")
def empty_config(bot: Bot) -> None:
    bot.config.write_text("")


@row(70, "config path with an accent and a space", kind="ok")
def accented_path(bot: Bot) -> None:
    bot.folder = bot.folder.rename(bot.folder.with_name("la red ñ"))


@row(71, "no HOME, no LANG, ASCII locale", kind="ok", root=True)
def bare_environment(bot: Bot) -> None:
    bot.give()  # a process of its own, with nothing but PATH
    bot.environment |= {"LC_ALL": "C", "PYTHONUTF8": "0"}


@row(79, "trust loosened", r"trust\.unsigned_devices.*trust\.unencrypted_rooms", kind="note")
def loose_trust(bot: Bot) -> None:
    bot.add("trust", "unsigned_devices = true\nunencrypted_rooms = true")


@row(80, "log debug", kind="ok")
def debug_log(bot: Bot) -> None:
    bot.add("log", 'level = "debug"')
