// What one person holds against the result file of a secret ballot: receipt, place on the roll,
// opening, state of the log, or another copy.

import { questionOf } from "./ballots.js";
import * as doc from "./documents.js";
import { ask, bad, fine, gone } from "./findings.js";
import { line } from "./lines.js";
import { describeBallot } from "./outcomes.js";
import { hidesCounts, isByOrganisations } from "./secret.js";
import { isIncluded, listHeads } from "./trees.js";

export async function checkEvidence(bundle, held) {
  const poll = held.type === "minga.result-file" ? held.manifest.poll : held.poll;
  if (poll !== bundle.manifest.poll) {
    return [bad(line("What you gave me belongs to another vote, not to this file."))];
  }
  switch (held.type) {
    case "minga.receipt":
      return checkReceipt(bundle, held);
    case "minga.head":
      return checkHead(bundle, held);
    case "minga.roll":
      return checkRollProof(bundle, held);
    case "minga.ballot":
      return [
        doc.isSame(held, bundle.manifest)
          ? fine(line("It is the opening that you kept."))
          : bad(line("It is not the opening that you kept: question, rule or voters changed.")),
      ];
    case "minga.result-file":
      return checkCopy(bundle, held);
  }
}

async function checkReceipt(bundle, held) {
  const { manifest } = bundle;
  if (!(await doc.isSigned(held, manifest.key))) {
    return [bad(line("The receipt was not signed by this bot, or was changed."))];
  }
  if (held.manifest !== (await doc.hashOf(manifest))) {
    const said = "Your receipt was given under another opening: question, rule or voters changed.";
    return [bad(line(said))];
  }
  if (held.tracker !== (await makeTracker(held, 0))) {
    const said = "The code of your receipt is not made of its words: it is another's vote.";
    return [bad(line(said))];
  }
  const { poll, tracker, choice, secret, units } = held;
  const commitment =
    units === undefined
      ? await doc.hashParts("c1", poll, tracker, choice, secret)
      : await doc.hashParts("c2", poll, tracker, choice, secret, units);
  if (!(await isLogged(bundle, held, commitment))) {
    const said = "The log was changed after you got the receipt: your vote is in it no more.";
    return [bad(line(said))];
  }
  const words = line("It was made with these words: “{words}”. Are they yours?", {
    words: held.words,
  });
  return [...(await checkCounted(bundle, held, commitment)), ask(words)];
}

// The code of a unit of the vote; that of the first is the receipt's own.
async function makeTracker({ poll, words, secret }, unit) {
  const own = unit ? (await doc.hashParts("unit1", secret, unit)).slice(0, 32) : secret;
  const bytes = doc.fromHex(await doc.hashParts("trk1", poll, words, own)).slice(0, 10);
  const bits = Array.from(bytes, (one) => one.toString(2).padStart(8, "0")).join("");
  const letters = bits.match(/.{5}/g).map((five) => parseInt(five, 2));
  return letters.map((n) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[n]).join("");
}

// Whether the log leads to the receipt's head with this vote as its row.
async function isLogged({ manifest, log }, held, commitment) {
  const rows = (await listHeads(manifest.poll, log)).indexOf(held.head);
  if (rows <= 0 || (held.rows !== undefined && held.rows !== rows)) return false;
  return doc.isSame(log[rows - 1].slice(1, 3), ["accepted", commitment]);
}

async function checkCounted(bundle, held, commitment) {
  const removals = bundle.log.filter(([, kind]) => kind === "replaced" || kind === "withdrawn");
  const later = removals.filter(([, , what]) => what === commitment).pop();
  if (later) {
    const again = isByOrganisations(bundle.manifest)
      ? line("By the log your organisation voted again, by you or who speaks for it now.")
      : line("By the log you voted again after this receipt.");
    const said = later[1] === "replaced" ? again : line("By the log you took this vote back.");
    const next = line("Did you not? Then show this receipt to others: it proves that you voted.");
    return [gone(said), ask(next)];
  }
  if (hidesCounts(bundle)) {
    return [fine(line("Your vote is in the log. The board is not published: too few voted."))];
  }
  return checkOnBoard(bundle, held);
}

// Each unit of the vote must be on the board as it was cast.
async function checkOnBoard({ manifest, board }, held) {
  const entries = new Map(board);
  const units = Array.from({ length: held.units ?? 1 }, (_none, unit) => makeTracker(held, unit));
  const trackers = await Promise.all(units);
  const dropped = trackers.find((one) => !entries.has(one));
  const changed = trackers.find((one) => entries.get(one) !== held.choice);
  if (dropped !== undefined) {
    const said = "Your vote {tracker} is not on the board: it was dropped.";
    return [bad(line(said, { tracker: dropped }))];
  }
  if (changed !== undefined) {
    return [bad(line("Your vote {tracker} was changed on the board.", { tracker: changed }))];
  }
  const choice = describeBallot(questionOf(manifest), held.choice);
  const said = "Your vote {tracker} was counted as you cast it: {choice}.";
  const found = [fine(line(said, { tracker: held.tracker, choice }))];
  if (trackers.length > 1) {
    const count = trackers.length;
    found.push(fine(line("It stands on {count} lines of the board, as its weight.", { count })));
  }
  return found;
}

async function checkHead({ manifest, log }, held) {
  const moment = new Date(held.at * 1000);
  if (!(await doc.isSigned(held, manifest.key))) {
    const said = "The state of the log that you gave me was not signed by this bot.";
    return [bad(line(said))];
  }
  const heads = await listHeads(manifest.poll, log.slice(0, held.rows));
  const isThere = held.rows <= log.length && heads[held.rows] === held.head;
  if (held.manifest !== (await doc.hashOf(manifest)) || !isThere) {
    return [bad(line("On {moment} the log was another: it was changed since.", { moment }))];
  }
  return [fine(line("The log still holds what it held on {moment}.", { moment }))];
}

async function checkRollProof({ manifest, result }, held) {
  const { poll, salt, person, weight } = held;
  const leaf = await (weight === undefined
    ? doc.hashParts("roll1", poll, salt, person)
    : doc.hashParts("roll2", poll, salt, person, weight));
  const path = held.path.map(doc.fromHex);
  const size = manifest.roll_size;
  if (!(await isIncluded(doc.fromHex(leaf), held.index, size, path, manifest.roll_root))) {
    const said = "You are not among the voters of this file: the list was changed.";
    return [bad(line(said))];
  }
  const voter = "“{name}” is among those who could vote, with the weight {weight}.";
  const found = [
    weight === undefined
      ? fine(line("You are among those who could vote."))
      : fine(line(voter, { name: person, weight })),
  ];
  if (manifest.turnout !== "names") return found;
  return [
    ...found,
    result.names.includes(leaf)
      ? ask(line("The file says that you voted. Did you not? Then show this to others."))
      : ask(line("The file says that you did not vote. Did you? Then show your receipt.")),
  ];
}

async function checkCopy(bundle, held) {
  const parts = ({ result, board, log }) => [result, board, log];
  if (doc.isSame(parts(bundle), parts(held))) return [fine(line("Both files say the same."))];
  return (await doc.isSigned(held.result, bundle.manifest.key))
    ? [bad(line("The bot signed two different results: it told people different things."))]
    : [bad(line("The other file is not the same, and this bot did not sign it."))];
}
