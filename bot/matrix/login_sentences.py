"""What an operator is told who can't log in, each with its cure."""

from __future__ import annotations

from bot.i18n import _

SIGNED_OUT = _(
    "The homeserver does not accept the bot's login any more: its device was signed out."
)
DEAD_LOGIN = _(
    "{signed_out} Log in as a new device of the same identity: minga init --new-device",
    signed_out=SIGNED_OUT,
)
DEAD_TOKEN = _(
    "{signed_out} Put a new token into matrix.access_token_file and its device into"
    " matrix.device_id, then: minga init --new-device",
    signed_out=SIGNED_OUT,
)
LAPSED_TOKEN = _(
    "The homeserver let the bot's access token lapse (soft logout); its device and keys are good."
    " Put a new token of the same device into matrix.access_token_file and start the bot: no"
    " minga init."
)
DEACTIVATED = _(
    "The bot's account was deactivated on the homeserver. Who administers it can bring"
    " it back (with a new password, for matrix.password_file), then: minga init"
    " --new-device. Else the bot needs another account, with a data folder and a"
    " config.toml of its own."
)
REFUSED = _(
    "The homeserver refused the account or its password: put the right ones into"
    " matrix.user_id and matrix.password_file. If there is no such account yet, make it;"
    " if it was deactivated (not every homeserver says so), who administers it can"
    " bring it back, with a new password."
)
NO_PASSWORDS = _(
    "This homeserver takes no passwords: give an access_token_file and its device_id. Its"
    " administrator makes a token: mas-cli manage issue-compatibility-token"
)
TOO_OLD = _("The homeserver is too old: it must speak version 1.11 of Matrix or newer: upgrade it.")
