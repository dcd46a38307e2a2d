"""The canary's register: each way in which plain matrix-nio 0.26.0 fails, and where that is proved.

C is critical, H is high. For each point one test shows that nio, as it comes, fails (`nio`), and
one that we do not on the same input (`ours`); mostly it is one test that does both. With a new
nio whose half turns red, look here: the defect may be mended and our guard superfluous.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from tests.matrix import beside, plain


class Point(NamedTuple):
    defect: str
    nio: str
    ours: str


def both(defect: str, test: str) -> Point:
    return Point(defect, test, test)


POINTS = {
    "C1": both(
        "state inside a ciphertext is applied, and a stranger gets our keys",
        "test_client.test_who_joins_in_a_ciphertext_gets_no_key",
    ),
    "C2": both(
        "one to-device message of anybody ends the loop",
        "test_guard.test_no_to_device_event_stops_the_bot_or_costs_another_its_message",
    ),
    "C3": both(
        "the rest of a batch that raised is lost",
        "test_client.test_what_came_in_the_same_batch_as_poison_is_read",
    ),
    "C4": both(
        "a member's payload ends the loop",
        "test_guard.test_no_payload_of_a_member_raises_anything_but_a_refusal",
    ),
    "C5": both(
        "a hostile key answer raises at every start",
        "test_keys.test_a_hostile_answer_for_one_person_hurts_nobody_else",
    ),
    "C6": both(
        "no key is uploaded once all are claimed",
        "test_keys.test_keys_run_out_while_we_are_off_and_new_people_still_reach_us",
    ),
    "C7": both(
        "a kill during an upload makes every later one fail",
        "test_keys.test_a_kill_between_upload_and_answer_offers_the_same_keys_again",
    ),
    "C8": both(
        "the server can show a message under another's name",
        "test_guard.test_a_message_shown_under_another_name_is_not_read",
    ),
    "C9": both(
        "a message can be replayed after a restart",
        "test_guard.test_a_replayed_message_is_refused_also_after_a_restart",
    ),
    "C10": both(
        "a gap is never filled",
        "test_client.test_all_that_was_said_while_we_were_off_is_read",
    ),
    "H1": both(
        "plain text in an encrypted room is handed over like the rest",
        "test_client.test_plain_text_in_an_encrypted_room_is_no_message",
    ),
    "H2": both(
        "a handler that raises ends the loop and loses the batch",
        "test_client.test_a_handler_that_raises_costs_no_message",
    ),
    "H3": both(
        "a server in trouble is asked without a pause",
        "test_client.test_a_server_in_trouble_is_asked_less_and_less",
    ),
    "H4": both(
        "a send in an outage never ends and holds up the loop",
        "test_client.test_a_send_that_cannot_arrive_ends_and_holds_up_nobody",
    ),
    "H5": both(
        "two accounts with one device id never share keys",
        "test_share.test_two_accounts_with_the_same_device_id_read_each_other",
    ),
    "H6": both(
        "a device missing from one answer is gone for good",
        "test_keys.test_a_device_missing_from_one_answer_is_a_device_again_when_it_returns",
    ),
    "H7": both(
        "a message whose key comes late is never read",
        "test_client.test_a_message_whose_key_comes_late_is_read",
    ),
    "H8": both(
        "a to-device message told twice looks like a broken session",
        "test_guard.test_a_to_device_message_told_twice_is_no_broken_session",
    ),
    "H9": both(
        "a message without the deprecated sender key is not seen",
        "test_guard.test_a_message_without_sender_key_and_device_is_read",
    ),
    "H10": both(
        "a session can be claimed by whoever was given it",
        "test_guard.test_a_session_announced_again_by_another_member_stays_its_owners",
    ),
    "H11": Point(
        "a kill inside the store loses a room key",
        "test_store.test_plain_nio_loses_the_room_key_in_such_a_kill",
        "test_store.test_a_kill_inside_a_to_device_event_loses_no_room_key",
    ),
    "H12": both(
        "a key that was not delivered counts as delivered",
        "test_share.test_a_failed_to_device_request_is_no_delivery",
    ),
}


def found(name: str) -> Callable[..., Any]:
    module, _, test = name.partition(".")
    where: Callable[..., Any] = getattr(import_module(f"tests.matrix.{module}"), test)
    return where


def names(test: Callable[..., Any]) -> set[str]:
    """What a test speaks of."""
    nodes = list(ast.walk(ast.parse(inspect.getsource(test))))
    spoken = {n.id for n in nodes if isinstance(n, ast.Name)}
    return spoken | {n.attr for n in nodes if isinstance(n, ast.Attribute)}


PLAIN_NIO = {"nio", plain.should_upload_after.__name__, plain.shares_once_and_never_again.__name__}
OURS = {"bot", beside.Beside.ours.__name__, beside.Beside.caught_up.__name__}


def test_no_point_is_missing() -> None:
    assert list(POINTS) == [f"C{n}" for n in range(1, 11)] + [f"H{n}" for n in range(1, 13)]


@pytest.mark.parametrize("point", POINTS)
def test_both_halves_are_there(point: str) -> None:
    _, nio, ours = POINTS[point]
    assert names(found(nio)) & PLAIN_NIO, "nothing here runs plain nio"
    assert names(found(ours)) & OURS, "nothing here runs our bot"
