// The file of a decision of several networks: every word signed, and what follows from all.
// As commands/joint_decisions/proof_check.py, with the same sentences.

import { Unreadable } from "./documents.js";
import { workOutStatement } from "./joint_statement.js";
import { describeStatement, namesOf } from "./joint_texts.js";
import { hashStatement, isGenuine, KINDS, readBody, readProof } from "./joint_words.js";
import { line, oneLine, verbatim } from "./lines.js";

// The parts of a report. Throws `Unreadable` for what is no such file.
export async function inspectProof(given) {
  const { terms, words } = await readProof(given);
  const head = line("Joint decision: {title}", { title: verbatim(oneLine(terms.title)) });
  const known = await findFaults(terms, words);
  if (known.bad.length) return { head, bad: known.bad };
  return {
    head,
    isTrue: true,
    said: describeStatement(terms, known.found, known.said),
    fine: [
      line("Every word in it is signed by its network, and none said two things."),
      line("Every word is about the terms in the file, and who counts had agreed to them."),
      line("The result follows from the words; whoever signed it signed this one."),
    ],
    beyond: comparisonLines(terms, known.said.final),
  };
}

async function findFaults(terms, words) {
  const bad = [];
  const names = namesOf(terms);
  const seen = new Set();
  for (const one of words) {
    const network = names.get(one.network);
    const isKnown = network !== undefined && KINDS.includes(one.kind) && one.id === terms.id;
    if (!isKnown || (one.kind === "open" && one.network !== terms.proposer)) {
      bad.push(line("Something in it is not of this decision."));
      return { bad };
    }
    if (!(await isGenuine(one))) {
      bad.push(line("{network}: its signature does not fit, something was changed.", { network }));
    }
    const place = `${one.network} ${one.kind}`;
    if (seen.has(place)) {
      bad.push(line("{network}: said two things where one counts.", { network }));
    }
    seen.add(place);
  }
  return { bad, ...(await findContradictions(terms, words, names, bad)) };
}

// Adds what contradicts the terms or the statement to `bad`; returns the statement and the words.
async function findContradictions(terms, words, names, bad) {
  const said = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));
  const bodies = [];
  let found = null;
  try {
    bodies.push(...words.map(readBody));
    words.forEach((one, at) => said[one.kind].set(one.network, bodies[at]));
    found = await workOutStatement(terms, said);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    bad.push(line("Something in it can't be read."));
    return {};
  }
  if (bodies.some((one) => (one.terms ?? terms.hash) !== terms.hash)) {
    bad.push(line("Somebody signed other terms than those in the file."));
  }
  for (const { key } of found.parts) {
    if (said.sign.get(key)?.answer !== "yes") {
      const network = names.get(key);
      bad.push(line("{network}: counted without having agreed to the terms.", { network }));
    }
  }
  const expected = await hashStatement(found);
  const finals = words.filter((one) => one.kind === "final");
  for (const one of finals) {
    if (one.body.statement !== expected) {
      const network = names.get(one.network);
      bad.push(line("{network}: signed another result than what comes of the words.", { network }));
    }
  }
  if (!finals.length) bad.push(line("Nobody has signed the result yet."));
  return { found, said };
}

function comparisonLines(terms, finals) {
  const names = namesOf(terms);
  const signed = terms.keys.filter((key) => finals.has(key)).map((key) => names.get(key));
  return [
    line("This result is signed by: {names}", { names: signed }),
    line("Compare with the rooms: the key of each network stands in its bot's `!status`:"),
    ...terms.keys.map((key) => line("- {network}: {key}", { network: names.get(key), key })),
    line("It cannot tell whether somebody is a member of two networks."),
    line("It has no receipts: yours is for the file of your own network's vote."),
  ];
}
