"""`!export verifier`, as people type it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bot.testing.parts import with_needs
from bot.testing.talk import Talk
from commands.verify_page import page


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("es", "!exportar verificador", "ábrela en tu navegador"),
        ("es", "!exportar el verificador", "ábrela en tu navegador"),
        ("es", "!exportar verificadro", "ábrela en tu navegador"),
        ("es", "!exportar la página para verificar", "ábrela en tu navegador"),
        ("es", "!descargar comprobador.", "ábrela en tu navegador"),
        ("pt", "!exportar verificador", "abra no seu navegador"),
        ("pt", "!baixar o verificador", "abra no seu navegador"),
        ("pt", "!exportar página de conferência", "abra no seu navegador"),
        ("en", "!export verifier", "open it in your browser"),
        ("en", "!export the verify page", "open it in your browser"),
        ("en", "!download verify.html", "open it in your browser"),
    ],
)
async def test_who_asks_gets_the_page(tmp_path: Path, language: str, typed: str, said: str) -> None:
    talk = await Talk.start(
        tmp_path / "minga.db", with_needs("verify_page", "decisions"), language=language
    )
    try:
        await talk.says("bea", typed)
        [post] = [one for one in await talk.sent() if one.content.get("msgtype") == "m.file"]
        assert post.content["filename"] == "minga-verify.html"
        assert talk.gateway.files[post.content["file"]["url"]] == page.build_page()
        assert said in post.content["body"]
        code = sha256(page.build_page()).hexdigest()[:4].upper()
        assert code in post.content["body"]
    finally:
        await talk.close()
