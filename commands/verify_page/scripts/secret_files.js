// The files of a secret ballot: opening, log, board and result, and what a voter holds of it.

import * as doc from "./documents.js";
import { LANGUAGE_FIELDS, TRANSLATIONS, WORDS_FIELD } from "./translations.js";

const MANIFEST = doc.signedObject("minga.ballot", {
  poll: doc.secret,
  number: doc.count,
  network: doc.text,
  question: doc.text,
  options: doc.listOf(doc.text, 100),
  ...LANGUAGE_FIELDS,
  rule: doc.mapOf(doc.ruleName, doc.either(doc.text, doc.count)),
  opens: doc.count,
  closes: doc.optional(doc.count),
  roll_size: doc.count,
  roll_root: doc.hash,
  turnout: doc.oneOf("count", "names"),
  min_publish: doc.count,
  below: doc.oneOf("publish", "winner", "nothing"),
  window: doc.count,
  key: doc.text,
  software: doc.text,
});
const KIND = doc.oneOf(
  "opened", "accepted", "replaced", "withdrawn", "refused", "extended", "closed", "result",
  "shredded", "assembly",
);
const WHAT = doc.matching(/^[^]{0,64}$/u);
const LOG_ROW = doc.either(
  doc.tuple(doc.count, KIND, WHAT),
  doc.tuple(doc.count, KIND, WHAT, doc.matching(/^[0-9a-f]{20}$/)),
);
export const OUTCOME = doc.mapOf(
  doc.ruleName,
  doc.either(doc.text, doc.count, doc.listOf(doc.either(doc.text, doc.count))),
);
const WEIGHT = doc.matching(/^[1-9][0-9]{0,6}$/);
const PAPER_COUNT = doc.object({
  people: doc.count,
  counts: doc.mapOf(doc.ballotText, doc.count),
  confirmed: doc.count,
});
const RESULT = doc.signedObject("minga.result", {
  poll: doc.secret,
  manifest: doc.hash,
  at: doc.count,
  turnout: doc.count,
  roll_size: doc.count,
  counts: doc.mapOf(doc.ballotText, doc.count),
  outcome: OUTCOME,
  board_root: doc.hash,
  rows: doc.count,
  head: doc.hash,
  excluded: doc.mapOf(doc.ruleName, doc.count),
  names: doc.preset(doc.listOf(doc.hash), []),
  reasons: doc.preset(doc.listOf(doc.tuple(doc.ballotText, doc.text)), []),
  voted: doc.optional(doc.mapOf(WEIGHT, doc.count)),
  assemblies: doc.optional(doc.listOf(PAPER_COUNT)),
  translations: doc.optional(TRANSLATIONS),
  ...WORDS_FIELD,
});
export const BUNDLE = doc.object({
  type: doc.oneOf("minga.result-file"),
  v: doc.preset(doc.oneOf(1), 1),
  certificate: doc.anything,
  manifest: MANIFEST,
  log: doc.listOf(LOG_ROW),
  board: doc.listOf(doc.tuple(doc.text, doc.ballotText)),
  result: RESULT,
  people: doc.preset(doc.listOf(doc.tuple(doc.secret, doc.text)), []),
});
const MOST_UNITS = 10_000; // so many lines of the board a roll can have together
const EVIDENCE = {
  "minga.receipt": doc.signedObject("minga.receipt", {
    poll: doc.secret,
    manifest: doc.hash,
    words: doc.text,
    secret: doc.secret,
    tracker: doc.text,
    choice: doc.ballotText,
    at: doc.count,
    rows: doc.optional(doc.count),
    units: doc.optional(doc.countWithin(1, MOST_UNITS)),
    head: doc.hash,
  }),
  "minga.head": doc.signedObject("minga.head", {
    poll: doc.secret,
    manifest: doc.hash,
    rows: doc.count,
    head: doc.hash,
    at: doc.count,
  }),
  "minga.roll": doc.object({
    type: doc.oneOf("minga.roll"),
    v: doc.preset(doc.oneOf(1), 1),
    poll: doc.secret,
    person: doc.text,
    weight: doc.optional(doc.count),
    salt: doc.secret,
    index: doc.count,
    path: doc.listOf(doc.hash),
  }),
  "minga.ballot": MANIFEST,
  "minga.result-file": BUNDLE,
};

// A receipt or the like, from a file or pasted with text around it. Throws `Unreadable`.
export function readEvidence(written) {
  const found = doc.parseJson(written.slice(written.indexOf("{"), written.lastIndexOf("}") + 1));
  const shape = Object.hasOwn(EVIDENCE, found?.type) ? EVIDENCE[found.type] : null;
  if (shape === null) throw new doc.Unreadable();
  return shape(found);
}
