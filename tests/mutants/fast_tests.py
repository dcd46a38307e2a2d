"""The fast tests of each module whose mutants are tried: those that should notice a change."""

from __future__ import annotations

_KEYS = (
    "tests/matrix/test_keys.py",
    "tests/matrix/test_claims.py",
    "tests/matrix/test_share.py",
)
_BALLOTS = (
    "commands/ballot_secrecy/tests",
    "commands/polls/tests/test_polls.py",
    "commands/polls/tests/test_polls_late.py",
    "commands/decisions/tests/test_secret_chat.py",
    "commands/decisions/tests/test_secret_end.py",
)
_LINKS = (
    "commands/links/tests/test_chain.py",
    "tests/links/test_reading.py",
    "tests/links/test_budget.py",
    "tests/links/test_guarding.py",
    "tests/links/test_hostile.py",
    "tests/links/test_floods.py",
    "tests/links/test_mutants.py",
    "tests/links/test_returning.py",
    "tests/links/test_left_out.py",
    "tests/links/test_parting.py",
)
FAST_TESTS: dict[str, tuple[str, ...]] = {
    "bot/delivery/outbox.py": (
        "tests/delivery/test_outbox_workers.py",
        "tests/delivery/test_outbox.py",
        "tests/delivery/test_standing_on.py",
        "tests/delivery/test_refusals.py",
        "tests/delivery/test_entry_kinds.py",
        "tests/delivery/test_opening.py",
        "tests/conversation/test_edits.py",
        "tests/conversation/test_help_room.py",
    ),
    "bot/matrix/crypto/guard.py": ("tests/matrix/test_guard.py",),
    "bot/matrix/crypto/trust.py": ("tests/matrix/test_trust.py", "tests/matrix/test_told.py"),
    "bot/matrix/crypto/bot_identity.py": (
        "tests/matrix/test_identity.py",
        "tests/matrix/test_recovery.py",
        "tests/matrix/test_trust.py",
        "tests/matrix/test_signing_in.py",
    ),
    "bot/matrix/crypto/inbound_sessions.py": (
        *_KEYS,
        "tests/matrix/test_guard.py",
        "tests/matrix/test_sessions.py",
        "tests/matrix/test_store.py",
        "tests/matrix/test_history.py",
    ),
    "bot/matrix/crypto/outbound_sessions.py": (*_KEYS, "tests/matrix/test_talk.py"),
    "bot/capability/authority/permission.py": (
        "tests/capability/authority",
        "tests/capability/test_rights_walk.py",
        "tests/run/test_attacks.py",
        "commands/polls/tests/test_polls_end.py",
    ),
    "commands/ballot_secrecy/ballot_store.py": _BALLOTS,
    "commands/ballot_secrecy/ballot_votes.py": _BALLOTS,
    "commands/poll_book/vote_store.py": (
        "commands/poll_book/tests",
        "commands/polls/tests/test_polls.py",
        "commands/polls/tests/test_polls_late.py",
        "commands/polls/tests/test_mandates.py",
        "commands/polls/tests/test_replied_votes.py",
    ),
    "commands/poll_book/vote_entry.py": (
        "commands/poll_book/tests",
        "commands/polls/tests/test_polls.py",
        "commands/polls/tests/test_polls_late.py",
        "commands/polls/tests/test_bad_input.py",
        "commands/polls/tests/test_mandates.py",
        "commands/polls/tests/test_replied_votes.py",
    ),
    "commands/links/protocol/inbound.py": _LINKS,
    "commands/links/protocol/chain.py": (_LINKS[0], *_LINKS[3:5]),
}
