"""Properties of the difference in words, of merging, and of applying amendments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commands.drafts import amendments, word_difference
from commands.drafts.amendments import BEGINNING, AmendmentKind, Change, Conflict
from commands.drafts.paragraphs import Body, Paragraph, digest, file_content, number_of

WORDS = st.lists(st.sampled_from(["agua", "luz", "pan", "paz", "sol", "mar"]), max_size=12)
TEXTS = WORDS.map(" ".join)
BODIES = st.lists(st.text("abc ", min_size=1), min_size=1, max_size=6).map(
    lambda texts: tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
)


def rebuilt(old: str, new: str) -> str:
    """The new text, made of the old one and the changes, from its end."""
    words = old.split()
    for one in reversed(word_difference._edits(words, new.split())):
        words[one.start : one.end] = one.words
    return " ".join(words)


@given(TEXTS, TEXTS)
def test_the_difference_is_all_that_changed(old: str, new: str) -> None:
    assert rebuilt(old, new) == new
    assert (word_difference.find_changes(old, new) == []) == (old == new)


def test_the_difference_is_in_whole_words_and_says_where() -> None:
    (found,) = word_difference.find_changes(
        "Nadie paga más del 30 % de los gastos", "Nadie paga más del 35 % de los gastos"
    )
    assert (found.after, found.old, found.new) == ("paga más del", "30", "35")


def test_of_a_text_that_is_new_altogether_the_whole_is_shown() -> None:
    (found,) = word_difference.find_changes("uno dos tres cuatro", "nada queda de uno aquí")
    assert (found.after, found.old) == ("", "uno dos tres cuatro")


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_does_not_depend_on_the_order(base: str, one: str, other: str) -> None:
    assert word_difference.merge_texts(base, one, other) == word_difference.merge_texts(
        base, other, one
    )


@given(TEXTS, TEXTS)
def test_a_merge_with_nothing_changed_is_the_other_change(base: str, one: str) -> None:
    assert word_difference.merge_texts(base, base, one) == one


def test_changes_of_the_same_words_are_not_merged() -> None:
    assert word_difference.merge_texts("uno dos tres", "uno 2 tres", "uno zwei tres") is None
    merged = word_difference.merge_texts(
        "uno dos tres cuatro", "1 dos tres cuatro", "uno dos tres 4"
    )
    assert merged == "1 dos tres 4"


@given(BODIES, st.data())
def test_a_change_of_the_present_version_always_fits(body: Body, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([*AmendmentKind]))
    keys = [one.key for one in body]
    places = [BEGINNING, *keys] if kind is AmendmentKind.ADD else keys
    key = data.draw(st.sampled_from(places))
    change = Change(kind, key, "" if kind is AmendmentKind.DELETE else "new", 1)
    after = amendments.apply_change(change, body, body, 99)
    assert not isinstance(after, Conflict)
    grows = {AmendmentKind.ADD: 1, AmendmentKind.DELETE: -1, AmendmentKind.CHANGE: 0}[kind]
    assert len(after) == len(body) + grows
    if kind is AmendmentKind.ADD:
        assert number_of(after, 99) == number_of(body, key) + 1
    untouched = [one for one in body if one.key != key or kind is AmendmentKind.ADD]
    assert [one for one in after if one in untouched] == untouched


@given(BODIES, st.data())
def test_changes_of_different_paragraphs_fit_in_any_order(body: Body, data: st.DataObject) -> None:
    changes = [
        Change(AmendmentKind.DELETE, one.key, "", 1)
        if data.draw(st.booleans())
        else Change(AmendmentKind.CHANGE, one.key, f"new {one.key}", 1)
        for one in body
    ]
    results = set()
    for order in (changes, changes[::-1]):
        now: Body | Conflict = body
        for change in order:
            assert not isinstance(now, Conflict)
            now = amendments.apply_change(change, body, now, 99)
        results.add(now)
    assert len(results) == 1


def test_what_is_added_after_a_paragraph_that_is_gone_comes_after_the_one_before() -> None:
    base = (Paragraph(1, "a"), Paragraph(2, "b"), Paragraph(3, "c"))
    now = (Paragraph(1, "a"), Paragraph(3, "c"))
    after = amendments.apply_change(Change(AmendmentKind.ADD, 2, "new", 1), base, now, 9)
    assert after == (Paragraph(1, "a"), Paragraph(9, "new"), Paragraph(3, "c"))


def test_two_that_are_added_at_one_place_stand_in_the_order_of_acceptance() -> None:
    base = (Paragraph(1, "a"), Paragraph(2, "b"))
    add = Change(AmendmentKind.ADD, 1, "first", 1)
    now = amendments.apply_change(add, base, base, 3)
    assert not isinstance(now, Conflict)
    now = amendments.apply_change(Change(AmendmentKind.ADD, 1, "second", 1), base, now, 4)
    assert not isinstance(now, Conflict)
    assert [one.text for one in now] == ["a", "first", "second", "b"]


def test_the_hash_is_that_of_the_file() -> None:
    body = (Paragraph(1, "Agua"), Paragraph(7, "Pan"))
    assert file_content(body) == b"1. Agua\n\n2. Pan\n"
    assert digest(body) == "6fa7c3d88288338aa2029ffb84b06c80aedac9c99c87ee5516acc8d32ab202b8"
