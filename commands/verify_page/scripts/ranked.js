// Options in order: Schulze's method, or an instant run-off.

import {
  compareLists, firstChoices, rankGroups, rowsOf, sum, topPlaces, verdictOf,
} from "./profiles.js";

export function tallyRanked(question, profile) {
  const named = profile.filter((one) => one.ballot.length && one.weight);
  const firsts = firstChoices(named, question.places);
  const rows = rowsOf(firsts);
  if (!named.length) return { verdict: "nobody", winners: [], rows };
  if (question.method === "runoff") {
    const winners = countRunoff(named, question.places);
    return { verdict: winners.length > 1 ? "tie" : "won", winners, rows };
  }
  const ranking = schulzeOrder(preferences(named, question.places), question.places);
  const top = topPlaces(new Map(ranking[0].map((place) => [place, firsts.get(place)])));
  const winners = top.length ? top : ranking[0];
  return { verdict: verdictOf(winners), winners, rows, ranking };
}

// Markus Schulze, Social Choice and Welfare 36 (2011): strongest paths, by winning votes.
// `prefer(a, b)`: how many (BigInt) put a before b.
export function schulzeOrder(prefer, places) {
  const path = new Map();
  const key = (a, b) => a * 1000 + b;
  for (const a of places) {
    for (const b of places) {
      if (a !== b) path.set(key(a, b), linkStrength(prefer(a, b), prefer(b, a)));
    }
  }
  for (const via of places) {
    for (const a of places) {
      for (const b of places) {
        if (a === b || a === via || b === via) continue;
        const [one, two] = [path.get(key(a, via)), path.get(key(via, b))];
        const weakest = compareLinks(one, two) < 0 ? one : two;
        if (compareLinks(weakest, path.get(key(a, b))) > 0) path.set(key(a, b), weakest);
      }
    }
  }
  const ranking = [];
  let left = [...places];
  const isBest = (a) =>
    left.every((b) => a === b || compareLinks(path.get(key(a, b)), path.get(key(b, a))) >= 0);
  while (left.length) {
    const best = left.filter(isBest);
    ranking.push(best);
    left = left.filter((place) => !best.includes(place));
  }
  return ranking;
}

function preferences(profile, places) {
  const weight = new Map();
  for (const one of profile) {
    const below = new Set(places);
    for (const group of rankGroups(one.ballot)) {
      group.forEach((place) => below.delete(place));
      for (const a of group) {
        for (const b of below) {
          weight.set(`${a} ${b}`, (weight.get(`${a} ${b}`) ?? 0n) + one.weight);
        }
      }
    }
  }
  return (a, b) => weight.get(`${a} ${b}`) ?? 0n;
}

function linkStrength(won, lost) {
  if (won > lost) return [won, -lost];
  return won === lost ? [0n, 0n] : [-1n, 0n];
}

function compareLinks([a, b], [c, d]) {
  if (a !== c) return a < c ? -1 : 1;
  return b === d ? 0 : b < d ? -1 : 1;
}

// Instant run-off; equal ranks share a vote. Several winners: only a lot could decide.
function countRunoff(profile, places) {
  const support = choicesByRank(profile, places);
  const found = countRunoffOnce(profile, places, support);
  if (!found.byLot) return [found.winner];
  const winners = new Set([found.winner]);
  for (const favoured of places) {
    const others = places.filter((place) => place !== favoured);
    for (const them of [others, [...others].reverse()]) {
      winners.add(countRunoffOnce(profile, [favoured, ...them], support).winner);
    }
  }
  return [...winners].sort((a, b) => a - b);
}

function choicesByRank(profile, places) {
  const found = new Map(places.map((place) => [place, places.map(() => 0n)]));
  for (const { ballot, weight } of profile) {
    rankGroups(ballot).forEach((group, at) =>
      group.forEach((place) => (found.get(place)[at] += weight)),
    );
  }
  return found;
}

// Of options that nothing tells apart, the later in `places` goes out first.
function countRunoffOnce(profile, places, support) {
  const PARTS = 232792560n; // of one vote: up to twenty equal options share it without a rest
  const papers = profile.map((one) => ({ groups: rankGroups(one.ballot), weight: one.weight }));
  let left = [...places];
  let byLot = false;
  for (;;) {
    const votes = new Map(left.map((place) => [place, 0n]));
    for (const { groups, weight } of papers) {
      const best = groups.map((group) => group.filter((p) => votes.has(p))).find((g) => g.length);
      for (const place of best ?? []) {
        votes.set(place, votes.get(place) + (weight * PARTS) / BigInt(best.length));
      }
    }
    const winner = left.find((place) => 2n * votes.get(place) > sum(votes.values()));
    if (winner !== undefined) return { winner, byLot };
    const standing = (place) => [votes.get(place), ...support.get(place)];
    const least = left.reduce((a, b) => (compareLists(standing(b), standing(a)) < 0 ? b : a));
    const last = left.filter((place) => compareLists(standing(place), standing(least)) === 0);
    byLot ||= last.length > 1 && votes.get(least) > 0n;
    const out = last[last.length - 1];
    left = left.filter((place) => place !== out);
  }
}

