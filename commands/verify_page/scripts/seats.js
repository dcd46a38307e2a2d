// Elections of several people: by the most votes, or by the single transferable vote as in Scottish
// council elections (SSI 2011/399), with quotas of groups that hold in every step of the count.

import { compareLists, rankGroups, votesByPlace } from "./profiles.js";

const UNIT = 100000n; // one vote: five decimals, never rounded up

// Which sets of winners the quotas allow.
class SeatPlan {
  constructor(question) {
    this.standing = question.places.filter((place) => !question.withdrawn.includes(place));
    this.quotas = question.quotas.map((one) => ({
      ...one,
      low: Math.min(one.low, this.standing.filter((place) => one.places.has(place)).length),
    }));
    this.isBound = question.quotas.length > 0;
    this.seats = 0;
    for (let n = Math.min(question.seats, this.standing.length); n > 0 && !this.seats; n--) {
      if (this.canFill([], this.standing, n)) this.seats = n;
    }
  }

  groupsOf(place) {
    return this.quotas.map((one) => (one.places.has(place) ? 1 : 0));
  }

  // Who of those left can't be elected any more.
  barred(elected, left) {
    return left.filter((one) => !this.canFill([...elected, one], left.filter((p) => p !== one)));
  }

  // Who of those left must be elected.
  guarded(elected, left) {
    return left.filter((one) => !this.canFill(elected, left.filter((p) => p !== one)));
  }

  canFill(elected, left, seats = this.seats) {
    if (elected.length > seats || elected.length + left.length < seats) return false;
    const fits = (having) => having.every((n, at) => n <= this.quotas[at].high);
    const isMet = (having) => fits(having) && having.every((n, at) => n >= this.quotas[at].low);
    const add = (having, groups, more) => having.map((n, at) => n + more * groups[at]);
    const start = elected.reduce(
      (having, one) => add(having, this.groupsOf(one), 1),
      this.quotas.map(() => 0),
    );
    const sizes = new Map();
    for (const one of left) {
      const groups = this.groupsOf(one).join(",");
      sizes.set(groups, (sizes.get(groups) ?? 0) + 1);
    }
    let reached = new Map([[`${elected.length}:${start}`, [elected.length, start]]]);
    for (const [groups, count] of sizes) {
      const inside = groups === "" ? [] : groups.split(",").map(Number);
      const next = new Map();
      for (const [taken, before] of reached.values()) {
        for (let more = 0; more <= Math.min(count, seats - taken); more++) {
          const having = add(before, inside, more);
          if (fits(having)) next.set(`${taken + more}:${having}`, [taken + more, having]);
        }
      }
      reached = next;
    }
    return [...reached.values()].some(([taken, having]) => taken === seats && isMet(having));
  }
}

export function countStv(profile, question) {
  return new StvCount(profile, question).run();
}

class StvCount {
  constructor(profile, question) {
    this.plan = new SeatPlan(question);
    this.left = [...this.plan.standing];
    this.won = [];
    this.rounds = [];
    this.kept = new Set();
    this.surplus = new Set();
    this.units = new Map(this.left.map((place) => [place, 0n]));
    this.piles = new Map(this.left.map((place) => [place, []]));
    this.papers = profile
      .map(({ ballot, weight }) => ({ ranked: rankGroups(ballot).flat(), weight }))
      .filter(({ ranked }) => ranked.some((place) => this.left.includes(place)));
    const votes = this.papers.reduce((total, paper) => total + paper.weight, 0n);
    this.total = UNIT * votes;
    this.needed = (votes / BigInt(this.plan.seats + 1) + 1n) * UNIT;
  }

  run() {
    this.papers.forEach((paper) => this.deal(paper, UNIT));
    this.note("first", 0);
    while (!this.isOver()) this.step();
    for (const one of this.won) one.kept = this.kept.has(one.place);
    return { won: this.won, rounds: this.rounds, needed: this.needed };
  }

  step() {
    const barred = this.plan.isBound ? this.plan.barred(this.elected(), this.left) : [];
    if (barred.length) return this.exclude(barred, "barred");
    if (this.surplus.size) return this.passSurplus();
    const must = this.plan.isBound ? this.plan.guarded(this.elected(), this.left) : [];
    const [last] = this.last(this.left);
    if (must.includes(last)) this.kept.add(last);
    return this.exclude(this.left.filter((place) => !must.includes(place)), "out");
  }

  elected() {
    return this.won.map((one) => one.place);
  }

  isOver() {
    for (const place of this.inOrder(this.left)) {
      if (this.units.get(place) < this.needed || this.won.length >= this.plan.seats) continue;
      const isBarred =
        this.plan.isBound && this.plan.barred(this.elected(), this.left).includes(place);
      if (!isBarred) this.elect(place, "quota");
    }
    if (this.won.length + this.left.length <= this.plan.seats) {
      this.inOrder(this.left).forEach((place) => this.elect(place, "left"));
    }
    return this.won.length >= this.plan.seats;
  }

  elect(place, why) {
    const units = this.units.get(place);
    this.won.push({ place, round: this.rounds.length, units, why });
    this.left = this.left.filter((one) => one !== place);
    if (units > this.needed) this.surplus.add(place);
  }

  passSurplus() {
    const [place, lot] = this.pick(this.inOrder([...this.surplus]));
    this.surplus.delete(place);
    const total = this.units.get(place);
    const pile = this.piles.get(place);
    this.piles.delete(place);
    for (const [paper, value] of pile) {
      this.deal(paper, ((total - this.needed) * value) / total);
    }
    this.units.set(place, this.needed);
    this.note("surplus", place, lot);
  }

  exclude(among, act) {
    const [place, lot] = this.last(among);
    this.left = this.left.filter((one) => one !== place);
    this.units.set(place, 0n);
    const pile = this.piles.get(place);
    this.piles.delete(place);
    pile.forEach(([paper, value]) => this.deal(paper, value));
    this.note(act, place, lot);
  }

  deal(paper, value) {
    const best = paper.ranked.find((place) => this.left.includes(place));
    if (best === undefined || !value) return;
    this.units.set(best, this.units.get(best) + paper.weight * value);
    this.piles.get(best).push([paper, value]);
  }

  note(act, place, lot = false) {
    const lost = this.total - [...this.units.values()].reduce((all, one) => all + one, 0n);
    this.rounds.push({ act, place, units: new Map(this.units), lost, lot });
  }

  standing(place) {
    const before = this.rounds.map((one) => one.units.get(place)).reverse();
    return [this.units.get(place), ...before];
  }

  inOrder(places) {
    return [...places].sort(
      (a, b) => compareLists(this.standing(b), this.standing(a)) || a - b,
    );
  }

  last(places) {
    return this.pick(this.inOrder(places).reverse());
  }

  // The first of them, and whether only the lot tells it from the second.
  pick(ordered) {
    const [one, two] = ordered;
    const lot = two !== undefined && compareLists(this.standing(one), this.standing(two)) === 0;
    return [one, lot];
  }
}

export function countMostVotes(profile, question) {
  const plan = new SeatPlan(question);
  const votes = votesByPlace(question.places, profile);
  const units = new Map(plan.standing.map((place) => [place, UNIT * votes.get(place)]));
  const left = [...plan.standing].sort((a, b) => compareLists([votes.get(b)], [votes.get(a)]) || a - b);
  const count = { won: [], rounds: [], needed: 0n };
  const passed = [];
  while (left.length && count.won.length < plan.seats) {
    const place = left.shift();
    const elected = count.won.map((one) => one.place);
    if (plan.isBound && plan.barred(elected, [place, ...left]).includes(place)) {
      passed.push(place);
      count.rounds.push({ act: "passed", place, units, lost: 0n, lot: false });
      continue;
    }
    const lot = left.length > 0 && votes.get(left[0]) === votes.get(place);
    const kept = passed.some((one) => votes.get(one) >= votes.get(place));
    count.rounds.push({ act: "taken", place, units, lost: 0n, lot });
    count.won.push({
      place, round: count.rounds.length, units: units.get(place), why: "votes", kept,
    });
  }
  return count;
}

// Each round as the signed file has it: what happened, with whom, and everybody's votes after it.
export function writtenRounds(count) {
  return count.rounds.map((one, at) => {
    const seated = count.won.filter((won) => won.round === at + 1).map((won) => won.place);
    return [
      one.act,
      one.place,
      ...[...one.units].map(([place, units]) => `${place}:${exactVotes(units)}`),
      `lost:${exactVotes(one.lost)}`,
      ...(seated.length ? [`seats:${seated.join(",")}`] : []),
      ...(one.lot ? ["lot"] : []),
    ].join(" ");
  });
}

function exactVotes(units) {
  return `${units / UNIT}.${String(units % UNIT).padStart(5, "0")}`;
}

// As people read it: whole, or with two decimals, never rounded up.
export function shortVotes(units) {
  return units % UNIT ? exactVotes(units).slice(0, -3) : String(units / UNIT);
}
