"""What plain matrix-nio 0.26.0 does under the same fault: measured by a test, or reported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Canary:
    """`says` in a few words; `test` that measures it here (`file::name`), else `source` of it."""

    says: str
    test: str = ""
    source: str = ""

    def __str__(self) -> str:
        how = f"measured: `{self.test}`" if self.test else f"reported, not measured: {self.source}"
        return f"{self.says} ({how})"


CANARIES: dict[int, Canary] = {
    1: Canary(
        "a handler that is killed or raises loses its message: the place is saved before it",
        test="tests/matrix/test_client.py::test_a_handler_that_raises_costs_no_message",
    ),
    3: Canary(
        "reads what one sync brings of each room (10 of a homeserver), never asks for the rest",
        test="tests/matrix/test_client.py::test_all_that_was_said_while_we_were_off_is_read",
    ),
    4: Canary(
        "the key is lost, the message is never read",
        test="tests/matrix/test_store.py::test_plain_nio_loses_the_room_key_in_such_a_kill",
    ),
    5: Canary(
        "HTTP 400 for ever after",
        test="tests/matrix/test_keys.py::"
        "test_a_kill_between_upload_and_answer_offers_the_same_keys_again",
    ),
    6: Canary(
        "no fallback key, and it never uploads again: nobody new can write to it",
        test="tests/matrix/test_keys.py::"
        "test_keys_run_out_while_we_are_off_and_new_people_still_reach_us",
    ),
    7: Canary(
        "one event ends its loop, and what came in the same answer is lost",
        test="tests/matrix/test_client.py::test_what_came_in_the_same_batch_as_poison_is_read",
    ),
    8: Canary(
        "four of five payloads end its loop",
        test="tests/matrix/test_guard.py::"
        "test_no_payload_of_a_member_raises_anything_but_a_refusal",
    ),
    9: Canary(
        "believes it, and gives the outsider the keys",
        test="tests/matrix/test_client.py::test_who_joins_in_a_ciphertext_gets_no_key",
    ),
    10: Canary(
        "reads it as said by whom the server names",
        test="tests/matrix/test_guard.py::test_a_message_shown_under_another_name_is_not_read",
    ),
    11: Canary(
        "reads it again after a restart",
        test="tests/matrix/test_guard.py::test_a_replayed_message_is_refused_also_after_a_restart",
    ),
    12: Canary(
        "takes plain text in an encrypted room as any message",
        test="tests/matrix/test_client.py::test_plain_text_in_an_encrypted_room_is_no_message",
    ),
    13: Canary(
        "signs no device: a strict Element does not read it, and gives it no key, 0 of 8",
        test="tests/faults/test_canaries.py::test_plain_nio_is_not_read_by_a_strict_element",
    ),
    17: Canary(
        "asks a server in trouble, or with a dead token, again and again without a pause",
        test="tests/matrix/test_client.py::test_a_server_in_trouble_is_asked_less_and_less",
    ),
    25: Canary(
        "takes a device with its own id for itself, and gives it no key",
        test="tests/matrix/test_share.py::"
        "test_two_accounts_with_the_same_device_id_read_each_other",
    ),
}
"""By number. What has none says nothing of nio: it is not nio's to do."""
