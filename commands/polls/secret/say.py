"""What is said about a secret ballot: what it promises and what not, how to vote, how to check."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, UserError, _, verbatim, words
from commands.polls import ballots, say
from commands.polls.kinds import score
from commands.polls.kinds.stances import LABELS, Stance
from commands.polls.secret.counting import shown
from commands.polls.secret.manifest import Manifest
from commands.polls.secret.receipt import Receipt
from commands.polls.secret.result import Bundle, tells_too_much
from commands.polls.secret.signed import fingerprint
from commands.polls.store import Poll

OPENING = words("apertura", "abertura", "opening")
RESULT = words("resultado", "resultado", "result")
RECEIPT = words("comprobante", "comprovante", "receipt")
ROLL = words("padron", "eleitorado", "roll")
"""The files, by what they are called."""


def sample(poll: Poll) -> Line:
    """A vote of this kind, as it is typed."""
    question = poll.question
    match poll.rule.kind:
        case "choice" if question.most == 1:
            return verbatim("1")
        case "choice":
            return verbatim("1 2")
        case "ranked":
            return verbatim("2 1")
        case "score" if question.method == score.DOTS:
            return verbatim(f"1:{question.points}")
        case "score":
            return verbatim(f"1:{question.points} 2:1")
        case "dates":
            return verbatim("1 2?")
        case _stances:
            return LABELS[Stance.FOR]


def rule(poll: Poll) -> tuple[Line, ...]:
    """The rule in force, without how people vote aloud."""
    lines = poll.kind.how(poll.question)
    return lines[2:] if poll.rule.kind == "ranked" else lines[1:]


def hours(manifest: Manifest) -> int:
    return manifest.window // 3600


# --- opening --------------------------------------------------------------------------------------


def opening(poll: Poll, manifest: Manifest) -> tuple[Line, ...]:
    """Question, how to vote, rule, and what is and is not promised."""
    return (
        say.head(poll),
        *say.numbered(poll),
        _(
            "The vote is secret. To vote, write to me in private: "
            "`vote {number} {sample} words of your choice`",
            number=poll.number,
            sample=sample(poll),
        ),
        *rule(poll),
        _(
            "Only I see how you vote, and I delete that {hours} hours after the end. "
            "You can check that your vote was counted.",
            hours=hours(manifest),
        ),
        _(
            "You could also prove to others how you voted: don't use it where people may be "
            "forced or paid."
        ),
        say.rule(poll),
        _("{end} Until then a vote can be changed, and I show no counts.", end=say.until(poll)),
        _("Opening: {opening}. My key: {key}", opening=fingerprint(manifest), key=manifest.key),
    )


def people_only() -> UserError:
    return UserError(
        _("In a secret vote people vote, each with one vote: organisations and weights would tell "
          "whose it is."),
        _("For the people of this room, add `voters:people`."),
    )  # fmt: skip


# --- voting ---------------------------------------------------------------------------------------


def how(poll: Poll) -> Line:
    return _(
        "To vote: `!vote {number} {sample} words of your choice`. The words go into your receipt.",
        number=poll.number,
        sample=sample(poll),
    )


def noted(poll: Poll, manifest: Manifest, got: Receipt, reason: str) -> list[Line]:
    """The echo of a vote, and what to know about its receipt."""
    ballot = ballots.read(got.choice)
    lines = [poll.kind.noted(ballot, poll.question, reason), code(got)]
    if not got.words:
        lines.append(
            _(
                "With words of your own nobody else can be given the same code: "
                "`!vote {number} {sample} full moon`",
                number=poll.number,
                sample=sample(poll),
            )
        )
    if reason:
        lines.append(_("The room reads the reason at the end, without your name."))
    lines += [
        _(
            "Only I see how you voted, and I delete that {hours} hours after the end, with these "
            "messages where I can. Keep the receipt if you want to check then.",
            hours=hours(manifest),
        ),
        _(
            "The receipt also proves your vote to others. If somebody puts pressure on you, vote "
            "again: the last one counts."
        ),
    ]
    return lines


def code(got: Receipt) -> Line:
    if not got.words:
        return _("The code of your vote: {tracker}", tracker=got.tracker)
    return _(
        "The code of your vote: {tracker}. Your words: “{words}”.",
        tracker=got.tracker,
        words=got.words,
    )


def own(poll: Poll, manifest: Manifest, got: Receipt | None) -> list[Line]:
    """A person's own vote, until it is shredded."""
    if got is None:
        return [_("I know of no vote of yours here.")]
    return [
        _("Your vote: {chosen}.", chosen=shown(manifest, got.choice)),
        code(got),
        _("The receipt as a file: `!vote {number} receipt`", number=poll.number),
    ]


def shredded(poll: Poll) -> Line:
    return _(
        "I have deleted who voted what in poll {number}. Your receipt still checks: "
        "`!results {number}`",
        number=poll.number,
    )


def which(numbers: Sequence[tuple[int, str]]) -> UserError:
    lines = [
        Line("{number} {question}", {"number": number, "question": say.short(question)})
        for number, question in numbers
    ]
    return UserError(
        _("In which one? `!vote {number} …`", number=numbers[0][0]),
        *lines,
    )


def seen(*, redacted: bool) -> Line:
    """To who voted where everybody could read it."""
    if redacted:
        return _(
            "That vote stood where the room could read it, so I did not count it. "
            "I took it away; somebody may have read it before."
        )
    return _(
        "That vote stands where the room can read it, so I did not count it. "
        "Please delete your message: I am not allowed to."
    )


def to_private(poll: Poll) -> Line:
    return _(
        "The vote in {number} is secret. Write to me in private: "
        "`vote {number} {sample} words of your choice`",
        number=poll.number,
        sample=sample(poll),
    )


def here(poll: Poll) -> Line:
    return _(
        "To vote in secret, write here: `!vote {number} {sample} words of your choice`",
        number=poll.number,
        sample=sample(poll),
    )


# --- the end --------------------------------------------------------------------------------------


def ending(bundle: Bundle) -> list[Line]:
    """What stands beside the result of a secret ballot."""
    lines = []
    if tells_too_much(bundle.manifest, bundle.result.turnout, bundle.result.counts):
        lines.append(_("So few voted, or all alike, that the counts tell how people voted."))
    lines.append(
        _(
            "Opening: {opening}. Result: {result}",
            opening=fingerprint(bundle.manifest),
            result=fingerprint(bundle.result),
        )
    )
    return lines


def check(name: str) -> Line:
    return _(
        "Every vote with its code, signed. To check it without me: `minga verify-result {file}`",
        file=name,
    )
