"""`codigo prensa con cuenta`: accounts of the homeserver, if its operator gave the right."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from bot.gateway import Refused, TryLater
from bot.testing.fake_account_office import FakeAccountOffice
from bot.testing.talk import Talk
from bot.types import RoomId
from commands.codes.tests.test_codes import DORA, heard, press, types

TOKEN = re.compile(r"`([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})`")
DISTRICT = RoomId("!barrio:test")
CODE = re.compile(r"`([A-Z2-9]{4}-[A-Z2-9]{4})`")


async def opened(talk: Talk) -> None:
    """Give the bot the right to give accounts, as the operator does."""
    await press(talk)
    talk.gateway.accounts.why_not = None


async def asks(talk: Talk, line: str = "codigo prensa con-cuenta") -> str:
    return await types(talk, "ana", line)


def found(pattern: re.Pattern[str], said: str) -> str:
    match = pattern.search(said)
    assert match is not None, said
    return match[1]


@pytest.mark.parametrize(
    "line",
    [
        "codigo prensa con-cuenta",
        "codigo prensa con cuenta",
        "codigo con cuenta prensa",
        "codigo prensa com conta",
        "codigo prensa with an account",
        "codigo prensa con cuentas usos:10",
        "codigo prensa 10 usos con cuenta hasta en 7 dias",
    ],
)
async def test_three_steps_say_what_to_install_which_server_and_which_code(
    talk: Talk, line: str
) -> None:
    await opened(talk)
    said = await asks(talk, line)
    token, code = found(TOKEN, said), found(CODE, said)
    assert "1. Instala Element" in said
    assert f"2. Crea una cuenta en el servidor `test`, con el código de registro `{token}`" in said
    assert f"3. Escríbele a @minga:test en privado: `{code}`" in said
    uses, until = talk.gateway.accounts.tokens[token]
    assert uses == 10
    assert abs(until - talk.clock.at - timedelta(days=7)) < timedelta(days=1)
    assert "prensa" in await types(talk, DORA, code)


async def test_uses_and_end_of_the_token_are_those_of_the_code(talk: Talk) -> None:
    await opened(talk)
    await asks(talk, "codigo prensa con cuenta usos:3 vence:3d")
    ((uses, until),) = talk.gateway.accounts.tokens.values()
    assert uses == 3 and until - talk.clock.at <= timedelta(days=3)


CARD = re.compile(r"([A-Z2-9]{4}-[A-Z2-9]{4}) \+ ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})")


async def test_each_card_of_a_sheet_has_a_token_for_one_account(talk: Talk) -> None:
    """So nobody uses up the accounts of the others."""
    await opened(talk)
    said = await asks(talk, "codigo prensa con cuenta hoja:12")
    assert "el código de tu tarjeta" in said
    given, cards = talk.gateway.accounts.tokens, CARD.findall(said)
    assert len(cards) == 12 and {token for _code, token in cards} == set(given)
    assert {uses for uses, _until in given.values()} == {1}


async def test_the_token_of_a_card_ends_when_its_card_is_used(talk: Talk) -> None:
    await opened(talk)
    (code, token), *others = CARD.findall(await asks(talk, "codigo prensa con cuenta hoja:3"))
    assert "prensa" in await types(talk, DORA, code)
    await heard(talk)
    assert set(talk.gateway.accounts.tokens) == {token for _code, token in others}
    await asks(talk, "cancelar 1")
    await heard(talk)
    assert talk.gateway.accounts.tokens == {} and token


async def test_a_code_for_several_says_that_one_person_can_make_all_accounts(talk: Talk) -> None:
    await opened(talk)
    assert "puede crear las 10 cuentas" in await asks(talk)
    assert "puede crear" not in await asks(talk, "codigo prensa con cuenta usos:1")


async def test_accounts_that_were_switched_off_meanwhile_are_told_to_who_made_the_code(
    talk: Talk,
) -> None:
    """The bot can take nothing back, so whoever runs the server has to."""
    await opened(talk)
    tokens = {
        token for _c, token in CARD.findall(await asks(talk, "codigo prensa con cuenta hoja:3"))
    }
    talk.gateway.accounts.why_not = "off"
    for code in (1, 2):
        await asks(talk, f"cancelar {code}")
        said = await heard(talk)
        assert all(token in said for token in tokens) and "operating.md" in said
        if code == 1:
            talk.gateway.accounts.why_not = None
            tokens = {found(TOKEN, await asks(talk))}
            talk.gateway.accounts.why_not = "off"


async def test_one_refusal_is_told_for_all_cards_of_a_sheet(talk: Talk) -> None:
    await opened(talk)
    talk.gateway.accounts.refuse = "M_FORBIDDEN"
    await asks(talk, "codigo prensa con cuenta hoja:5")
    assert (await heard(talk)).count("no dio cuentas para el código 1") == 1


async def test_it_is_taken_back_with_the_code(talk: Talk) -> None:
    await opened(talk)
    await asks(talk)
    await asks(talk)
    assert len(talk.gateway.accounts.tokens) == 2
    await asks(talk, "cancelar 1")
    await heard(talk)
    assert len(talk.gateway.accounts.tokens) == 1
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    await heard(talk)
    assert talk.gateway.accounts.tokens == {}
    async with talk.machine.db.reading() as tx:
        assert not await tx.all("SELECT * FROM codes_account")


async def test_a_code_that_is_used_up_gives_no_more_accounts(talk: Talk) -> None:
    await opened(talk)
    code = found(CODE, await asks(talk, "codigo prensa con cuenta usos:1"))
    assert "prensa" in await types(talk, DORA, code)
    await heard(talk)
    assert talk.gateway.accounts.tokens == {}


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("off", "No tengo permiso para dar cuentas de test"),
        ("refused", "test no acepta el permiso"),
        ("closed", "Ahora nadie se puede registrar en test"),
        ("away", "no responde ahora"),
    ],
)
async def test_without_the_right_it_says_what_the_operator_must_do(
    talk: Talk, trouble: str, why: str
) -> None:
    await opened(talk)
    talk.gateway.accounts.why_not = trouble  # type: ignore[assignment] # one of its literals
    said = await asks(talk)
    assert why in said and ("operating.md" in said) == (trouble != "away")
    assert talk.gateway.accounts.tokens == {}
    assert "Código 1" in await asks(talk, "codigo prensa")  # nothing was made before


async def test_only_the_networks_moderators_give_accounts_and_not_too_many(talk: Talk) -> None:
    await opened(talk)
    await talk.room(DISTRICT, "Otra", ["carla"], {"carla": 50})
    await talk.answer("carla", "!area agregar barrio", room=DISTRICT)
    assert "modera toda la red" in await types(talk, "carla", "codigo barrio con cuenta")
    assert "50" in await asks(talk, "codigo prensa con cuenta usos:51")
    assert talk.gateway.accounts.tokens == {}


async def test_a_refusal_after_all_is_told_to_who_made_the_code(talk: Talk) -> None:
    await opened(talk)
    talk.gateway.accounts.refuse = "M_FORBIDDEN"
    await asks(talk)
    assert "no dio cuentas para el código 1" in await heard(talk)
    async with talk.machine.db.reading() as tx:
        assert not await tx.all("SELECT * FROM codes_account")


async def test_a_token_of_which_nobody_knows_whether_it_was_made_is_taken_back(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server made it, and its answers did not arrive until the offer was given up."""
    await opened(talk)
    offer = FakeAccountOffice.offer

    async def made_and_lost(
        self: FakeAccountOffice, token: str, uses: int, until: datetime
    ) -> None:
        await offer(self, token, uses, until)
        raise Refused("http_504")

    monkeypatch.setattr(FakeAccountOffice, "offer", made_and_lost)
    await asks(talk)
    assert "no dio cuentas para el código 1" in await heard(talk)
    await heard(talk)
    assert talk.gateway.accounts.tokens == {}


async def test_a_token_is_taken_back_however_long_the_server_is_away(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(talk)
    await asks(talk)
    began, withdraw = talk.clock.at, FakeAccountOffice.withdraw

    async def away(self: FakeAccountOffice, token: str) -> None:
        if talk.clock.at - began < timedelta(hours=5):
            raise TryLater("http_503")
        await withdraw(self, token)

    async def wait(seconds: float) -> None:
        talk.clock.at += timedelta(seconds=seconds)

    monkeypatch.setattr(FakeAccountOffice, "withdraw", away)
    monkeypatch.setattr(talk.machine.outbox, "_sleep", wait)
    await asks(talk, "cancelar 1")
    await heard(talk)
    assert talk.gateway.accounts.tokens == {}


async def test_the_log_of_the_rooms_says_so(talk: Talk) -> None:
    await opened(talk)
    await asks(talk)
    said = await talk.answer("bea", "!historial")
    assert "cuentas" in said and not TOKEN.search(said)


@pytest.mark.parametrize("line", ["codigo con cuenta", "codigo usos:3", "codigo con cuenta hoja:3"])
async def test_without_an_area_it_is_asked_for(talk: Talk, line: str) -> None:
    await opened(talk)
    said = await asks(talk, line)
    assert "para qué área" in said and "prensa" in said and "“”" not in said
    assert talk.gateway.accounts.tokens == {}


async def test_taken_back_it_says_that_accounts_stay(talk: Talk) -> None:
    await opened(talk)
    await asks(talk)
    assert "quedan" in await asks(talk, "cancelar 1")
    await asks(talk)
    await talk.answer("ana", "!deshacer")
    assert "quedan" in await talk.answer("ana", "sí")
    await asks(talk, "codigo prensa")
    assert "quedan" not in await asks(talk, "cancelar 3")
