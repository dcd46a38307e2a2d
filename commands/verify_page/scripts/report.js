// What a file says, whether it is true in itself, and what nobody can tell from it: the same
// sentences as `minga verify-result` says.

import { questionOf, tally } from "./ballots.js";
import * as doc from "./documents.js";
import { checkEvidence } from "./evidence.js";
import { bad } from "./findings.js";
import { inspectProof } from "./joint.js";
import { line, render, verbatim } from "./lines.js";
import { describeOpenResult, inspectOpenResult, OPEN_RESULT } from "./open.js";
import { describeOutcome } from "./outcomes.js";
import { ruleLines } from "./rules.js";
import {
  addPaper, hidesCounts, inBigInts, inspectBundle, isByOrganisations, withdrawnIn,
} from "./secret.js";
import { BUNDLE, readEvidence } from "./secret_files.js";
import { readQuestion } from "./translations.js";

export const RECEIPT_ASKED = "Did your own vote count? Add: --receipt and your receipt.";
const LARGEST = 64 * 2 ** 20;

// Returns {isTrue, head, said, fine, ask, bad, beyond}: lists of lines, and one line of `head`.
// `receipts`: the texts of receipts, openings or other copies that the person has.
export async function check(text, receipts = []) {
  let unreadable = line("This is no result file or receipt of Minga, or it was cut off.");
  try {
    if (text.length > LARGEST) throw new doc.Unreadable();
    const found = doc.parseJson(text);
    if (found?.type === "minga.joint-proof") {
      unreadable = line("This is no joint decision of Minga, or it was cut off.");
      return { ...nothing(), ...(await inspectProof(found)) };
    }
    const held = receipts.map(readEvidence);
    if (found?.type === "minga.result-open") {
      return await checkOpen(OPEN_RESULT(found), held.length > 0);
    }
    if (found?.type === "minga.result-file") {
      return await checkSecret(BUNDLE(found), held);
    }
  } catch (error) {
    if (!(error instanceof doc.Unreadable)) throw error;
  }
  return { ...nothing(), unreadable: [unreadable] };
}

function nothing() {
  return { isTrue: false, head: null, said: [], fine: [], ask: [], bad: [], beyond: [] };
}

// Whether the sentences in a file are those that its figures give. Older files have none.
function judgeWords({ words }, report) {
  if (words === undefined) return report;
  const lines = [report.head, ...report.said];
  const isSame = ([language, said]) =>
    doc.isSame(said, lines.map((one) => render(one, language)));
  if (Object.entries(words).every(isSame)) {
    const right = line("What it says in words, in each language, fits its figures.");
    return { ...report, fine: [...report.fine, right] };
  }
  const said = "Its own sentences differ from those above, which its figures give: go by those.";
  return { ...report, ask: [...report.ask, line(said)] };
}

function judged(found, findings) {
  const of = (...weights) => findings.filter((f) => weights.includes(f.weight)).map((f) => f.line);
  const question = verbatim(readQuestion(found).title);
  const head = line("{number}: {question}", { number: found.number, question });
  const wrong = of("bad");
  if (wrong.length) return { ...nothing(), head, bad: wrong };
  const isTrue = !of("gone").length;
  return { ...nothing(), isTrue, head, fine: of("fine"), ask: of("ask", "gone") };
}

async function checkOpen(found, isAsked) {
  const findings = await inspectOpenResult(found);
  if (isAsked) findings.push(bad(line("This was an open vote: it has no receipts.")));
  const report = judged(found, findings);
  if (report.bad.length) return report;
  const [bot, { key }] = [botAddress(found), found];
  const beyond = [
    line("Compare with the room: the result as it was said there, and"),
    line("- the key in {bot}'s `!status`: {key}", { bot, key }),
    line("The file does not tell who voted how. The vote was open: those in the room saw it."),
  ];
  return judgeWords(found, { ...report, said: await describeOpenResult(found), beyond });
}

async function checkSecret(bundle, held) {
  const { manifest, result } = bundle;
  const findings = await inspectBundle(bundle);
  if (!findings.some((f) => f.weight === "bad")) {
    for (const one of held) findings.push(...(await checkEvidence(bundle, one)));
  }
  const shown = withAdded(manifest, result);
  const report = judged(shown, findings);
  if (report.bad.length) return report;
  const question = {
    ...questionOf(shown),
    withdrawn: withdrawnIn(result.outcome),
  };
  const papers = result.assemblies ?? [];
  const counts = addPaper(inBigInts(result.counts), papers);
  const found = hidesCounts(bundle) ? null : await tally(question, counts);
  const { turnout, roll_size: size } = result;
  const said = [
    ...ruleLines(shown, manifest.opens, result.at, true),
    ...describeOutcome(question, found, result.outcome),
    isByOrganisations(manifest)
      ? line("{turnout} of {size} organisations voted.", { turnout, size })
      : line("{turnout} of {size} people voted.", { turnout, size }),
    ...papers.map((one) => line("On paper, in an assembly: {count}.", { count: one.people })),
  ];
  return judgeWords(result, { ...report, said, beyond: await beyondSecret(bundle, held.length > 0) });
}

// The opening to read, with the translations that came while the vote was open.
function withAdded(manifest, { translations = {} }) {
  return { ...manifest, translations: { ...manifest.translations, ...translations } };
}

async function beyondSecret(bundle, isAsked) {
  const { manifest, result } = bundle;
  const [bot, { key, number }] = [botAddress(bundle), manifest];
  const [opening, came] = [await fingerprint(manifest), await fingerprint(result)];
  const compare =
    "Compare with `!minutes {number}` in the room, so that nobody was shown another file:";
  const late =
    "It cannot tell whether a vote came late within the last hour: votes are dated to the hour only.";
  return [
    line(compare, { number }),
    line("- opening {opening}, result {result}", { opening, result: came }),
    line("- the key in {bot}'s `!status`: {key}", { bot, key }),
    ...(isAsked ? [] : [line(RECEIPT_ASKED)]),
    ...(result.turnout > 0 && Object.keys(result.counts).length === 1
      ? [line("All who voted did it alike, so the counts tell how each of them voted.")]
      : []),
    line(late),
    manifest.turnout === "count"
      ? line("It cannot tell whether votes were added for people who did not vote.")
      : line("Who is named as having voted and did not: only they can tell."),
  ];
}

// A hash to compare by eye or aloud: 80 bits in five groups.
async function fingerprint(signed) {
  const start = (await doc.hashOf(signed)).slice(0, 20);
  return start.match(/.{4}/g).join(" ").toUpperCase();
}

function botAddress({ certificate }) {
  return String(certificate.user_id ?? "?");
}

// The report as the lines that `minga verify-result` prints.
export function asLines(report) {
  if (report.unreadable) return report.unreadable;
  const listed = (lines) => lines.map((finding) => line("- {finding}", { finding }));
  if (report.bad.length) {
    return [report.head, line("DO NOT TRUST THIS FILE:"), ...listed(report.bad)];
  }
  return [
    report.head,
    ...report.said,
    line("The file is true in itself:"),
    ...listed(report.fine),
    ...(report.ask.length ? [line("Only you can tell:"), ...listed(report.ask)] : []),
    ...report.beyond,
  ];
}
