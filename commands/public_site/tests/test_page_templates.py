"""A network's own templates may show, choose and repeat; nothing else, and none can break it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from bot.testing.step_count import count_steps
from commands.public_site.page_templates import (
    LARGEST,
    PageTemplates,
    built_in,
    fit_templates,
    read_templates,
)
from commands.public_site.pages import PageMaker
from commands.public_site.template_language import MOST_LOOPS
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import PROFILE, MemoryReader, WrittenSite
from commands.public_site.unfit_template import NAMES, UnfitTemplate


def item_page(templates: PageTemplates, title: str = "Una") -> tuple[str, PageMaker]:
    """Return the Spanish page of a decision, and who made it."""
    maker = PageMaker(PROFILE, templates)
    item = MemoryReader([world.decision(1, title)]).items[1]
    return maker.item(item)["es/decision-1.html"].decode(), maker


def test_ours_keep_to_the_language_themselves() -> None:
    assert fit_templates({name: _source(name) for name in NAMES}).own == frozenset(NAMES)
    ours, _maker = item_page(built_in())
    checked, maker = item_page(fit_templates({name: _source(name) for name in NAMES}))
    assert checked == ours
    assert maker.faults == {}


def _source(name: str) -> str:
    return (Path(__file__).parents[1] / "templates" / name).read_text(encoding="utf-8")


def test_a_network_puts_its_own_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "item.html").write_text("<h1>{{ heading }}</h1><p>Nuestra</p>", encoding="utf-8")
    (tmp_path / "style.css").write_text("h1 { color: CanvasText; }", encoding="utf-8")
    page, maker = item_page(read_templates(tmp_path))
    assert "<p>Nuestra</p>" in page
    assert "<style>h1 { color: CanvasText; }</style>" in page
    assert maker.faults == {}


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}{{ title.__class__() }}",
        "{{ title.__class__.__subclasses__() }}",
        "{{ title['__class__'] }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../config.toml' %}",
        "{% include words.home %}",
        "{% include 'page.html' %}",
        "{% include 'home.html' %}",
        "{% extends 'page.html' %}",
        "{% import 'page.html' as x %}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in facts %}{% for b in facts %}x{% endfor %}{% endfor %}",
        "{% for a in facts recursive %}{{ loop(facts) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = title %}{{ x }}",
        "{% set x %}{{ title }}{% endset %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 99999999 }}",
        "{{ title ~ title }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ title|safe }}",
        "{{ title|center(1000000000) }}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        "{% filter upper %}{{ title }}{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "{{ [title] }}",
        "{{ lipsum() }}",
        "{% for a in facts %}",
        "{% block a %}{% endblock %}",
        "{% if " + "not " * 100 + "title %}x{% endif %}",
        "{% if " + "(" * 5000 + "title" + ")" * 5000 + " %}x{% endif %}",
        "{% for a in facts %}{% endfor %}" * (MOST_LOOPS + 1),
        "x" * (LARGEST + 1),
    ],
)
def test_what_asks_for_more_is_refused_before_anything_is_computed(source: str) -> None:
    def refuse() -> None:
        with pytest.raises(UnfitTemplate):
            fit_templates({"item.html": source})

    refuse()  # Jinja is imported now
    tracemalloc.start()
    try:
        assert count_steps(refuse) < 100_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src='https://x.example/a.png'>",
        "<link rel=stylesheet href='https://x.example/a.css'>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "<iframe src=x></iframe>",
        "<form action='https://x.example'></form>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='//x.example/'>x</a>",
        "<a href={{ title }}>x</a>",
        "<p title={{ title }}>x</p>",
        "<p onclick='x()'>x</p>",
        "<p style='color: red'>x</p>",
        "{% if title %}<scr{% endif %}ipt>x",
        "<!DOCTYPE html>",
        "</main></body></html><object data=x>",
        "{{ nothing.of.it }}",
        "{{ words.__class__ }}",
        "{{ title.__class__ }}",
        "{% for one in title.split %}x{% endfor %}",
    ],
)
def test_what_it_makes_is_checked_and_ours_takes_its_place(source: str) -> None:
    page, maker = item_page(fit_templates({"item.html": source}), "a onmouseover=alert(1) b")
    ours, _maker = item_page(built_in(), "a onmouseover=alert(1) b")
    assert page == ours
    assert len(maker.faults) == 1


def test_a_giant_page_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = MemoryReader([world.text(1)])
    many = tuple(world.typed("ñ" * 20_000) for _n in range(100))
    item = reader.items[reader.publish(world.text(1).model_copy(update={"paragraphs": many}))]
    greedy = "{% for one in paragraphs %}" + "{{ paragraphs }}" * 2_000 + "{% endfor %}"
    maker = PageMaker(PROFILE, fit_templates({"item.html": greedy}))
    pages: dict[str, bytes] = {}
    assert count_steps(lambda: pages.update(maker.item(item))) < 3_000_000
    assert pages == PageMaker(PROFILE).item(item)
    assert [str(fault) for fault in maker.faults] == [
        "The templates of this network make too much."
    ]


@pytest.mark.parametrize(
    "style",
    [
        "</style><script>alert(1)</script>",
        "@import 'https://x.example/a.css';",
        "p { background: URL(https://x.example/a.png); }",
        "p { background: u\\72l(https://x.example/a.png); }",
        "<!-- -->",
    ],
)
def test_a_style_that_asks_for_something_is_refused(style: str) -> None:
    with pytest.raises(UnfitTemplate):
        fit_templates({"style.css": style})


def test_only_files_of_the_folder_are_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "item.html").symlink_to(secret)
    (folder / "unknown.html").write_text("{{ x() }}", encoding="utf-8")
    assert read_templates(folder).own == frozenset()
    (folder / "item.html").unlink()
    (folder / "item.html").write_bytes(b"\xff\xfe")
    with pytest.raises(UnfitTemplate):
        read_templates(folder)


async def test_a_site_with_a_broken_template_is_written_with_ours(tmp_path: Path) -> None:
    maker = PageMaker(PROFILE, fit_templates({"list.html": "<h1>{{ missing }}</h1>"}))
    site = WrittenSite(tmp_path / "site", MemoryReader([world.decision(1)]), maker)
    await site.write_all()
    assert "decision-1.html" in (site.folder / "es/decisions.html").read_text(encoding="utf-8")
    assert list(maker.faults) == ["A template can't be filled in: 'missing' is undefined"]


def test_a_folder_that_cannot_be_looked_into_is_a_fault_and_no_bug(tmp_path: Path) -> None:
    with pytest.raises(UnfitTemplate):
        read_templates(tmp_path / ("a" * 300))
