"""What a person typed becomes public without those whom it names, unless they agreed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, Topic, TranslatedText, _, verbatim, words
from bot.capability.data.public_services import PublicNames, typed_text
from bot.documents.public_document import LONGEST_TEXT, PublicText
from bot.testing.talk import Talk, user_id

BEA, DORA = user_id("bea"), user_id("dora")


class Press:
    """Has typed texts made public as a capability does."""

    def __init__(self) -> None:
        self.names = PublicNames({DORA: "Dora L."}, {BEA: "Beatriz Luna", DORA: "Dora"})
        self.written = PublicText(text="")
        self.feature = Feature("press", Path())
        topic = Topic("press", words("prensa", "imprensa", "press"), _("for this test"))
        command = self.feature.command(
            words("imprime", "imprime", "imprint"),
            help=_("for this test"),
            example=_("for this test"),
            topic=topic,
        )
        self.text = ""
        command(self.imprint)

    async def imprint(self, ctx: Context) -> Answer:
        self.written = typed_text(ctx, self.names)(self.text)
        return verbatim("listo")


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], press: Press) -> Sequence[Feature]:
    return [*capabilities, press.feature]


async def published(talk: Talk, press: Press, text: str) -> PublicText:
    press.text = text
    await talk.says("ana", "!imprime")
    return press.written


@pytest.mark.parametrize(
    ("typed", "public"),
    [
        ("La trae @bea:test mañana", "La trae alguien mañana"),
        ("La trae @bea mañana", "La trae alguien mañana"),
        ("La trae (@bea:test).", "La trae alguien."),
        ("Dice @dora:test que sí", "Dice Dora L. que sí"),
        ("[Bea](https://matrix.to/#/@bea:test) viene", "alguien viene"),
        ("https://matrix.to/#/%40bea%3Atest viene", "alguien viene"),
        ("matrix:u/bea:test?action=chat viene", "alguien viene"),
        ("Vino @rara€:casa.org ayer", "Vino alguien ayer"),
        ("Escribe a @minga_org o a hola@minga.org", "Escribe a alguien o a hola@minga.org"),
        ("Sacamos a @carla, que se fue", "Sacamos a alguien, que se fue"),
        ("Quién:@carla.@eva/@rita.", "Quién:alguien/alguien."),
        ("@eva@casa.org y @" + "e" * 90, "alguien y alguien"),
        ("Desde @19:00 en la plaza", "Desde @19:00 en la plaza"),
        ("Desde @19h o @ 19", "Desde @19h o @ 19"),
        ("https://casa.org/@radio", "https://casa.org/@radio"),
        ("\u202etxet a\u202c", "txet a"),
    ],
)
async def test_who_did_not_agree_is_somebody(
    talk: Talk, press: Press, typed: str, public: str
) -> None:
    assert (await published(talk, press, typed)).text.strip() == public


async def test_who_would_be_named_is_noted_to_be_asked(talk: Talk, press: Press) -> None:
    await published(talk, press, "De @bea y de @carla:otra.org para @dora:test")
    assert press.names.wanted == {BEA, DORA, "@carla:otra.org"}


async def test_each_translation_has_its_own_word_for_somebody(talk: Talk, press: Press) -> None:
    text = TranslatedText("Viene @bea:test", "es", {"pt": "Vem @bea:test", "en": "@bea:test comes"})
    public = await published(talk, press, text)
    assert (public.text, public.language) == ("Viene alguien", "es")
    assert public.translations == {"pt": "Vem alguém", "en": "somebody comes"}


async def test_what_is_too_long_is_cut_where_one_sees_it(talk: Talk, press: Press) -> None:
    public = await published(talk, press, "a" * (LONGEST_TEXT + 1))
    assert len(public.text) == LONGEST_TEXT
    assert public.text.endswith("a…")
