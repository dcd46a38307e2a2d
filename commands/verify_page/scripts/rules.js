// The rule and the times of a decision in words.

import { questionOf, quorumShare } from "./ballots.js";
import { line } from "./lines.js";

const KIND_TEXTS = {
  choice: "one option, the most votes win",
  majority: "majority, more for than against",
  consent: "consent",
  consensus: "consensus",
  ranked: "ranked choice",
  score: "score",
  dates: "date poll",
  budget: "budget",
  seats: "election, the most votes",
  stv: "election, single transferable vote",
};
const METHOD_TEXTS = {
  schulze: "Schulze's method",
  runoff: "instant run-off",
  score: "points for each option",
  dots: "points to share out",
  shares: "equal shares",
  votes: "most chosen first",
};
export const OPEN_FROM = "Open from {opened} to {ended} (UTC).";
const YEAR_10000 = 253_402_300_800;

// By what rule it was decided, and when; times in seconds since 1970.
export function ruleLines(ruled, opened, ended, isSecret) {
  const named = { opened: sayTime(opened), ended: sayTime(ended) };
  return [
    line("Rule: {parts}", { parts: line("{parts}", { parts: ruleParts(questionOf(ruled), isSecret) }) }),
    line(OPEN_FROM, named),
  ];
}

function ruleParts(question, isSecret) {
  const parts = [line("kind: {kind}", { kind: sayKind(question) })];
  const [method] = question.method.split(" ");
  if (Object.hasOwn(METHOD_TEXTS, method)) {
    parts.push(line("method: {method}", { method: line(METHOD_TEXTS[method]) }));
  }
  if (question.quorum !== 0) {
    const share = quorumShare(question);
    const quorum = share === null ? String(question.quorum) : sayShare(share);
    parts.push(line("quorum: {quorum}", { quorum }));
  }
  return isSecret ? [...parts, line("secret")] : parts;
}

function sayKind({ kind, electorate, threshold, most }) {
  if (electorate) {
    const bar = line("more than half of all possible votes ({count})", { count: electorate / 2n + 1n });
    return line("majority, {bar}", { bar });
  }
  if (threshold !== null && threshold.part) {
    return line("majority, at least {share} for", { share: sayShare(threshold) });
  }
  if (kind === "choice" && most > 1) {
    return line("up to {most} options, the most votes win", { most });
  }
  return line(KIND_TEXTS[kind]);
}

// As people write it: whole percents, small fractions, else rounded percents.
function sayShare({ part, of }) {
  const common = greatestDivisor(part, of);
  const [above, below] = [part / common, of / common];
  if ((above * 100n) % below === 0n) return `${(above * 100n) / below}%`;
  if (below <= 20n) return `${above}/${below}`;
  const [whole, rest] = [(above * 10_000n) / below, (above * 10_000n) % below];
  const isMore = rest * 2n > below || (rest * 2n === below && whole % 2n === 1n);
  const rounded = String(whole + (isMore ? 1n : 0n)).padStart(3, "0");
  return `${`${rounded.slice(0, -2)}.${rounded.slice(-2)}`.replace(/\.?0+$/, "")}%`;
}

function greatestDivisor(one, other) {
  return other ? greatestDivisor(other, one % other) : one;
}

function sayTime(seconds) {
  if (seconds >= YEAR_10000) return String(seconds);
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
}
