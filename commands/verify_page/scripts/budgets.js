// Budgets: by the method of equal shares (Peters, Pierczyński, Skowron, NeurIPS 2021), raised while
// money is left over, or the most votes first. Fractions are exact.

import { compareLists, pointsByPlace } from "./profiles.js";
import { sha256, toHex, Unreadable } from "./documents.js";

const STEPS = 10n; // shares are raised by a tenth at a time,
const MOST_STEPS = 90n; // at most to tenfold

export function parseTerms(method) {
  const found = /^(shares|votes) ([1-9][0-9]{0,12}) ([1-9][0-9]{0,12}(?:,[1-9][0-9]{0,12})*)$/.exec(method);
  if (!found) throw new Unreadable();
  const [money, costs] = [BigInt(found[2]), found[3].split(",").map(BigInt)];
  if (costs.length > 100 || costs.some((cost) => cost > money)) throw new Unreadable();
  return { rule: found[1], money, costs };
}

export function leftAfter(terms, places) {
  return places.reduce((left, place) => left - terms.costs[place - 1], terms.money);
}

// What the budget buys: by equal shares, and then from what was left over.
export async function spend(question, profile) {
  const terms = parseTerms(question.method);
  if (terms.costs.length !== question.labels.length) throw new Unreadable();
  const cast = profile.filter((one) => one.ballot.length && one.weight).sort(compareCast);
  const points = pointsByPlace(question.places, cast);
  const wanted = question.places.filter((place) => points.get(place));
  const ties = new Map();
  for (const place of wanted) {
    const lot = await drawLot(cast, question, place);
    ties.set(place, [-points.get(place), terms.costs[place - 1], lot]);
  }
  const shared = terms.rule === "shares" && wanted.length ? raiseShares(cast, terms, wanted, ties) : [];
  return { shared, completed: mostFirst(terms, wanted, ties, shared) };
}

function compareCast(one, other) {
  const length = Math.min(one.ballot.length, other.ballot.length);
  for (let at = 0; at < length; at++) {
    const order = compareLists(one.ballot[at], other.ballot[at]);
    if (order) return order;
  }
  return one.ballot.length - other.ballot.length;
}

// The lot of a project, smallest first: nobody can choose it, and the file is enough to draw it.
async function drawLot(cast, question, place) {
  const counts = cast.map(({ written, weight }) => `${written}*${weight}`).join(";");
  const drawn = `lot1|${question.number}|${counts}|${place}|${question.originals[place - 1]}`;
  return BigInt(`0x${toHex(await sha256(new TextEncoder().encode(drawn)))}`);
}

function raiseShares(cast, terms, wanted, ties) {
  const people = cast.reduce((all, one) => all + one.weight, 0n);
  let shared = [];
  for (let step = 0n; step <= MOST_STEPS; step++) {
    const share = fraction(terms.money * (STEPS + step), STEPS * people);
    const found = buyEqualShares(cast, terms.costs, share, ties);
    const left = leftAfter(terms, found);
    if (left < 0n) return shared;
    shared = found;
    if (wanted.every((place) => found.includes(place) || terms.costs[place - 1] > left)) break;
  }
  return shared;
}

function mostFirst(terms, wanted, ties, before) {
  const found = [];
  let left = leftAfter(terms, before);
  for (const place of [...wanted].sort((a, b) => compareLists(ties.get(a), ties.get(b)))) {
    const cost = terms.costs[place - 1];
    if (before.includes(place) || cost > left) continue;
    found.push(place);
    left -= cost;
  }
  return found;
}

// --- equal shares --------------------------------------------------------------------------------

function buyEqualShares(cast, costs, share, ties) {
  const groups = cast.map(({ ballot, weight }) => ({
    people: weight,
    points: new Map(ballot.map(([place, value]) => [place, BigInt(value)])),
    left: share,
  }));
  const bought = [];
  const open = new Set([...ties.keys()]);
  for (;;) {
    let best = null;
    for (const place of open) {
      const offer = cheapest(groups, place, costs[place - 1]);
      if (offer === null) {
        open.delete(place); // money only becomes less
        continue;
      }
      const order = best === null ? -1 : compareFractions(offer.rate, best.rate);
      if (order < 0 || (order === 0 && compareLists(ties.get(place), ties.get(best.place)) < 0)) {
        best = { ...offer, place };
      }
    }
    if (best === null) return bought;
    pay(groups, best);
    open.delete(best.place);
    bought.push(best.place);
  }
}

// The smallest price for each point at which its supporters can pay it, or null.
function cheapest(groups, place, cost) {
  const points = (one) => one.points.get(place) ?? 0n;
  const supporters = groups.filter((one) => points(one) && one.left.part);
  const purse = supporters.map((one) => times(one.left, one.people)).reduce(plus, fraction(0n, 1n));
  if (compareFractions(purse, fraction(cost, 1n)) < 0) return null;
  const perPoint = (one) => fraction(one.left.part, one.left.of * points(one));
  supporters.sort((a, b) => compareFractions(perPoint(a), perPoint(b)));
  let owed = fraction(cost, 1n);
  let among = supporters.reduce((all, one) => all + one.people * points(one), 0n);
  for (const one of supporters) {
    const price = fraction(owed.part, owed.of * among);
    if (compareFractions(price, perPoint(one)) <= 0) break;
    owed = plus(owed, times(one.left, -one.people));
    among -= one.people * points(one);
  }
  const price = fraction(owed.part, owed.of * among);
  return { price, rate: fraction(price.part, price.of * cost) };
}

function pay(groups, { place, price }) {
  for (const one of groups) {
    const due = times(price, one.points.get(place) ?? 0n);
    one.left = compareFractions(one.left, due) < 0 ? fraction(0n, 1n) : plus(one.left, times(due, -1n));
  }
}

function fraction(part, of) {
  let [a, b] = [part < 0n ? -part : part, of];
  while (b) [a, b] = [b, a % b];
  return a ? { part: part / a, of: of / a } : { part: 0n, of: 1n };
}

function plus(one, other) {
  return fraction(one.part * other.of + other.part * one.of, one.of * other.of);
}

function times(one, whole) {
  return fraction(one.part * whole, one.of);
}

function compareFractions(one, other) {
  const [a, b] = [one.part * other.of, other.part * one.of];
  return a === b ? 0 : a < b ? -1 : 1;
}
