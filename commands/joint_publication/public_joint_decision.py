"""What becomes public of a joint decision: the same result and the same file in every network."""

from __future__ import annotations

from collections.abc import Callable

from bot.api import Context, Item, Line, UserError, _, one_line, verbatim
from bot.api import public_document as documents
from bot.api import public_services as public
from commands.joint_decisions import question, result_texts
from commands.joint_decisions.proof_check import Proof, network_names, statement_of_words
from commands.joint_decisions.statement import JointStatement
from commands.joint_decisions.terms import JointTerms
from commands.joint_publication import agreement, public_file, store
from commands.joint_publication.declaration import feature


@feature.offers(public.PUBLISH_ITEM.of("joint"))
async def publish_joint_decision(
    ctx: Context, item: Item, names: public.PublicNames
) -> public.Publication:
    """Return the public document of a joint decision.

    Raises `UserError` until every network named in it said yes to it as it is now.
    """
    one = await public_file.require_decision(ctx, item)
    said, file = (
        await store.words_about(ctx.db, item.number),
        await store.get_file(ctx.db, item.number),
    )
    own = said.get(ctx.signer.public)
    if own is None or not own.is_yes or file is None:
        raise UserError(
            _("The networks that decided {number} have not agreed to that.", number=one.item),
            _("To ask them: `!publish {number}`", number=one.item),
        )
    if missing := agreement.missing_names(one, said, own.file):
        raise UserError(
            _("Without the yes of {names} it can't be public.", names=missing),
        )
    if file.statement != one.told:
        raise UserError(
            _("The result is another one since the networks agreed to it."),
            _("To ask them: `!publish {number}`", number=one.item),
        )
    proof = Proof.model_validate_json(file.content)
    found = statement_of_words(proof.terms, proof.parse_words())
    tell, typed = public.public_line(ctx, names), public.typed_text(ctx, names)
    signed = documents.describe_file(
        f"joint-{proof.terms.hash[:16]}.json",
        "application/json",
        file.content,
        tell(_("The signed words of all networks. Anyone can check them: verify.html.")),
    )
    document = documents.PublicDocument(
        kind="decision",
        number=item.number,
        title=typed(proof.terms.title),
        at=proof.terms.closes,
        facts=tuple(
            documents.PublicFact(name=tell(name), value=tell(value))
            for name, value in _facts(proof.terms, found)
        ),
        paragraphs=(
            *([typed(proof.terms.about)] if proof.terms.about else []),
            *map(tell, question.rule_lines(proof.terms)),
        ),
        rows=_rows(proof.terms, found, tell),
        files=(signed,),
    )
    return public.Publication(document, {signed.name: file.content})


def _facts(terms: JointTerms, found: JointStatement) -> list[tuple[Line, Line]]:
    """Return what came out, of all together and network by network."""
    names = network_names(terms)
    return [
        (_("result"), result_texts.outcome_line(terms, found)),
        (_("decided by"), Line("{names}", {"names": tuple(names.values())})),
        *(
            (verbatim(names[one.key]), result_texts.part_line(terms, one, names[one.key]))
            for one in found.parts
        ),
    ]


def _rows(
    terms: JointTerms, found: JointStatement, tell: Callable[[Line], documents.PublicText]
) -> tuple[documents.PublicRow, ...]:
    """Return the votes of all together; none for an order of preference, which has no such sums."""
    if terms.method == "ranked" or found.outcome == "disputed":
        return ()
    return tuple(
        documents.PublicRow(
            label=documents.PublicText(text=one_line(terms.options[int(choice) - 1]))
            if terms.options
            else tell(result_texts.STANCES[choice]),
            votes=found.counts[choice],
            won=choice == found.outcome,
        )
        for choice in terms.choices
    )
