"""Set-ups whose homeserver is away, another one, or in trouble (rows 33 to 44, 56 to 61, 97)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web

from bot.demo.loopback import free_port, write_certificate
from bot.operate import server_discovery
from tests.operate.doctor.homeserver import OperatorsServer, refusal, serving
from tests.operate.doctor.scene import Bot, row


def move(bot: Bot, address: str) -> None:
    bot.change(r'homeserver = ".*"', f'homeserver = "{address}"')


@row(
    33,
    "homeserver down",
    r"does not answer: nothing listens there: is the homeserver on, and the p",
)
def down(bot: Bot) -> None:
    move(bot, f"http://127.0.0.1:{free_port()}")


@row(
    34,
    "port missing in homeserver",
    r"http://127\.0\.0\.1 does not answer: nothing.*the port right\?",
)
def no_port(bot: Bot) -> None:
    move(bot, "http://127.0.0.1")


@row(
    35, "homeserver name does not resolve", r"there is no server of this name: is it spelt right\?"
)
def no_name(bot: Bot) -> None:
    move(bot, "https://matrix.invalid")


CERTIFICATE = r"TLS certificate is not one that this machine trusts\..*SSL_CERT_FILE="


def with_tls(bot: Bot) -> None:
    """The homeserver has a certificate that it signed itself, and no client API there."""
    paths = (bot.folder / "tls.crt", bot.folder / "tls.key")
    write_certificate(*paths)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    other = OperatorsServer(tls=context)
    other.instead = lambda _request: refusal(404, "M_UNRECOGNIZED")
    bot.held.enter_context(serving(other))
    move(bot, other.url.replace("http:", "https:").replace("127.0.0.1", "localhost"))


@row(36, "self-signed certificate", CERTIFICATE)
def self_signed(bot: Bot) -> None:
    with_tls(bot)


@row(
    37,
    "self-signed, SSL_CERT_FILE, no client API",
    r"answers, but is not a Matrix homeserver\..*Give the",
)
def trusted_but_no_api(bot: Bot) -> None:
    with_tls(bot)
    bot.apart = True  # aiohttp reads the certificates once
    bot.environment["SSL_CERT_FILE"] = str(bot.folder / "tls.crt")


@row(
    38,
    "http to another machine",
    r"matrix\.homeserver: http is only for this machine itself\..*plain_http",
)
def open_way(bot: Bot) -> None:
    move(bot, "http://matrix.example.org")


@row(
    39,
    "IPv6 address where nothing listens",
    r"http://\[::1\]:\d+ does not answer: nothing listens there",
)
def no_ipv6(bot: Bot) -> None:
    move(bot, f"http://[::1]:{free_port()}")


@row(
    40, "another homeserver", r"homeserver of two\.example.*@minga:one\.example.*matrix\.homeserver"
)
def another_server(bot: Bot) -> None:
    bot.server.name = "two.example"
    bot.server.logins.clear()
    bot.server.password = "nobody's"
    bot.server.people.clear()


@row(41, "HTTP_PROXY set to a dead proxy", kind="ok")
def dead_proxy(bot: Bot) -> None:
    bot.environment |= {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}


APART = r"clock and the homeserver's are {} apart: .*timedatectl set-ntp true"


@row(42, "clock 2 h ahead", APART.format(r"(7200|7199|7201) s"))
def two_hours_ahead(bot: Bot) -> None:
    bot.server.ahead = timedelta(hours=-2)


@row(43, "clock 40 s behind", APART.format(r"(39|40|41) s"))
def behind(bot: Bot) -> None:
    bot.server.ahead = timedelta(seconds=40)


@row(44, "clock 1 year ahead", APART.format(r"\d+ days"))
def a_year_ahead(bot: Bot) -> None:
    bot.server.ahead = timedelta(days=-366)


@row(56, "homeserver: old", r"homeserver is too old: it must speak version 1\.11 .*: upgrade it")
def old(bot: Bot) -> None:
    bot.server.versions = ("r0.6.0", "v1.2")


def answers(status: int, text: str, **headers: str) -> Callable[[web.Request], web.Response]:
    return lambda _request: web.Response(
        status=status, text=text, content_type="text/html", headers=headers
    )


@row(
    57,
    "homeserver: 502",
    r"answers 502: something stands there, but the homeserver behind it is off",
)
def bad_gateway(bot: Bot) -> None:
    bot.server.instead = answers(502, "<h1>Bad Gateway</h1>")


@row(
    58,
    "homeserver: site",
    r"answers, but is not a Matrix homeserver\. Give the address of the client",
)
def website(bot: Bot) -> None:
    bot.server.instead = answers(200, "<h1>Welcome</h1>")


@row(59, "homeserver: captive", r"sends elsewhere \(http://portal\.example/\)\..*sign in there")
def captive(bot: Bot) -> None:
    bot.server.instead = answers(302, "", Location="http://portal.example/")


@row(60, "homeserver: limit", r"limits how often the bot may ask.*override_ratelimit")
def limited(bot: Bot) -> None:
    bot.server.instead = lambda request: (
        None
        if request.path.endswith("/versions")
        else refusal(429, "M_LIMIT_EXCEEDED", retry_after_ms=5000)
    )


@row(61, "homeserver: mas", r"takes no passwords: .*access_token_file.*issue-compatibility-token")
def only_mas(bot: Bot) -> None:
    bot.server.flows = ("m.login.sso",)
    bot.server.logins.clear()


@row(97, "homeserver hangs", r"does not answer: not within [\d.]+ seconds\. Is it overloaded")
def hanging(bot: Bot) -> None:
    bot.server.hangs = True
    patch = bot.held.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(server_discovery, "TIMEOUT_SECONDS", 0.5)
