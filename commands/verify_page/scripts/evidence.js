// What one person holds against the result file of a secret ballot: receipt, place on the roll,
// opening, state of the log, or another copy.

import { questionOf } from "./ballots.js";
import * as doc from "./documents.js";
import { ask, bad, fine, gone } from "./findings.js";
import { line } from "./lines.js";
import { describeBallot } from "./outcomes.js";
import { hidesCounts } from "./secret.js";
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
  if (held.tracker !== (await makeTracker(held))) {
    const said = "The code of your receipt is not made of its words: it is another's vote.";
    return [bad(line(said))];
  }
  const { poll, tracker, choice, secret } = held;
  const commitment = await doc.hashParts("c1", poll, tracker, choice, secret);
  if (!(await isLogged(bundle, held, commitment))) {
    const said = "The log was changed after you got the receipt: your vote is in it no more.";
    return [bad(line(said))];
  }
  const words = line("It was made with these words: “{words}”. Are they yours?", {
    words: held.words,
  });
  return [...checkCounted(bundle, held, commitment), ask(words)];
}

async function makeTracker({ poll, words, secret }) {
  const bytes = doc.fromHex(await doc.hashParts("trk1", poll, words, secret)).slice(0, 10);
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

function checkCounted(bundle, held, commitment) {
  const removals = bundle.log.filter(([, kind]) => kind === "replaced" || kind === "withdrawn");
  const later = removals.filter(([, , what]) => what === commitment).pop();
  const { tracker } = held;
  if (later) {
    const said =
      later[1] === "replaced"
        ? line("By the log you voted again after this receipt.")
        : line("By the log you took this vote back.");
    const next = line("Did you not? Then show this receipt to others: it proves that you voted.");
    return [gone(said), ask(next)];
  }
  if (hidesCounts(bundle)) {
    return [fine(line("Your vote is in the log. The board is not published: too few voted."))];
  }
  const entry = bundle.board.filter(([one]) => one === tracker).pop();
  if (entry === undefined) {
    return [bad(line("Your vote {tracker} is not on the board: it was dropped.", { tracker }))];
  }
  if (entry[1] !== held.choice) {
    return [bad(line("Your vote {tracker} was changed on the board.", { tracker }))];
  }
  const choice = describeBallot(questionOf(bundle.manifest), held.choice);
  const said = "Your vote {tracker} was counted as you cast it: {choice}.";
  return [fine(line(said, { tracker, choice }))];
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
  const leaf = await doc.hashParts("roll1", held.poll, held.salt, held.person);
  const path = held.path.map(doc.fromHex);
  const size = manifest.roll_size;
  if (!(await isIncluded(doc.fromHex(leaf), held.index, size, path, manifest.roll_root))) {
    const said = "You are not among the voters of this file: the list was changed.";
    return [bad(line(said))];
  }
  const found = [fine(line("You are among those who could vote."))];
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
