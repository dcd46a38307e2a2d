// Checks the result file of a secret ballot from itself alone.

import { computeOutcome, questionOf, quorumNeeded } from "./ballots.js";
import * as doc from "./documents.js";
import { ask, bad, fine, judgeParts } from "./findings.js";
import { counted, line } from "./lines.js";
import { describeOutcome } from "./outcomes.js";
import { sum } from "./profiles.js";
import { translationsFit } from "./translations.js";
import { boardRoot, listHeads } from "./trees.js";

const HOUR = 3600;

export async function inspectBundle(bundle) {
  const hidden = hidesCounts(bundle);
  return judgeParts(
    [
      await checkKey(bundle),
      line("Opening and result were signed with one key, and not changed since."),
    ],
    [await checkLog(bundle), line("The log is whole, and by its hours no vote in it came late.")],
    [
      await checkBoard(bundle),
      hidden ? null : line("The board has as many votes as the log, and each was counted once."),
    ],
    [await checkNames(bundle), null],
    [await checkOutcome(bundle), null],
  );
}

export function hidesCounts({ manifest, result }) {
  if (result.turnout === 0 && result.assemblies?.length) return false;
  const fewest = manifest.min_publish;
  const ofWeights = Object.values(result.voted ?? {});
  const few = result.turnout < fewest || ofWeights.some((count) => count > 0 && count < fewest);
  return few && (manifest.below !== "publish" || result.outcome.verdict === "too few");
}

async function checkKey({ certificate, manifest, result }) {
  const found = [];
  if (!(await doc.isCertified(certificate, manifest.key))) {
    found.push(bad(line("The signing key does not belong to the bot's identity.")));
  }
  if (!(await doc.isSigned(manifest, manifest.key))) {
    found.push(bad(line("The signature under the opening does not fit: it was changed.")));
  }
  if (!(await doc.isSigned(result, manifest.key))) {
    found.push(bad(line("The signature under the result does not fit: it was changed.")));
  }
  if (result.poll !== manifest.poll || result.manifest !== (await doc.hashOf(manifest))) {
    found.push(bad(line("The result belongs to another opening than the one in the file.")));
  }
  if (result.roll_size !== manifest.roll_size) {
    found.push(bad(line("The result names another number of voters than the opening.")));
  }
  const added = { ...manifest.translations, ...result.translations };
  if (!translationsFit(manifest, added, manifest.opens, result.at)) {
    const said = "A translation does not fit what was asked, or came after the end.";
    found.push(bad(line(said)));
  }
  return found;
}

async function checkLog(bundle) {
  const { log, result, manifest } = bundle;
  const found = [];
  const heads = await listHeads(manifest.poll, log);
  if (log.length !== result.rows || heads[heads.length - 1] !== result.head) {
    found.push(bad(line("The log was changed: it does not lead to what the result signed.")));
  }
  const ends = log.length ? [log[0].slice(1, 3), log[log.length - 1].slice(1, 3)] : null;
  const right = [["opened", await doc.hashOf(manifest)], ["closed", result.board_root]];
  if (ends === null || !doc.isSame(ends, right)) {
    found.push(bad(line("The log does not go from this opening to this board.")));
  }
  const ended = ["opened", "closed", "result", "shredded"];
  if (log.slice(1, -1).some(([, kind]) => ended.includes(kind))) {
    found.push(bad(line("The log goes on after the end: a vote was taken late.")));
  }
  const refused = {};
  for (const [, kind, why] of log) if (kind === "refused") refused[why] = (refused[why] ?? 0) + 1;
  if (!doc.isSame(refused, result.excluded)) {
    found.push(bad(line("The result names other refused votes than the log.")));
  }
  const papers = (result.assemblies ?? []).map((one) => hashPaper(result.poll, one));
  const logged = log.filter(([, kind]) => kind === "assembly").map(([, , what]) => what);
  if (!doc.isSame(logged, await Promise.all(papers))) {
    found.push(bad(line("The log names other counts of assemblies than the result.")));
  }
  return [...found, ...checkTimes(bundle), ...checkCommitments(log)];
}

function hashPaper(poll, { people, confirmed, counts }) {
  const told = Object.keys(counts).sort().flatMap((ballot) => [ballot, counts[ballot]]);
  return doc.hashParts("paper1", poll, people, confirmed, ...told);
}

// No vote may be outside the opening and the end in force, nor an extension late.
function checkTimes({ log, manifest }) {
  let closes = manifest.closes;
  let isLate = false;
  for (const [at, kind, what] of log) {
    isLate ||= closes !== undefined && kind !== "opened" && kind !== "closed" && at > closes;
    isLate ||= at < Math.floor(manifest.opens / HOUR) * HOUR;
    if (kind === "extended" && /^[0-9]+$/.test(what)) closes = Number(what);
  }
  return isLate
    ? [bad(line("The log has something from before the opening or after the end."))]
    : [];
}

// Each vote is logged once and removed only while it counts.
function checkCommitments(log) {
  const [seen, counting] = [new Set(), new Set()];
  for (const [, kind, what] of log) {
    if (kind === "accepted" && !seen.has(what)) {
      seen.add(what);
      counting.add(what);
    } else if (kind === "accepted" || kind === "replaced" || kind === "withdrawn") {
      if (kind === "accepted" || !counting.delete(what)) {
        const said = line("The log counts one vote twice, or takes away one that was not there.");
        return [bad(said)];
      }
    }
  }
  return [];
}

async function checkBoard(bundle) {
  const { manifest, result, board, log } = bundle;
  const found = [];
  const logged = (...kinds) => log.filter(([, kind]) => kinds.includes(kind)).length;
  const standing = logged("accepted") - logged("replaced", "withdrawn");
  if (result.turnout !== standing) {
    const said = "By the log {logged} people voted, by the result {counted}.";
    found.push(bad(line(said, { logged: standing, counted: result.turnout })));
  }
  if (result.turnout > result.roll_size) {
    found.push(bad(line("More votes than voters: {count}.", { count: result.turnout })));
  }
  if (!fitsWeights(bundle)) {
    found.push(bad(line("The weights of those who voted are not those of the opening.")));
  }
  if (!(result.assemblies ?? []).every((one) => addsUp(one, manifest))) {
    const said = "The count of an assembly does not add up, or was not confirmed.";
    found.push(bad(line(said)));
  }
  if (hidesCounts({ manifest, result })) {
    if (board.length || Object.keys(result.counts).length || result.reasons.length) {
      const said = "The counts are told although the opening said they would not be.";
      found.push(bad(line(said)));
    }
    return found;
  }
  const isOrdered = board.every(([tracker], at) => at === 0 || isBefore(board[at - 1][0], tracker));
  if (!isOrdered) {
    found.push(bad(line("A vote stands twice on the board, or the board is out of order.")));
  }
  if ((await boardRoot(board)) !== result.board_root || board.length !== unitsOf(result)) {
    found.push(bad(line("The board was changed: it is not the one that was signed.")));
  }
  if (!doc.isSame(countBallots(board), result.counts)) {
    found.push(bad(line("The counts do not fit the board.")));
  }
  return found;
}

// How many lines the board has: one for each vote, or for each unit of its weight.
function unitsOf({ turnout, voted }) {
  if (voted === undefined) return turnout;
  return Object.entries(voted).reduce((all, [weight, n]) => all + Number(weight) * n, 0);
}

// Whether no more voted with a weight than the opening has of it.
function fitsWeights({ manifest, result }) {
  const written = manifest.rule.weights;
  if (written === undefined) return result.voted === undefined;
  const roll = parseWeights(String(written) || `1*${manifest.roll_size}`);
  if (roll === null) return false;
  const voted = Object.entries(result.voted ?? {});
  const total = (numbers) => numbers.reduce((all, n) => all + n, 0);
  return (
    total(Object.values(roll)) === manifest.roll_size &&
    total(voted.map(([, n]) => n)) === result.turnout &&
    voted.every(([weight, n]) => n > 0 && n <= (roll[weight] ?? 0))
  );
}

// How many have which weight, from `1*350 20*9`; null if it is written otherwise.
function parseWeights(written) {
  const parts = written.split(" ").map((part) => /^([1-9][0-9]{0,6})\*([1-9][0-9]{0,5})$/.exec(part));
  if (parts.includes(null)) return null;
  const pairs = parts.map(([, weight, n]) => [Number(weight), Number(n)]);
  const isOrdered = pairs.every(([weight], at) => at === 0 || pairs[at - 1][0] < weight);
  return isOrdered ? Object.fromEntries(pairs) : null;
}

// Whether an assembly counted each paper once, had enough, and others confirmed it.
function addsUp({ people, counts, confirmed }, { min_publish: fewest }) {
  const papers = sum(Object.values(counts).map(BigInt));
  return people >= fewest && confirmed >= 2 && papers === BigInt(people);
}

// Text in the order of its letters' code points, as the bot sorts.
function isBefore(one, other) {
  const [a, b] = [[...one], [...other]];
  const at = a.findIndex((letter, n) => letter !== b[n]);
  if (at === -1) return a.length < b.length;
  return at < b.length && a[at].codePointAt(0) < b[at].codePointAt(0);
}

function countBallots(board) {
  const counts = {};
  for (const [, choice] of board) counts[choice] = (counts[choice] ?? 0) + 1;
  return counts;
}

async function checkNames({ manifest, result, people }) {
  const found = [];
  if (result.names.length !== (manifest.turnout === "names" ? result.turnout : 0)) {
    found.push(bad(line("The file does not name just as many people as voted.")));
  }
  const names = new Set(result.names);
  if (names.size !== result.names.length) {
    found.push(bad(line("Somebody is named twice among those who voted.")));
  }
  const leaves = people.map(([salt, who]) => doc.hashParts("roll1", manifest.poll, salt, who));
  const shown = new Set(await Promise.all(leaves));
  if (![...shown].every((leaf) => names.has(leaf))) {
    found.push(bad(line("The file names people who are not in the signed result.")));
  } else if (shown.size < result.names.length) {
    const said = counted(
      "{count} name was taken out since, at the person's wish.",
      "{count} names were taken out since, at the people's wish.",
      result.names.length - shown.size,
    );
    found.push(ask(said));
  }
  return found;
}

async function checkOutcome(bundle) {
  const { manifest, result, board } = bundle;
  const other = bad(line("By the rule of the opening the outcome is another one."));
  try {
    const question = questionOf(manifest);
    if (hidesCounts(bundle)) {
      return manifest.below === "winner"
        ? checkOutcomeAlone(question, result, other)
        : await checkFew(question, bundle, other);
    }
    question.withdrawn = withdrawnIn(result.outcome);
    const papers = result.assemblies ?? [];
    const counts = addPaper(inBigInts(countBallots(board)), papers);
    const found = await computeOutcome(question, counts, countPresent(manifest, result));
    if (!doc.isSame(found, result.outcome)) return [other];
    return [fine(line("By the rule of the opening the outcome is what the result says."))];
  } catch (error) {
    if (!(error instanceof doc.Unreadable)) throw error;
    return [bad(line("There are votes that the rule of the opening does not allow."))];
  }
}

// These counts and those of the assemblies together.
export function addPaper(counts, papers) {
  const all = { ...counts };
  for (const one of papers) {
    for (const [ballot, n] of Object.entries(one.counts)) {
      all[ballot] = (all[ballot] ?? 0n) + BigInt(n);
    }
  }
  return all;
}

export function isByOrganisations({ rule }) {
  return rule.voters === "organisations";
}

// How many voted, as a quorum counts them: those in assemblies too, if people vote.
function countPresent(manifest, { turnout, assemblies = [] }) {
  const people = isByOrganisations(manifest) ? [] : assemblies.map((one) => BigInt(one.people));
  return BigInt(turnout) + sum(people);
}

export function withdrawnIn(outcome) {
  return Array.isArray(outcome.withdrawn) ? outcome.withdrawn.map(Number) : [];
}

export function inBigInts(counts) {
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, BigInt(n)]));
}

function checkOutcomeAlone(question, result, other) {
  try {
    describeOutcome(question, null, result.outcome);
  } catch (error) {
    if (!(error instanceof doc.Unreadable)) throw error;
    return [other];
  }
  return [ask(line("The outcome is signed, but without the board nobody can count again."))];
}

// The outcome of few votes, which must not depend on how they were cast.
async function checkFew(question, { manifest, result }, other) {
  if (!doc.isSame(await outcomeOfFew(question, manifest, result), result.outcome)) {
    return [other];
  }
  if (result.outcome.verdict === "too few") {
    const said =
      result.turnout < manifest.min_publish
        ? "Fewer than {count} voted, so nothing of how they did is in the file."
        : "Fewer than {count} of one weight voted, so nothing of how is in the file.";
    return [fine(line(said, { count: manifest.min_publish }))];
  }
  const said = "The outcome is the same however these few voted; how is not in the file.";
  return [fine(line(said))];
}

async function outcomeOfFew(question, manifest, result) {
  const present = countPresent(manifest, result);
  if (result.turnout === 0) {
    return computeOutcome(question, addPaper({}, result.assemblies ?? []), present);
  }
  const noQuorum = present < quorumNeeded(question) && manifest.below !== "publish";
  return { verdict: noQuorum ? "no quorum" : "too few", winners: [], ranking: [] };
}
