// The statement of a joint decision: each network works out the same from the same words. Written
// from docs and compared with commands/joint_decisions in the tests.

import { schulzeOrder } from "./ranked.js";
import { fractionOf, isAtLeast } from "./shares.js";
import { AGAINST, BLOCK, decodeBits, FOR, sealResult } from "./joint_words.js";

const MOST_PEOPLE = 10 ** 9;
const ABSOLUTE = "absolute";
const total = (numbers) => numbers.reduce((all, one) => all + one, 0);

// `said`: pairs [network, body] by kind, each network once.
export async function workOutStatement(terms, said) {
  const opening = said.open.get(terms.proposer);
  const part = opening ? decodeBits(terms.keys, opening.part) : new Set();
  const participants = terms.networks.filter((one) => part.has(one.key));
  const attested = (words, field) => attestedInTime(terms, participants, words, field);
  const commits = attested(said.reveal, "commits");
  const reveals = attested(said.seen, "reveals");
  const parts = [];
  for (const { key, name } of participants) {
    const state = await stateOf(terms, said, key, commits, reveals);
    const counted = state === "counted" ? { result: said.reveal.get(key).result } : {};
    parts.push({ key, name, state, ...counted });
  }
  const isSplit = isDisputed(said, parts);
  const results = parts.flatMap((one) => one.result ?? []);
  const counts = countAll(terms, isSplit ? [] : results);
  const outcome = isSplit ? "disputed" : outcomeOf(terms, counts, results);
  return { terms: terms.hash, title: terms.title, counts, outcome, parts };
}

// Who is named by another network; one that speaks alone needs no other's word.
function attestedInTime(terms, participants, words, field) {
  const speak = participants.map((one) => one.key).filter((key) => words.has(key));
  const named = speak.map((by) => [by, decodeBits(terms.keys, words.get(by)[field])]);
  if (named.length === 1) return named[0][1];
  return new Set(named.flatMap(([by, keys]) => [...keys].filter((key) => key !== by)));
}

async function stateOf(terms, said, key, commits, reveals) {
  const [commit, reveal] = [said.commit.get(key), said.reveal.get(key)];
  if (!commit || !commits.has(key)) return said.quit.has(key) ? "quit" : "silent";
  if (!reveal) return "sealed";
  const { result, nonce } = reveal;
  if (result.network !== key || (await sealResult(result, nonce)) !== commit.sealed) {
    return "altered";
  }
  if (!isPossible(terms, result)) {
    return terms.options.length || terms.fewest ? "impossible" : "altered";
  }
  if (!result.withheld && result.turnout < terms.fewest) return "told";
  if (!reveals.has(key)) return "late";
  return result.withheld ? "withheld" : "counted";
}

// Of two networks nobody else can tell whether one was late.
function isDisputed(said, parts) {
  const isLeftOut = ({ state, key }) =>
    ["sealed", "late"].includes(state) || (state === "silent" && said.commit.has(key));
  return parts.length === 2 && parts.some(isLeftOut);
}

function countAll(terms, results) {
  const counts = Object.fromEntries(terms.countKeys.map((key) => [key, 0]));
  for (const one of results) {
    if (terms.count === "networks") {
      if (one.outcome) counts[one.outcome] += 1;
    } else {
      for (const [choice, votes] of Object.entries(one.counts)) counts[choice] += votes;
    }
  }
  return counts;
}

function outcomeOf(terms, counts, results) {
  const isEmpty = !Object.values(counts).some(Boolean) && terms.method !== "ranked";
  if (results.length < terms.least || isEmpty) return "none";
  const came = countTurnout(terms, results);
  if (came.turnout < came.needed) return "none";
  if (terms.options.length) {
    const first = firstOptions(terms, counts);
    return first.length === 1 ? first[0] : "tie";
  }
  const passes =
    terms.rule === "consent"
      ? counts[FOR] > 0 && !counts[BLOCK]
      : isCarried(terms, counts[FOR], counts[AGAINST], results);
  return passes ? FOR : AGAINST;
}

// A tie does not pass.
function isCarried(terms, yes, no, results) {
  if (terms.majority === ABSOLUTE) {
    const isEach = terms.count === "networks";
    return 2 * yes > (isEach ? results.length : total(results.map((one) => one.weight)));
  }
  const [some, all] = [BigInt(yes), BigInt(yes + no)];
  if (terms.majority) return yes > 0 && isAtLeast(some, all, fractionOf(terms.majority));
  if (terms.share === 500) return yes > no;
  return yes > 0 && isAtLeast(some, all, { part: BigInt(terms.share), of: 1000n });
}

// How many voted of how many, and how many had to. Networks with one vote each check it at home.
export function countTurnout(terms, results) {
  const [turnout, roll] = [total(results.map((r) => r.turnout)), total(results.map((r) => r.roll))];
  if (!terms.quorum || terms.count === "networks") return { turnout, roll, needed: 0 };
  if (!terms.quorum.includes("/")) return { turnout, roll, needed: Number(terms.quorum) };
  const { part, of } = fractionOf(terms.quorum);
  return { turnout, roll, needed: Number((part * BigInt(roll) + of - 1n) / of) };
}

// The options that come first: several are a tie.
export function firstOptions(terms, counts) {
  return terms.method === "ranked" ? rankOptions(terms, counts)[0].map(String) : leaders(counts);
}

export function rankOptions({ options }, counts) {
  const places = options.map((_option, at) => at + 1);
  return schulzeOrder((a, b) => BigInt(counts[`${a}>${b}`]), places);
}

export function leaders(counts) {
  const most = Math.max(0, ...Object.values(counts));
  return Object.keys(counts).filter((choice) => most > 0 && counts[choice] === most);
}

// --- whether a network's numbers can be true -----------------------------------------------------

function isPossible(terms, result) {
  if (terms.fewest || result.withheld) return isPossibleOfMany(terms, result);
  const { counts, outcome, roll, weight, turnout } = result;
  return (
    Object.keys(counts).every((choice) => terms.choices.includes(choice)) &&
    (!outcome || terms.choices.includes(outcome)) &&
    Math.max(weight, roll) <= MOST_PEOPLE &&
    result.terms === terms.hash &&
    turnout <= roll &&
    (terms.options.length ? fitsOptions(terms, result) : fitsForOrAgainst(terms, result))
  );
}

// Sums that are given only of enough people, each with one vote.
function isPossibleOfMany(terms, result) {
  const { counts, outcome, roll, weight, turnout } = result;
  const isOurs = result.terms === terms.hash && turnout <= roll && roll === weight;
  if (!isOurs || roll > MOST_PEOPLE || outcome || !terms.fewest) return false;
  if (result.withheld) return !turnout && !Object.keys(counts).length;
  if (!hasEvery(terms.countKeys, counts)) return false;
  if (terms.method === "ranked") return arePairsPossible(terms, counts, turnout);
  return total(Object.values(counts)) <= turnout;
}

function hasEvery(names, counts) {
  return Object.keys(counts).length === names.length && names.every((one) => Object.hasOwn(counts, one));
}

// Each order puts one of two before the other, or neither; and what it puts before a third, it
// puts before a second, or the second before the third (Fishburn 1992, see pair_sums.py).
function arePairsPossible({ options }, counts, voters) {
  const places = options.map((_option, at) => at + 1);
  const over = (a, b) => (a === b ? 0 : counts[`${a}>${b}`]);
  const isFine = (a, b) =>
    over(a, b) + over(b, a) <= voters && places.every((c) => over(a, c) - over(b, c) <= over(a, b));
  return places.every((a) => places.every((b) => a === b || isFine(a, b)));
}

function fitsForOrAgainst(terms, { counts, outcome, roll, weight, turnout }) {
  const people = weight === roll ? turnout : weight;
  const votes = Object.values(counts);
  const isWithin = total(votes) <= people && Math.max(0, ...votes) <= weight;
  const [yes, no] = [counts[FOR] ?? 0, counts[AGAINST] ?? 0];
  const isShare = terms.majority.includes("/");
  const isCarriedThere =
    yes > 0 &&
    (isShare ? isAtLeast(BigInt(yes), BigInt(yes + no), fractionOf(terms.majority)) : yes > no);
  return isWithin && (terms.count === "sum" || outcome !== FOR || isCarriedThere);
}

// Each option has its number, not too many, and the outcome leads.
function fitsOptions(terms, { counts, outcome, roll, weight, turnout }) {
  const [each, together] = mostPoints(terms);
  const people = weight === roll ? turnout : turnout ? weight : 0;
  const votes = Object.values(counts);
  const leading = leaders(counts);
  return (
    hasEvery(terms.choices, counts) &&
    Math.max(0, ...votes) <= people * each &&
    total(votes) <= people * together &&
    (!outcome || (leading.length === 1 && leading[0] === outcome))
  );
}

// The most that one person can give to one option, and to all together.
function mostPoints({ method, most, points, options }) {
  if (method === "choice") return [1, most];
  return [points, points * (method === "score" ? options.length : 1)];
}
