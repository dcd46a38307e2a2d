// Ballots, the weight behind each, and sums of them. Weights are BigInt: no sum is ever rounded.

// `2:1 3:5` as pairs [place, value].
export function parseBallot(written) {
  return written === "" ? [] : written.split(" ").map((pair) => pair.split(":").map(Number));
}

export function sum(numbers) {
  return [...numbers].reduce((total, one) => total + one, 0n);
}

export function votesByPlace(places, profile) {
  return byPlace(places, profile, () => 1n);
}

export function pointsByPlace(places, profile) {
  return byPlace(places, profile, BigInt);
}

function byPlace(places, profile, worth) {
  const votes = new Map(places.map((place) => [place, 0n]));
  for (const { ballot, weight } of profile) {
    for (const [place, value] of ballot) votes.set(place, votes.get(place) + weight * worth(value));
  }
  return votes;
}

// The options of a ballot, best first, equal ones together.
export function rankGroups(ballot) {
  const byRank = new Map();
  for (const [place, rank] of ballot) byRank.set(rank, [...(byRank.get(rank) ?? []), place]);
  return [...byRank].sort((a, b) => a[0] - b[0]).map(([, group]) => group);
}

export function firstChoices(profile, places) {
  const firsts = profile.map((one) => {
    const [best = []] = rankGroups(one.ballot);
    return { ...one, ballot: best.map((place) => [place, 1]) };
  });
  return votesByPlace(places, firsts);
}

// The places with the most votes, or none if nobody voted.
export function topPlaces(votes) {
  const best = [...votes.values()].reduce((most, n) => (n > most ? n : most), 0n);
  return best ? [...votes].filter(([, n]) => n === best).map(([place]) => place) : [];
}

// Compares lists of numbers, the first that differ decide.
export function compareLists(one, other) {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    if (one[at] !== other[at]) return one[at] < other[at] ? -1 : 1;
  }
  return one.length - other.length;
}

export function rowsOf(votes, maybe = new Map()) {
  return [...votes].map(([place, count]) => [place, count, maybe.get(place) ?? 0n]);
}

export function verdictOf(winners) {
  return ["nobody", "won"][winners.length] ?? "tie";
}
