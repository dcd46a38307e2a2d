// Which file is to be given, for whoever gave another one.

import { isObject, parseJson, Unreadable } from "./documents.js";
import { line } from "./lines.js";

const TABLE = /^([a-z]{1,20}-[0-9]{1,12})(?: ?\([0-9]{1,3}\))?\.csv$/;
const SIGNED = /^[a-z0-9][a-z0-9-]{0,60}\.json$/;

// What to say of a file that is no result. `name`: of the file that was given, or empty.
export function fileToGive(text, name) {
  const table = TABLE.exec(name);
  const file = table ? `${table[1]}.json` : signedFile(text);
  return file
    ? line("The file to give is {file}: it is on the decision's page, or in the room.", { file })
    : line("The file to give is called like {file}: it is on the decision's page, or in the room.", {
        file: "decision-57.json",
      });
}

// The name of the signed file in what the site says of a decision for machines, or null.
function signedFile(text) {
  const record = readJson(text);
  if (record?.type !== "minga.public" || !Array.isArray(record.files)) return null;
  const signed = record.files.find((file) => isObject(file) && SIGNED.test(String(file.name)));
  return signed?.name ?? null;
}

function readJson(text) {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
