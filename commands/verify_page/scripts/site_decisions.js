// The decisions of a folder that holds: which there are, and the signed file of each.

import { isObject, parseJson, Unreadable } from "./documents.js";
import { verbatim } from "./lines.js";

const JOINT = /^joint-[0-9a-f]{16}\.json$/;
const SIGNED = /^[a-z0-9][a-z0-9-]{0,60}\.json$/;
const PACKAGE = "datapackage.json";
const RECORD = /^record\/([1-9][0-9]{0,14})\.json$/;

// The numbers of the decisions that are here to be opened, the newest first.
export function decisionNumbers({ files, kinds }) {
  const numbers = [...files.keys()].map((path) => Number(RECORD.exec(path)?.[1]));
  return numbers
    .filter((number) => kinds.get(number) === "decision")
    .sort((one, other) => other - one);
}

// The title of a decision, as a line, and the text of its signed file, or null if that is not here.
export async function openDecision({ files }, number) {
  const record = await readRecord(files.get(`record/${number}.json`));
  const signed = Array.isArray(record?.files) ? record.files.filter(isObject) : [];
  const names = signed.map((file) => String(file.name));
  const name = names.find((one) => SIGNED.test(one) && one !== PACKAGE);
  const path = JOINT.test(name) ? `files/${name}` : `files/${number}/${name}`;
  const file = name === undefined ? undefined : files.get(path);
  return {
    title: verbatim(String(record?.title?.text ?? "").slice(0, 200)),
    text: file === undefined ? null : new TextDecoder().decode(await file.bytes()),
  };
}

async function readRecord(file) {
  try {
    return parseJson(new TextDecoder().decode(await file.bytes()));
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
