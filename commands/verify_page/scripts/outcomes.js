// Ballots and outcomes in words.

import { quorumNeeded, requireAllowed } from "./ballots.js";
import { leftAfter, parseTerms } from "./budgets.js";
import { Unreadable } from "./documents.js";
import { counted, joinTexts, line, shorten, verbatim } from "./lines.js";
import { compareLists, rankGroups } from "./profiles.js";
import { shortVotes } from "./seats.js";

const STANCES = ["for", "against", "abstain", "stand aside", "block"];
const FEWEST_VOTES = 5;
const VERDICTS = ["won", "tie", "approved", "not approved", "nobody"];

// What one person chose. Throws `Unreadable` for a ballot the rule forbids.
export function describeBallot(question, written) {
  const ballot = requireAllowed(question, written);
  return ballot.length ? line("{chosen}", { chosen: chosen(question, ballot) }) : line("blank");
}

function chosen(question, ballot) {
  const label = (place) => question.labels[place - 1];
  switch (question.kind) {
    case "majority":
    case "consent":
    case "consensus":
      return ballot.map(([place]) => line(STANCES[place - 1]));
    case "ranked":
    case "stv":
      return rankGroups(ballot).map((group, at) =>
        line("{rank} {labels}", { rank: at + 1, labels: joinTexts(" = ", group.map(label)) }),
      );
    case "dates": {
      const can = ballot.filter(([, answer]) => answer);
      const said = ([place, answer]) =>
        answer === 2
          ? verbatim(label(place))
          : line("{date} if need be", { date: label(place) });
      return can.length ? can.map(said) : [line("none of the dates")];
    }
    case "budget":
      if (question.points <= 1) return ballot.map(([place]) => verbatim(label(place)));
      return points(ballot, label);
    case "score":
      return points(ballot, label);
    default:
      return ballot.map(([place]) => verbatim(label(place)));
  }
}

function points(ballot, label) {
  return ballot.map(([place, value]) =>
    line("{label} {points}", { label: label(place), points: value }),
  );
}

// The outcome in words. `found`: the tally, or null where only the outcome was published.
export function describeOutcome(question, found, outcome) {
  const lines = found === null ? [] : describeCounts(question, found);
  const { verdict } = outcome;
  if (verdict === "no quorum") {
    const needed = quorumNeeded(question);
    return [...lines, line("No quorum: {needed} were needed.", { needed })];
  }
  if (verdict === "too few") {
    const said = "Too few voted for a result: with fewer than {count} votes nothing is published.";
    return [...lines, line(said, { count: FEWEST_VOTES })];
  }
  return [...lines, sayOutcome(question, readOutcome(question, outcome))];
}

// The signed outcome as a tally has it. Throws `Unreadable` for an impossible one.
function readOutcome(question, { verdict, winners, ranking = [] }) {
  const asPlace = (one) => {
    const place = Number(one);
    if (!(place >= 1 && place <= question.options)) throw new Unreadable();
    return place;
  };
  if (!VERDICTS.includes(verdict) || winners === undefined) throw new Unreadable();
  const places = Array.isArray(winners) ? winners.map(asPlace) : [];
  if (verdict === "won" && !places.length) throw new Unreadable();
  const groups = Array.isArray(ranking) ? ranking : [];
  const group = (one) => String(one).split(" ").filter(Boolean).map(asPlace);
  return { verdict, winners: places, ranking: groups.map(group) };
}

function describeCounts(question, found) {
  const { kind, labels } = question;
  const label = optionLabels(question);
  const plain = found.rows.map(([place, votes]) =>
    line("{label}: {votes}", { label: label[place - 1], votes }),
  );
  switch (kind) {
    case "ranked": {
      const groups = (found.ranking ?? []).map((one) => joinTexts(" = ", one.map((p) => labels[p - 1])));
      const order = joinTexts(" > ", groups);
      const lines = [line("First choices:"), ...plain];
      return groups.length ? [...lines, line("In order: {order}", { order })] : lines;
    }
    case "dates":
      return found.rows.map(([place, votes, maybe]) =>
        maybe
          ? line("{label}: {votes}, if need be: {maybe}", {
              label: labels[place - 1], votes, maybe,
            })
          : line("{label}: {votes}", { label: labels[place - 1], votes }),
      );
    case "budget":
      return found.rows.map(([place, votes]) =>
        line("{label}: {votes} · {why}", {
          label: label[place - 1], votes, why: whyBought(question, found, place, votes),
        }),
      );
    case "seats":
      return [...plain, ...describeSeats(question, found)];
    case "stv":
      return [line("First choices:"), ...plain, ...describeSeats(question, found)];
    default:
      return plain;
  }
}

function optionLabels(question) {
  if (["majority", "consent", "consensus"].includes(question.kind)) {
    return STANCES.slice(0, question.options).map((stance) => line(stance));
  }
  if (question.kind !== "budget") return question.labels.map(verbatim);
  const { costs } = parseTerms(question.method);
  return question.labels.map((label, at) =>
    line("{label} ({cost})", { label, cost: showAmount(costs[at]) }),
  );
}

function whyBought(question, { ranking, winners }, place, votes) {
  const [shared, completed] = ranking ?? [[], []];
  const terms = parseTerms(question.method);
  if (shared.includes(place)) return line("goes in: its supporters' shares pay for it");
  if (completed.includes(place)) {
    return terms.rule === "shares"
      ? line("goes in: the most chosen that fits in the rest")
      : line("goes in: most chosen, and it fits");
  }
  if (!votes) return line("stays out: nobody chose it");
  const left = showAmount(leftAfter(terms, winners));
  return line("stays out: it costs more than the {left} left over", { left });
}

// With no-break spaces between thousands: comma and point mean different things in the languages.
function showAmount(amount) {
  const written = String(amount);
  return amount < 10000n ? written : written.replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}

function describeSeats(question, { count }) {
  if (!count) return [];
  const label = (place) => (place ? question.labels[place - 1] : "");
  const lines = count.won.map((won) => sayWhyElected(won, count, label(won.place)));
  count.rounds.forEach((one, at) => {
    const said = { round: at + 1, label: label(one.place) };
    if (one.act === "barred" || one.act === "passed") {
      lines.push(line("Round {round}: with {label} a quota could not be met.", said));
    }
    if (one.lot) {
      lines.push(line("Round {round}: equal votes, so the lot decided about {label}.", said));
    }
  });
  if (question.withdrawn.length) {
    const labels = [...question.withdrawn].sort((a, b) => compareLists([a], [b])).map(label);
    lines.push(line("Stepped down while the vote was open: {labels}.", { labels }));
  }
  const empty = question.seats - count.won.length;
  if (empty > 0) lines.push(line("Seats that stay empty: {count}.", { count: empty }));
  return lines;
}

function sayWhyElected({ round, units, why, kept }, { needed }, label) {
  const named = { label, votes: shortVotes(units), round };
  const enough = shortVotes(needed);
  const said = {
    quota: line("{label}: seat in round {round}, votes: {votes} (enough: {needed}).", {
      ...named, needed: enough,
    }),
    left: line("{label}: seat in round {round}, votes: {votes}; no more were left than seats.", named),
    votes: line("{label}: seat, votes: {votes}.", named),
  }[why];
  return kept ? line("{line} A quota kept the seat for the group.", { line: said }) : said;
}

function sayOutcome(question, { verdict, winners, ranking }) {
  const named = { number: question.number, question: shorten(question.title, 80) };
  const isProposal = ["majority", "consent", "consensus"].includes(question.kind);
  const label = isProposal ? optionLabels(question) : question.labels.map(verbatim);
  const labels = winners.map((place) => label[place - 1]);
  if (question.kind === "budget" && verdict === "won") {
    const left = showAmount(leftAfter(parseTerms(question.method), winners));
    return counted(
      "Poll {number}, “{question}”: {winners} goes in. Left over: {left}.",
      "Poll {number}, “{question}”: {winners} go in. Left over: {left}.",
      labels.length,
      { ...named, winners: labels, left },
    );
  }
  if (question.kind === "choice" || question.kind === "seats") {
    if (verdict === "tie" && ranking.length === 2) return saySecondSeat(question, named, ranking);
    if (verdict === "not approved") {
      const said = "Poll {number}, “{question}”: not approved, no option reached {bar}.";
      return line(said, { ...named, bar: requiredShare(question) });
    }
  }
  switch (verdict) {
    case "approved":
      return line("Proposal {number}, “{question}”: approved.", named);
    case "not approved":
      return line("Proposal {number}, “{question}”: not approved.", named);
    case "tie":
      return line("Poll {number}, “{question}”: tie, {winners}.", { ...named, winners: labels });
    case "won":
      return labels.length > 1
        ? line("Poll {number}, “{question}”: {winners} win.", { ...named, winners: labels })
        : line("Poll {number}, “{question}”: {winner} wins.", { ...named, winner: labels[0] });
    default:
      return isProposal
        ? line("Proposal {number}, “{question}”: not approved, nobody voted.", named)
        : line("Poll {number}, “{question}”, is closed: nobody voted.", named);
  }
}

function saySecondSeat(question, named, ranking) {
  const [having, equal] = ranking.map((group) =>
    group.map((place) => verbatim(question.labels[place - 1])),
  );
  const said = "Poll {number}, “{question}”: {having} won; for {count} more it is a tie, {equal}.";
  return counted(said, said, question.seats - having.length, { ...named, having, equal });
}

function requiredShare({ electorate, threshold }) {
  if (electorate) {
    const count = electorate / 2n + 1n;
    return line("more than half of all possible votes ({count})", { count });
  }
  return verbatim(showShare(threshold ?? { part: 1n, of: 1n }));
}

// Whole percents, small fractions, else rounded percents.
function showShare({ part, of }) {
  if ((part * 100n) % of === 0n) return `${(part * 100n) / of}%`;
  const [a, b] = lowest(part, of);
  if (b <= 20n) return `${a}/${b}`;
  return `${((Number(part) / Number(of)) * 100).toFixed(2).replace(/\.?0+$/, "")}%`;
}

function lowest(part, of) {
  let [a, b] = [part, of];
  while (b) [a, b] = [b, a % b];
  return [part / a, of / a];
}


