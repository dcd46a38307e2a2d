// Ballots and how each kind of decision counts them.
// Written from the same papers as commands/decision_rules, and compared with it in the tests.

import { spend } from "./budgets.js";
import { Unreadable } from "./documents.js";
import {
  firstChoices, parseBallot, pointsByPlace, rowsOf, sum, topPlaces, verdictOf, votesByPlace,
} from "./profiles.js";
import { tallyRanked } from "./ranked.js";
import { countMostVotes, countStv, writtenRounds } from "./seats.js";
import { readQuestion } from "./translations.js";

const STANCES = { majority: 3, consent: 5, consensus: 5 };
const [FOR, AGAINST, , , BLOCK] = [1, 2, 3, 4, 5];

// What is decided and how, from a signed rule.
export function questionOf(ruled) {
  const { rule } = ruled;
  const { title, labels } = readQuestion(ruled);
  return {
    kind: knownKind(rule.kind),
    number: ruled.number,
    title,
    labels,
    originals: ruled.options,
    options: STANCES[rule.kind] ?? ruled.options.length,
    places: ruled.options.map((_label, at) => at + 1),
    most: wholeNumber(rule.most ?? 1),
    threshold: parseShare(rule.threshold ?? ""),
    method: String(rule.method ?? ""),
    points: wholeNumber(rule.points ?? 1),
    electorate: BigInt(wholeNumber(rule.electorate ?? 0)),
    seats: wholeNumber(rule.seats ?? 1),
    quotas: parseQuotas(String(rule.quotas ?? "")),
    quorum: rule.quorum ?? 0,
    rollSize: ruled.roll_size,
    withdrawn: [],
  };
}

function knownKind(kind) {
  const kinds = ["choice", "majority", "consent", "consensus", "ranked", "score", "dates"];
  if (![...kinds, "budget", "seats", "stv"].includes(kind)) throw new Unreadable();
  return kind;
}

function wholeNumber(given) {
  const found = typeof given === "string" && /^[0-9]{1,15}$/.test(given) ? Number(given) : given;
  if (!Number.isSafeInteger(found)) throw new Unreadable();
  return found;
}

// A share such as "2/3", or null.
function parseShare(written) {
  if (written === "") return null;
  const found = /^([0-9]{1,9})\/([1-9][0-9]{0,8})$/.exec(String(written));
  if (!found) throw new Unreadable();
  return { part: BigInt(found[1]), of: BigInt(found[2]) };
}

function parseQuotas(written) {
  return written.split(";").filter(Boolean).map((one) => {
    const found = /^([\p{L}\p{N}_][\p{L}\p{N}_-]{0,39})=([0-9]{1,3})-([0-9]{1,3}):([0-9,]*)$/u.exec(one);
    if (!found || !/^([0-9]{1,3}(,[0-9]{1,3})*)?$/.test(found[4])) throw new Unreadable();
    const places = new Set(found[4].split(",").filter(Boolean).map(Number));
    return { name: found[1], low: Number(found[2]), high: Number(found[3]), places };
  });
}

// How many must vote.
export function quorumNeeded(question, size = question.rollSize) {
  const share = quorumShare(question);
  if (share === null) return BigInt(question.quorum);
  return (share.part * BigInt(size) + share.of - 1n) / share.of;
}

export function quorumShare(question) {
  return typeof question.quorum === "number" ? null : parseShare(question.quorum);
}

// Throws `Unreadable` for a ballot that the rule forbids: so nobody has a thousand points.
export function requireAllowed(question, written) {
  const ballot = parseBallot(written);
  const places = ballot.map(([place]) => place);
  const values = ballot.map(([, value]) => value);
  const isCanonical = ballot.map((pair) => pair.join(":")).join(" ") === written;
  const isOrdered = places.every((place, at) => at === 0 || places[at - 1] < place);
  const isKnown = places.every((place) => place >= 1 && place <= question.options);
  if (!isCanonical || !isOrdered || !isKnown || !fitsKind(question, values)) throw new Unreadable();
  return ballot;
}

function fitsKind(question, values) {
  const { kind, method, points, most, options } = question;
  const isOnes = values.every((value) => value === 1);
  switch (kind) {
    case "choice":
    case "seats":
      return values.length <= most && isOnes;
    case "stv":
      return [...values].sort((a, b) => a - b).every((rank, at) => rank === at + 1);
    case "ranked":
      return values.every((rank) => rank >= 1 && rank <= options);
    case "score":
      return method === "dots"
        ? values.reduce((sum, value) => sum + value, 0) <= points
        : values.every((value) => value <= points);
    case "budget":
      return values.every((value) => value >= 1 && value <= points);
    case "dates":
      return values.every((answer) => answer <= 2);
    default:
      return values.length <= 1 && isOnes;
  }
}

// --- the outcome ---------------------------------------------------------------------------------

// The outcome as it is signed. `counts`: weights (BigInt) by ballot; `present`: how many voted.
export async function computeOutcome(question, counts, present = sum(Object.values(counts))) {
  const found = await tally(question, counts);
  const outcome = {
    verdict: present < quorumNeeded(question) ? "no quorum" : found.verdict,
    winners: found.winners,
    ranking: (found.ranking ?? []).map((group) => group.join(" ")),
  };
  if (found.count) outcome.rounds = writtenRounds(found.count);
  if (question.withdrawn.length) {
    outcome.withdrawn = [...new Set(question.withdrawn)].sort((a, b) => a - b);
  }
  return outcome;
}

// Verdict, winners and rows [place, votes, if need be] of the counts.
export async function tally(question, counts) {
  const profile = Object.entries(counts).map(([written, weight]) => ({
    ballot: requireAllowed(question, written),
    written,
    weight,
  }));
  switch (question.kind) {
    case "choice":
      return tallyChoice(question, profile);
    case "majority":
    case "consent":
    case "consensus":
      return tallyStances(question, profile);
    case "ranked":
      return tallyRanked(question, profile);
    case "score":
      return tallyScore(question, profile);
    case "dates":
      return tallyDates(question, profile);
    case "budget":
      return tallyBudget(question, profile);
    case "seats":
      return tallySeats(question, profile, votesByPlace(question.places, profile), countMostVotes);
    case "stv":
      return tallyTransferable(question, profile);
  }
}

function isReached(question, votes, cast) {
  if (question.electorate) return 2n * votes > question.electorate;
  const share = question.threshold ?? { part: 0n, of: 1n };
  return votes > 0n && votes * share.of >= share.part * cast;
}

function isBound(question) {
  return question.threshold !== null || question.electorate > 0n;
}

function tallyChoice(question, profile) {
  const votes = votesByPlace(question.places, profile);
  const cast = sum(profile.filter((one) => one.ballot.length).map((one) => one.weight));
  const isEnough = (n) => n > 0n && (!isBound(question) || isReached(question, n, cast));
  const can = new Map([...votes].filter(([, n]) => isEnough(n)));
  const rows = rowsOf(votes);
  if (!can.size) {
    return { verdict: sum(votes.values()) ? "not approved" : "nobody", winners: [], rows };
  }
  const [having, equal] = seatPlaces(can, question.seats);
  if (!equal.length) return { verdict: "won", winners: having, rows };
  const ranking = having.length ? [having, equal] : [];
  return { verdict: "tie", winners: [...having, ...equal], rows, ranking };
}

// Who surely has one of the seats, and who are equal for those that are left.
function seatPlaces(votes, seats) {
  const left = new Map(votes);
  const having = [];
  while (left.size && having.length < seats) {
    const best = topPlaces(left);
    if (having.length + best.length > seats) return [having, best];
    having.push(...best);
    best.forEach((place) => left.delete(place));
  }
  return [having, []];
}

function tallyStances(question, profile) {
  const places = Array.from({ length: question.options }, (_none, at) => at + 1);
  const votes = votesByPlace(places, profile);
  const rows = rowsOf(votes);
  if (!sum(votes.values())) return { verdict: "nobody", winners: [], rows };
  return passes(question, votes)
    ? { verdict: "approved", winners: [FOR], rows }
    : { verdict: "not approved", winners: [], rows };
}

function passes(question, votes) {
  const [yes, no] = [votes.get(FOR), votes.get(AGAINST)];
  if (question.kind === "majority") {
    return isBound(question) ? isReached(question, yes, yes + no) : yes > no;
  }
  const isStopped = votes.get(BLOCK) > 0n || (question.kind === "consensus" && no > 0n);
  return yes > 0n && !isStopped;
}

function tallyScore(question, profile) {
  const points = pointsByPlace(question.places, profile);
  const winners = topPlaces(points);
  return { verdict: verdictOf(winners), winners, rows: rowsOf(points) };
}

function tallyDates(question, profile) {
  const answered = (value) =>
    votesByPlace(
      question.places,
      profile.map((one) => ({ ...one, ballot: one.ballot.filter((pair) => pair[1] === value) })),
    );
  const [yes, maybe] = [answered(2), answered(1)];
  const can = (place) => yes.get(place) + maybe.get(place);
  const isBetter = (a, b) => can(a) > can(b) || (can(a) === can(b) && yes.get(a) > yes.get(b));
  const best = question.places.filter((a) => !question.places.some((b) => isBetter(b, a)));
  const winners = best.filter((place) => can(place));
  return { verdict: verdictOf(winners), winners, rows: rowsOf(yes, maybe) };
}

async function tallyBudget(question, profile) {
  const rows = rowsOf(pointsByPlace(question.places, profile));
  const { shared, completed } = await spend(question, profile);
  const winners = [...shared, ...completed].sort((a, b) => a - b);
  if (!winners.length) return { verdict: "nobody", winners, rows };
  return { verdict: "won", winners, rows, ranking: [shared, completed] };
}

function tallySeats(question, profile, votes, countSeats) {
  if (!sum(votes.values())) return { verdict: "nobody", winners: [], rows: rowsOf(votes) };
  const count = countSeats(profile, question);
  const winners = count.won.map((one) => one.place);
  return { verdict: winners.length ? "won" : "nobody", winners, rows: rowsOf(votes), count };
}

function tallyTransferable(question, profile) {
  const named = profile.filter((one) => one.ballot.length && one.weight);
  return tallySeats(question, named, firstChoices(named, question.places), countStv);
}
