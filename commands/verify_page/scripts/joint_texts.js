// The result of a joint decision in words, as the rooms read it.

import { counted, line, oneLine } from "./lines.js";
import { countTurnout, firstOptions, leaders, rankOptions } from "./joint_statement.js";
import { ABSTAIN, AGAINST, ASIDE, BLOCK, decodeBits, FOR } from "./joint_words.js";

const STATES = {
  silent: "{network}: no answer in time",
  quit: "{network}: called its vote off, so it has no result",
  sealed: "{network}: sealed a result and did not open it",
  altered: "{network}: opened another result than it had sealed, so it is refused",
  impossible: "{network}: opened a result that can't be true, so it is refused",
  late: "{network}: opened its result too late, so it is refused",
  withheld: "{network}: too few voted to give their sums, so nothing of it counts",
  told: "{network}: gave the sums of too few people, against the terms, so it is refused",
};
const OUTCOMES = { [FOR]: "approved", [AGAINST]: "not approved" };
const STANCES = {
  [FOR]: "for", [AGAINST]: "against", [ABSTAIN]: "abstain", [ASIDE]: "stood aside", [BLOCK]: "blocks",
};
const NAMES_SHOWN = 5; // the rest is counted
const ON_ONE_LINE = 100; // letters of all options that still stand on one line

export function namesOf(terms) {
  return new Map(terms.networks.map((one) => [one.key, oneLine(one.name)]));
}

// Who was left out, who was counted in: whose doing it is.
export function describeStatement(terms, found, said) {
  const part = new Set(found.parts.map((one) => one.key));
  return [
    describeOutcome(terms, found),
    ...countLines(terms, found),
    ...found.parts.map((one) => partLine(terms, one)),
    ...exclusionLines(terms, said.sign, part),
    ...introducedLines(terms, said.introduced, part),
  ];
}

function describeOutcome(terms, found) {
  const { outcome, counts } = found;
  if (outcome === "none") return noDecisionLine(terms, found);
  if (outcome === "disputed") {
    return line("disputed: one network's result is missing or came late, as the other says, and of two nobody else can tell. Nothing is decided; ask them, and propose it anew");
  }
  if (outcome === AGAINST && counts[BLOCK]) {
    return counted("not approved, {count} block", "not approved, {count} blocks", counts[BLOCK]);
  }
  if (Object.hasOwn(OUTCOMES, outcome)) return line(OUTCOMES[outcome]);
  const first = firstOptions(terms, counts).map((choice) => label(terms, choice));
  if (outcome === "tie") return line("tie, {winners}", { winners: first });
  return line("{winner} wins", { winner: first[0] });
}

function noDecisionLine(terms, found) {
  const results = resultsOf(found);
  if (results.length < terms.least) return line("no quorum: too few networks have a result");
  const came = countTurnout(terms, results);
  if (came.turnout < came.needed) {
    return line("no quorum: {turnout} of {roll} voted; {needed} were needed", came);
  }
  return terms.options.length
    ? line("nothing wins: there are no votes")
    : line("nothing is decided: there are no votes");
}

function resultsOf(found) {
  return found.parts.flatMap((one) => one.result ?? []);
}

function label(terms, choice) {
  return oneLine(terms.options[Number(choice) - 1]);
}

function isShort({ options }) {
  return options.reduce((all, one) => all + [...one].length + 6, 0) <= ON_ONE_LINE;
}

// What each option has of all that counts.
function countLines(terms, found) {
  if (!terms.options.length || !resultsOf(found).length || found.outcome === "disputed") return [];
  if (terms.method === "ranked") return orderLines(terms, found.counts);
  const together = terms.method === "choice" ? "All together:" : "All points together:";
  const head = terms.count === "networks" ? "Networks for each option:" : together;
  return [line(head), ...optionLines(terms, found.counts)];
}

function optionLines(terms, votes) {
  return terms.choices.map((choice) =>
    line("{label}: {votes}", { label: label(terms, choice), votes: votes[choice] }),
  );
}

function orderLines(terms, counts) {
  const shown = (place) => (isShort(terms) ? label(terms, place) : String(place));
  const ranking = rankOptions(terms, counts);
  const order = ranking.map((group) => group.map(shown).join(" = ")).join(" > ");
  const [first, ...others] = ranking.flat();
  const pairs = others.map((other) =>
    line("{votes} : {other_votes} {label}", {
      votes: counts[`${first}>${other}`],
      other_votes: counts[`${other}>${first}`],
      label: shown(other),
    }),
  );
  return [
    line("In order: {order}", { order }),
    line("Two by two: {option} {pairs}", { option: shown(first), pairs }),
  ];
}

function partLine(terms, one) {
  const network = oneLine(one.name);
  const { result } = one;
  if (!result) return line(STATES[one.state], { network });
  const { turnout, roll, counts } = result;
  if (terms.method === "ranked") {
    const said = "{network}: {turnout} of {roll} voted; its sums stand in the file";
    return line(said, { network, turnout, roll });
  }
  const came = { network, turnout, roll };
  if (terms.options.length) return optionPartLine(terms, result, came);
  if (terms.rule === "consent") {
    const each = Object.entries(STANCES).map(([stance, name]) =>
      line("{label}: {votes}", { label: line(name), votes: counts[stance] }),
    );
    return line("{network}: {counts}; {turnout} of {roll} voted", { ...came, counts: each });
  }
  const votes = (stance) => counts[stance] ?? 0;
  const said = "{network}: for: {for_}, against: {against}, abstain: {abstain}; {turnout} of {roll} voted";
  const all = { for_: votes(FOR), against: votes(AGAINST), abstain: votes(ABSTAIN) };
  const told = weighed(line(said, { ...came, ...all }), result);
  if (terms.count === "sum") return told;
  if (!result.outcome) return line("{line}. No quorum there or no votes, so no vote", { line: told });
  const option = line(result.outcome === FOR ? "for" : "against");
  return line("{line}. Its vote: {option}", { line: told, option });
}

function optionPartLine(terms, result, came) {
  const each = isShort(terms)
    ? optionLines(terms, result.counts)
    : terms.choices.map((n) => line("{n}: {votes}", { n, votes: result.counts[n] }));
  const said = "{network}: {counts}; {turnout} of {roll} voted";
  const told = weighed(line(said, { ...came, counts: each }), result);
  if (terms.count === "sum") return told;
  if (result.outcome) {
    const option = label(terms, result.outcome);
    return line("{line}. Its vote: {option}", { line: told, option });
  }
  return leaders(result.counts).length > 1
    ? line("{line}. A tie there, so no vote", { line: told })
    : line("{line}. Nothing wins there, so no vote", { line: told });
}

// With the sum of votes where some people have several.
function weighed(told, { roll, weight }) {
  if (weight === roll) return told;
  return line("{line}; the {roll} have {weight} votes together", { line: told, roll, weight });
}

// --- who takes part ------------------------------------------------------------------------------

function exclusionLines(terms, signs, part) {
  const names = namesOf(terms);
  const agreed = terms.keys.filter((key) => signs.get(key)?.answer === "yes");
  const out = agreed.filter((key) => !part.has(key));
  const against = terms.keys.filter((key) => part.has(key) && !agreed.includes(key));
  const named = (keys) => ({
    names: firstNames(keys.map((key) => names.get(key))),
    proposer: names.get(terms.proposer),
  });
  const lines = [];
  if (out.length) {
    lines.push(line("{names} had said yes, and {proposer} opened it without them: their votes are not in it.", named(out)));
  }
  if (against.length) {
    lines.push(line("{proposer} counted in {names}, without their yes: they owed no answer.", named(against)));
  }
  return lines;
}

// For each network, whom it knows on the word of others.
function introducedLines(terms, words, part) {
  const names = namesOf(terms);
  return terms.keys.filter((key) => words.has(key)).flatMap((key) =>
    words.get(key).introduced.flatMap((group) => {
      const who = decodeBits(terms.keys, group.who);
      const known = terms.keys.filter((one) => who.has(one) && part.has(one) && one !== key);
      const said = "{network} knows {names} on the word of {introducers}; it compared no code with them.";
      const values = {
        network: names.get(key),
        names: firstNames(known.map((one) => names.get(one))),
        introducers: firstNames(group.by.map((by) => names.get(by) ?? by.slice(0, 8))),
      };
      return known.length ? [line(said, values)] : [];
    }),
  );
}

function firstNames(names) {
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN);
  return more > 0 ? [...shown, line("{count} more", { count: more })] : shown;
}
