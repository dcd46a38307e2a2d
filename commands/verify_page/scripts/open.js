// The signed result of an open vote, with its assemblies and chambers.

import { computeOutcome, questionOf, quorumNeeded, quorumShare, tally } from "./ballots.js";
import * as doc from "./documents.js";
import { ask, bad, judgeParts } from "./findings.js";
import { line } from "./lines.js";
import { describeOutcome } from "./outcomes.js";
import { parseBallot, sum } from "./profiles.js";
import { ruleLines } from "./rules.js";
import { inBigInts, withdrawnIn } from "./secret.js";
import { OUTCOME } from "./secret_files.js";
import { LANGUAGE_FIELDS, translationsFit, WORDS_FIELD } from "./translations.js";

const CONFIRMATIONS_NEEDED = 2;
const COUNTS = doc.mapOf(doc.ballotText, doc.count);

export const OPEN_RESULT = doc.signedObject("minga.result-open", {
  number: doc.count,
  question: doc.text,
  options: doc.listOf(doc.text),
  ...LANGUAGE_FIELDS,
  rule: doc.mapOf(doc.ruleName, doc.either(doc.text, doc.count)),
  voters: doc.oneOf("here", "organisations", "named"),
  opened: doc.count,
  closes: doc.optional(doc.count),
  ended: doc.count,
  made: doc.count,
  state: doc.oneOf("provisional", "final"),
  roll_size: doc.count,
  roll_weight: doc.count,
  turnout: doc.count,
  counts: COUNTS,
  assemblies: doc.listOf(
    doc.object({
      people: doc.count,
      counts: COUNTS,
      recorded: doc.text,
      confirmed: doc.listOf(doc.text),
    }),
  ),
  chambers: doc.optional(
    doc.listOf(
      doc.object({
        name: doc.text,
        roll_size: doc.count,
        roll_weight: doc.count,
        turnout: doc.count,
        counts: COUNTS,
      }),
    ),
  ),
  reasons: doc.listOf(doc.tuple(doc.ballotText, doc.text)),
  rows: doc.listOf(doc.tuple(doc.count, doc.count, doc.count)),
  outcome: OUTCOME,
  ...WORDS_FIELD,
  key: doc.text,
  certificate: doc.anything,
});

export async function inspectOpenResult(found) {
  const every = judgeParts(
    [
      await checkKey(found),
      line("The result was signed with this key, and not changed since."),
    ],
    [checkNumbers(found), line("As many votes were counted as people voted, in time.")],
    [
      await checkOutcome(found),
      line("By the rule in the file the outcome is what the result says."),
    ],
  );
  if (found.state === "provisional") {
    every.push(ask(line("Votes sent in time could still come in when it was made.")));
  }
  return every;
}

async function checkKey(found) {
  const wrong = [];
  if (!(await doc.isCertified(found.certificate, found.key))) {
    wrong.push(bad(line("The signing key does not belong to the bot's identity.")));
  }
  if (!(await doc.isSigned(found, found.key))) {
    wrong.push(bad(line("The signature under the result does not fit: it was changed.")));
  }
  return wrong;
}

function checkNumbers(found) {
  const wrong = [];
  const weight = weightOf(found.counts);
  const { turnout, roll_size: size, roll_weight: most } = found;
  if (size && turnout > size) {
    wrong.push(bad(line("More votes than voters: {count}.", { count: turnout })));
  }
  const fits =
    found.voters === "organisations"
      ? BigInt(turnout) <= weight && weight <= BigInt(most)
      : weight === BigInt(turnout);
  if (!fits) wrong.push(bad(line("The counts do not fit how many voted.")));
  if ((found.rule.electorate ?? most) !== most) {
    const said = "The rule asks for a share of another roll than the one in the file.";
    wrong.push(bad(line(said)));
  }
  wrong.push(...checkChambers(found));
  if (!found.assemblies.every(addsUp)) {
    const said = "The count of an assembly does not add up, or was not confirmed.";
    wrong.push(bad(line(said)));
  }
  const isLate = found.closes !== undefined && found.ended > found.closes;
  if (isLate || found.opened > found.ended || found.ended > found.made) {
    wrong.push(bad(line("It did not end between its opening and its deadline.")));
  }
  if (!translationsFit(found, found.translations ?? {}, found.opened, found.ended)) {
    const said = "A translation does not fit what was asked, or came after the end.";
    wrong.push(bad(line(said)));
  }
  return wrong;
}

function weightOf(counts) {
  return sum(Object.values(counts).map(BigInt));
}

// Whether each hand was counted once and enough others confirmed the count.
function addsUp({ people, counts, recorded, confirmed }) {
  const others = new Set(confirmed.filter((who) => who !== recorded));
  return weightOf(counts) === BigInt(people) && others.size >= CONFIRMATIONS_NEEDED;
}

function checkChambers({ chambers = [], counts, roll_size, roll_weight, turnout }) {
  if (!chambers.length) return [];
  const wrong = [];
  const total = (name) => chambers.reduce((all, one) => all + one[name], 0);
  const whole = [total("roll_size"), total("roll_weight"), total("turnout")];
  if (!doc.isSame(whole, [roll_size, roll_weight, turnout])) {
    const said = "The chambers together are not the whole roll, or not all who voted.";
    wrong.push(bad(line(said)));
  }
  if (!isSameCounts(addUp(chambers.map((one) => one.counts)), addUp([counts]))) {
    const said = "The counts of the chambers do not add up to those of the whole.";
    wrong.push(bad(line(said)));
  }
  const isTooMany = (one) =>
    one.turnout > one.roll_size || weightOf(one.counts) > BigInt(one.roll_weight);
  if (chambers.some(isTooMany)) {
    wrong.push(bad(line("In a chamber more votes were counted than it has.")));
  }
  return wrong;
}

// The weight behind each ballot, without those of weight 0.
function addUp(every) {
  const all = {};
  for (const counts of every) {
    for (const [ballot, n] of Object.entries(counts)) {
      const known = parseBallot(ballot).map((pair) => pair.join(":")).join(" ");
      if (n) all[known] = (all[known] ?? 0n) + BigInt(n);
    }
  }
  return all;
}

function isSameCounts(one, other) {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

async function checkOutcome(found) {
  try {
    const question = openQuestion(found);
    const wrong = [];
    const result = await tally(question, together(found));
    const rows = found.rows.map((row) => row.map(BigInt));
    const isSameRow = (row, at) => row.every((n, which) => n === BigInt(result.rows[at][which]));
    if (rows.length !== result.rows.length || !rows.every(isSameRow)) {
      wrong.push(bad(line("The votes of each option do not fit the counts.")));
    }
    if (!doc.isSame(await computeOpenOutcome(question, found, result), found.outcome)) {
      wrong.push(bad(line("By the rule of the opening the outcome is another one.")));
    }
    return wrong;
  } catch (error) {
    if (!(error instanceof doc.Unreadable)) throw error;
    return [bad(line("There are votes that the rule of the opening does not allow."))];
  }
}

function openQuestion(found) {
  return { ...questionOf(found), withdrawn: withdrawnIn(found.outcome) };
}

// The counts of the room and of the assemblies together.
function together({ counts, assemblies }) {
  const all = inBigInts(counts);
  for (const one of assemblies) {
    for (const [ballot, n] of Object.entries(one.counts)) {
      all[ballot] = (all[ballot] ?? 0n) + BigInt(n);
    }
  }
  return all;
}

function presentOf({ voters, turnout, assemblies }) {
  const people = voters === "organisations" ? [] : assemblies.map((one) => BigInt(one.people));
  return BigInt(turnout) + sum(people);
}

async function computeOpenOutcome(question, found, result) {
  const whole = await computeOutcome(question, together(found), presentOf(found));
  const { chambers = [] } = found;
  if (!chambers.length || whole.verdict === "no quorum" || result.verdict === "nobody") {
    return chambers.length && whole.verdict !== "no quorum"
      ? { ...whole, verdict: result.verdict, winners: result.winners }
      : whole;
  }
  const parts = await Promise.all(chambers.map((one) => tallyChamber(question, one)));
  if (parts.some((part) => part.verdict !== "approved")) {
    return { ...whole, verdict: "not approved", winners: [] };
  }
  return { ...whole, verdict: "approved", winners: parts[0].winners };
}

// The result in one chamber: a share of the roll, or a quorum that is a share, is the chamber's.
async function tallyChamber(question, one) {
  const electorate = question.electorate ? BigInt(one.roll_weight) : 0n;
  const found = await tally({ ...question, electorate }, inBigInts(one.counts));
  const isFew =
    quorumShare(question) !== null && BigInt(one.turnout) < quorumNeeded(question, one.roll_size);
  return isFew ? { ...found, verdict: "no quorum", winners: [] } : found;
}

export async function describeOpenResult(found) {
  const question = openQuestion(found);
  const lines = [
    ...ruleLines(found, found.opened, found.ended, false),
    ...describeOutcome(question, await tally(question, together(found)), found.outcome),
  ];
  const { turnout, roll_size: size } = found;
  lines.push(
    found.voters === "organisations"
      ? line("{turnout} of {size} organisations voted.", { turnout, size })
      : line("{turnout} of {size} people voted.", { turnout, size }),
  );
  for (const one of found.chambers ?? []) {
    const { verdict } = await tallyChamber(question, one);
    const named = { name: one.name, turnout: one.turnout, size: one.roll_size };
    lines.push(
      verdict === "approved"
        ? line("Chamber {name}: it passes. {turnout} of {size} voted.", named)
        : line("Chamber {name}: it does not pass. {turnout} of {size} voted.", named),
    );
  }
  for (const one of found.assemblies) {
    const named = { count: one.people, who: one.recorded };
    lines.push(line("An assembly of {count}, recorded by {who}.", named));
  }
  return lines;
}
