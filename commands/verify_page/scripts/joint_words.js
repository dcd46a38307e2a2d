// A decision of several networks: its terms, and the words that they signed about it. Parsed as
// commands/joint_decisions/terms.py and commands/links/protocol/envelope.py do.

import * as doc from "./documents.js";
import { fractionOf } from "./shares.js";

export const FOR = "for";
export const AGAINST = "against";
export const ABSTAIN = "abstain";
export const ASIDE = "aside";
export const BLOCK = "block";
const FEWEST_VOTES = 5;
const [MOST_NETWORKS, MOST_OPTIONS, MOST_POINTS] = [1000, 20, 100];
const [MOST_INTRODUCERS, MOST_GROUPS] = [5, 60];
const MOST = Number.MAX_SAFE_INTEGER;
const [LARGEST, DEEPEST] = [40_000, 12]; // a word's bytes as JSON, and how deep it is nested
const SHARE = "[1-9][0-9]{0,6}/[1-9][0-9]{0,6}";
const BITS = doc.matching(/^[0-9a-f]{0,1024}$/);
const KEY = doc.matching(/^[A-Za-z0-9+/]{43}$/);

const RESULT = doc.object({
  terms: doc.hash,
  network: KEY,
  roll: doc.count,
  weight: doc.count,
  turnout: doc.count,
  counts: doc.mapOf(doc.text, doc.count),
  outcome: doc.textWithin(0, 10),
  withheld: doc.preset(doc.countWithin(0, 1), 0),
});
const GROUP = doc.object({ by: doc.listWithin(KEY, 1, MOST_INTRODUCERS), who: BITS });
const BODIES = {
  sign: doc.object({
    terms: doc.hash,
    answer: doc.oneOf("yes", "no"),
    unknown: doc.preset(BITS, ""),
  }),
  introduced: doc.object({ terms: doc.hash, introduced: doc.listWithin(GROUP, 1, MOST_GROUPS) }),
  open: doc.object({ terms: doc.hash, part: BITS }),
  quit: doc.object({ terms: doc.hash }),
  commit: doc.object({ terms: doc.hash, sealed: doc.hash }),
  reveal: doc.object({ result: RESULT, nonce: doc.secret, commits: BITS }),
  seen: doc.object({ terms: doc.hash, reveals: BITS }),
  final: doc.object({ terms: doc.hash, statement: doc.hash }),
};
export const KINDS = Object.keys(BODIES);
const ENVELOPE = {
  v: doc.preset(doc.oneOf(1), 1),
  link: doc.secret,
  network: KEY,
  seq: doc.countWithin(1, MOST),
  prev: doc.hash,
  kind: doc.matching(/^[a-z][a-z0-9-]{0,29}$/),
  id: doc.secret,
  body: doc.anything,
  sig: doc.preset(doc.text, ""),
};
const TERMS = doc.object({
  type: doc.preset(doc.oneOf("minga.joint"), "minga.joint"),
  v: doc.preset(doc.oneOf(1), 1),
  id: doc.secret,
  proposer: KEY,
  title: doc.textWithin(1, 500),
  about: doc.preset(doc.textWithin(0, 4000), ""),
  options: doc.preset(doc.listOf(doc.textWithin(1, 240), MOST_OPTIONS), []),
  method: doc.preset(doc.oneOf("choice", "score", "dots", "ranked"), "choice"),
  rule: doc.preset(doc.oneOf("majority", "consent"), "majority"),
  fewest: doc.preset(doc.count, 0),
  most: doc.preset(doc.countWithin(1, MOST), 1),
  points: doc.preset(doc.countWithin(0, MOST_POINTS), 0),
  count: doc.oneOf("sum", "networks"),
  share: doc.preset(doc.countWithin(500, 1000), 500),
  majority: doc.preset(doc.matching(new RegExp(`^(absolute|${SHARE})?$`)), ""),
  quorum: doc.preset(doc.matching(new RegExp(`^([1-9][0-9]{0,6}|${SHARE})?$`)), ""),
  least: doc.preset(doc.countWithin(1, MOST), 1),
  answer_by: doc.count,
  closes: doc.count,
  commit_by: doc.count,
  reveal_by: doc.count,
  networks: doc.listWithin(
    doc.object({ key: KEY, name: doc.textWithin(1, 100) }), 2, MOST_NETWORKS,
  ),
});
const PROOF = doc.object({
  type: doc.oneOf("minga.joint-proof"),
  v: doc.preset(doc.oneOf(1), 1),
  terms: TERMS,
  said: doc.listOf(doc.anything),
});
// Left out of what is hashed where they have these values, as older terms had no such fields.
const OMITTED = {
  method: "choice", rule: "majority", fewest: 0, most: 1, points: 0, majority: "", quorum: "",
};

// The terms, with what follows from them, and the words. Throws `Unreadable`.
export async function readProof(given) {
  const found = PROOF(given);
  return { terms: await readTerms(found.terms), words: found.said.map(readEnvelope) };
}

async function readTerms(terms) {
  if (!isSound(terms)) throw new doc.Unreadable();
  const signed = Object.entries(terms).filter(([name, value]) => OMITTED[name] !== value);
  const { options, method, rule } = terms;
  const stances = [FOR, AGAINST, ABSTAIN, ...(rule === "consent" ? [ASIDE, BLOCK] : [])];
  const places = options.map((_option, at) => at + 1);
  const choices = options.length ? places.map(String) : stances;
  return {
    ...terms,
    hash: await doc.hashParts("minga-joint-terms-1", canonicalString(Object.fromEntries(signed))),
    keys: terms.networks.map((one) => one.key),
    choices,
    countKeys: method === "ranked" ? pairKeys(places) : choices,
  };
}

function pairKeys(places) {
  return places.flatMap((a) => places.filter((b) => a !== b).map((b) => `${a}>${b}`));
}

function isSound(terms) {
  const { options, method, majority, quorum, share, points, most, networks, proposer } = terms;
  const dates = [terms.answer_by, terms.closes, terms.commit_by, terms.reveal_by];
  const keys = networks.map((one) => one.key);
  const isInOrder = (list) => list.every((one, at) => at === 0 || list[at - 1] < one);
  const isScored = ["score", "dots"].includes(method);
  const mostChosen = isScored ? 1 : Math.max(1, options.length);
  const isOrdinary = !options.length && share === 500;
  return (
    isInOrder(dates) && isInOrder(keys) && keys.includes(proposer) &&
    new Set(options).size === options.length && options.length !== 1 &&
    isScored === points > 0 && most <= mostChosen &&
    (method === "choice" || options.length > 0) && (!options.length || share === 500) &&
    ((!majority && !quorum) || isOrdinary) &&
    hasSoundSums(terms) && [majority, quorum].every(isLowestShare)
  );
}

// Under consent and an order of preference few votes stay at home.
function hasSoundSums({ method, rule, fewest, count, most, options, majority, share }) {
  const [isOrdered, isConsent] = [method === "ranked", rule === "consent"];
  if ((isOrdered || isConsent) !== fewest > 0 || (fewest > 0 && fewest < FEWEST_VOTES)) return false;
  if (fewest && count !== "sum") return false;
  return !(isOrdered && most > 1) && !(isConsent && (options.length || majority || share !== 500));
}

function isLowestShare(text) {
  if (!text.includes("/")) return true;
  const { part, of } = fractionOf(text);
  let [a, b] = [part, of];
  while (b) [a, b] = [b, a % b];
  return part <= of && a === 1n;
}

// A word as it was sent: fields that are not signed are left out. Throws `Unreadable`.
function readEnvelope(given) {
  if (isDeep(given, DEEPEST) || sizeOf(given) > LARGEST) throw new doc.Unreadable();
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(ENVELOPE, name));
  const word = doc.object(ENVELOPE)(Object.fromEntries(known));
  doc.canonical(word);
  return word;
}

// Whether the network signed exactly this word.
export function isGenuine({ sig, ...signed }) {
  return doc.isSignature(signed.network, doc.canonical(signed), sig);
}

// What a word says. Throws `Unreadable`.
export function readBody(word) {
  return BODIES[word.kind](word.body);
}

function isDeep(value, left) {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((part) => isDeep(part, left - 1));
}

// Bytes as Python writes JSON: spaces between, and all letters but those of ASCII escaped.
function sizeOf(value) {
  const parts = Array.isArray(value)
    ? value.map(sizeOf)
    : doc.isObject(value)
      ? Object.entries(value).map(([name, part]) => sizeOf(name) + 2 + sizeOf(part))
      : null;
  if (parts) return 2 * Math.max(1, parts.length) + parts.reduce((all, one) => all + one, 0);
  return JSON.stringify(value).replace(/[\x7f-\uffff]/g, "\\u0000").length;
}

// --- hashes and bits -----------------------------------------------------------------------------

export function sealResult(result, nonce) {
  return doc.hashParts("minga-joint-result-1", canonicalString(dumpResult(result)), nonce);
}

export function hashStatement({ counts, ...statement }) {
  const parts = statement.parts.map(({ result, ...part }) =>
    result ? { ...part, result: dumpResult(result) } : part,
  );
  const whole = { type: "minga.joint-statement", v: 1, ...statement, counts, parts };
  return doc.hashParts("minga-joint-statement-1", canonicalString(whole));
}

function dumpResult({ withheld, ...result }) {
  return withheld ? { ...result, withheld } : result;
}

function canonicalString(value) {
  return new TextDecoder().decode(doc.canonical(value));
}

// Which of `order` the bits stand for: the first is the lowest.
export function decodeBits(order, text) {
  const number = BigInt(`0x${text || "0"}`);
  return new Set(order.filter((_key, at) => (number >> BigInt(at)) & 1n));
}
