"""Links as they are kept: which are taken, what is cut out, what is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import UserError
from commands.library.content import web_links

SHOWN = {
    "https://Ejemplo.ORG/Acta?utm_source=wa&id=7&fbclid=x": "https://ejemplo.org/Acta?id=7",
    "http://ejemplo.org:80": "http://ejemplo.org",
    "https://ejemplo.org:8443/a#parte-2": "https://ejemplo.org:8443/a#parte-2",
    "https://youtu.be/abc?si=quien&t=42": "https://youtu.be/abc?t=42",
    "https://m.youtube.com/watch?v=abc&feature=share": "https://m.youtube.com/watch?v=abc",
    "https://x.com/ana/status/1?s=20&t=zz": "https://x.com/ana/status/1",
    "https://ejemplo.org/?t=zz&s=20": "https://ejemplo.org/?t=zz&s=20",
    "https://[2001:db8::1]:8080/a": "https://[2001:db8::1]:8080/a",
    "https://ejemplo.org./": "https://ejemplo.org/",
}


def test_trackers_go_and_the_rest_stays_as_typed() -> None:
    for typed, shown in SHOWN.items():
        link = web_links.parse_link(typed)
        assert (link.shown, link.is_misleading) == (shown, False), typed
        assert link.stripped == ("?" in typed and typed.count("=") > shown.count("=")), typed
        assert web_links.parse_link(shown) == web_links.WebLink(
            shown, link.known, link.host, link.reads, False
        )


@pytest.mark.parametrize(
    "others",
    [
        ("https://ejemplo.org/a/", "http://www.ejemplo.org/a", "https://ejemplo.org/a#parte"),
        ("https://ejemplo.org/a?x=1&y=2", "https://ejemplo.org/a?y=2&utm_medium=mail&x=1"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_the_same_link_is_known_again(others: tuple[str, ...]) -> None:
    assert len({web_links.parse_link(one).known for one in others}) == 1
    assert (
        web_links.parse_link("https://ejemplo.org/A").known
        != web_links.parse_link("https://ejemplo.org/a").known
    )


def test_an_address_in_other_letters_has_two_forms() -> None:
    for typed in ("https://аpple.com/x", "https://xn--pple-43d.com/x", "https://Аpple。com/x"):
        link = web_links.parse_link(typed)
        assert (link.host, link.reads) == ("xn--pple-43d.com", "аpple.com"), typed
        assert link.shown == "https://xn--pple-43d.com/x"
    for whole in ("https://ejemplo.org", "https://xn--.org", "https://xn--zz.xn--a-99999999999b"):
        assert web_links.parse_link(whole).host.isascii(), (
            "what can't be read as letters stays as it is"
        )


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "mira data:text/html;base64,PHNjcmlwdD4=",
        "ftp://ejemplo.org/a",
        "file:///etc/passwd",
        "(vbscript:x)",
        "https://banco.example@malo.example/",
        "https://ana:clave@ejemplo.org",
        "http://[::1",
        "https://ejemplo.org:99999/",
        "https://eje%6Dplo.org/",
        "http://。",
        "http://a..b/",
        "https://ejemplo.org/" + "a" * 3000,
    ],
)
def test_what_is_no_link_of_the_web_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        web_links.clean_links(typed)


def test_links_in_a_text_stand_in_it_as_they_are_kept() -> None:
    said = "Actas (https://ejemplo.org/a?utm_source=x), y http://ejemplo.org/wiki/Agua_(vida)."
    text, found = web_links.clean_links(said)
    assert text == "Actas (https://ejemplo.org/a), y http://ejemplo.org/wiki/Agua_(vida)."
    assert [link.stripped for link in found] == [True, False]
    for talk in ("hora 18:00, data:20/03", "nota: data: 3 de maio", "abogada: 555", "https://"):
        assert web_links.clean_links(talk) == (talk, ())


@given(st.text(max_size=300) | st.from_regex(r"https?://[^\s]{0,80}", fullmatch=True))
def test_whatever_is_typed_is_kept_or_refused_and_kept_the_same_again(typed: str) -> None:
    try:
        text, found = web_links.clean_links(typed)
    except UserError:
        return
    again, same = web_links.clean_links(text)
    assert again == text
    assert [link.host for link in same] == [link.host for link in found]
