// The signed log of a network's public folder (docs/public_site.md), read as `minga verify-folder`
// reads it.

import * as doc from "./documents.js";
import { CannotRead } from "./given_files.js";
import { line } from "./lines.js";
import { pause } from "./pauses.js";

export const HEAD_FILE = "head.json";
const COPY_FILE = "copy.json";
export const LOG_FOLDER = "log/";
const [LARGEST_HEAD, LARGEST_LINE, LARGEST_COPY] = [64 * 1024, 256 * 1024, 16 * 2 ** 20];
const SEGMENT_ENTRIES = 500;
const MOST_PATHS = 2_000_000;
const MOST_IN_ENTRY = 200;
const LONGEST_PATH = 120;
const NO_HASH = "0".repeat(64);
const SEGMENT_NAME = /^[0-9]{6}\.jsonl$/;
const PATH = /^(?:[a-z0-9]{1,20}\/){0,2}[a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9]{1,5}){1,2}$/;
const SEQ = doc.countWithin(1, Number.MAX_SAFE_INTEGER);
const PATH_TEXT = doc.textWithin(0, LONGEST_PATH);
const HASHES = doc.mapOf(PATH_TEXT, doc.matching(/^([0-9a-f]{64})?$/));

const ENTRY = doc.signedObject("minga.public-log", {
  seq: SEQ,
  at: doc.count,
  previous: doc.hash,
  changes: doc.preset(
    doc.listOf(
      doc.object({
        number: doc.count,
        kind: doc.oneOf("decision", "event", "text", "data", "announcement"),
        what: doc.oneOf("published", "changed", "withdrawn"),
      }),
      MOST_IN_ENTRY,
    ),
    [],
  ),
  files: (value) => {
    const found = HASHES(value);
    if (Object.keys(found).length > MOST_IN_ENTRY) throw new doc.Unreadable();
    return found;
  },
});
const HEAD = doc.signedObject("minga.public-head", {
  seq: SEQ,
  entry: doc.hash,
  at: doc.count,
  key: doc.text,
  certificate: doc.anything,
});
const COPY = doc.signedObject("minga.public-copy", {
  entry: doc.hash,
  holds: doc.listOf(PATH_TEXT, 100_000),
});

// The log is not what the bot wrote. `said`: where and why.
export class BrokenLog extends Error {
  constructor(id, values) {
    super(id);
    this.said = line(id, values);
  }
}

// Whether the log tells the hash of a file at this path.
export function isLogged(path) {
  return path !== HEAD_FILE && path !== COPY_FILE && !path.startsWith(LOG_FOLDER);
}

function segment(number) {
  const part = Math.floor((number - 1) / SEGMENT_ENTRIES) + 1;
  return `${LOG_FOLDER}${String(part).padStart(6, "0")}.jsonl`;
}

// --- the two small files ---------------------------------------------------------------------------

// The signed end of a log. Throws `BrokenLog` unless its key is vouched for.
export async function readHead(file) {
  const [name, isVouched] = [HEAD_FILE, ({ certificate, key }) => doc.isCertified(certificate, key)];
  try {
    const head = HEAD(await parseFile(file, LARGEST_HEAD));
    const [fits, vouched] = [await doc.isSigned(head, head.key), await isVouched(head)];
    if (!fits) throw new BrokenLog("{file}: its signature does not fit.", { file: name });
    if (!vouched) {
      throw new BrokenLog("{file}: no bot's identity vouches for its key.", { file: name });
    }
    return head;
  } catch (error) {
    throw asBroken(error, "{file} can't be read, or it is none of mine.", { file: name });
  }
}

// Which files are in this copy of the site, or null if it says nothing of this end of the log.
export async function readCopy(files, head) {
  const file = files.get(COPY_FILE);
  if (file === undefined) return null;
  const said = { file: COPY_FILE };
  try {
    const copy = COPY(await parseFile(file, LARGEST_COPY));
    if (!(await doc.isSigned(copy, head.key))) {
      throw new BrokenLog("{file}: its signature does not fit.", said);
    }
    return copy.entry === head.entry ? new Set(copy.holds) : null;
  } catch (error) {
    throw asBroken(error, "{file} can't be read, or it is none of mine.", said);
  }
}

function asBroken(error, id, values) {
  const isUnread = error instanceof doc.Unreadable || error instanceof CannotRead;
  return isUnread ? new BrokenLog(id, values) : error;
}

async function parseFile(file, largest) {
  if (file === undefined || file.size > largest) throw new CannotRead();
  return doc.parseJson(decode(await file.bytes()));
}

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new doc.Unreadable(); // not UTF-8
    throw error;
  }
}

// --- the log ---------------------------------------------------------------------------------------

// What the log says: `files`, the hash of each that lies there now; `kinds` of what is public, by
// number; `withdrawn`; its `end`; when it was `begun`; the hash of the entry `sought`.
export async function readLog(files, key, sought = 0) {
  const state = {
    files: new Map(),
    kinds: new Map(),
    withdrawn: new Set(),
    end: { seq: 0, hash: NO_HASH, at: 0 },
    begun: 0,
    sought: "",
  };
  for await (const [place, written] of logLines(files)) {
    const entry = parseEntry(written, place);
    await checkEntry(entry, state.end, place, key);
    state.begun = state.begun || entry.at;
    state.end = { seq: entry.seq, hash: await doc.hashOf(entry), at: entry.at };
    if (entry.seq === sought) state.sought = state.end.hash;
    takeIn(state, entry);
    await pause();
  }
  return state;
}

// The number that each entry must have, and its bytes.
async function* logLines(files) {
  const below = [...files.keys()].filter((path) => path.startsWith(LOG_FOLDER));
  const names = new Set(below.map((path) => path.slice(LOG_FOLDER.length).split("/")[0]));
  let number = 0;
  for (const name of [...names].sort()) {
    const path = LOG_FOLDER + name;
    if (!SEGMENT_NAME.test(name) || segment(number + 1) !== path || !files.has(path)) {
      throw new BrokenLog("log/{file} is not what follows in the log.", { file: shown(name) });
    }
    const bytes = await readSegment(files.get(path), name);
    for (let begin = 0, end = 0; begin < bytes.length; begin = end) {
      end = bytes.indexOf(10, begin) + 1;
      number += 1;
      if (!end || end - begin > LARGEST_LINE || segment(number) !== path) {
        throw new BrokenLog("The log is cut or glued at entry {number}.", { number });
      }
      yield [number, bytes.subarray(begin, end)];
    }
  }
}

async function readSegment(file, name) {
  try {
    if (file.size > SEGMENT_ENTRIES * LARGEST_LINE) throw new CannotRead();
    return await file.bytes();
  } catch (error) {
    throw asBroken(error, "log/{file} can't be read.", { file: shown(name) });
  }
}

function parseEntry(written, number) {
  const entry = readEntry(written, number);
  const paths = Object.keys(entry.files);
  if (!paths.every((path) => PATH.test(path) && isLogged(path))) {
    throw new BrokenLog("Entry {number} names a path that no site has.", { number });
  }
  return entry;
}

function readEntry(written, number) {
  try {
    return ENTRY(doc.parseJson(decode(written)));
  } catch (error) {
    throw asBroken(error, "Entry {number} of the log can't be read.", { number });
  }
}

async function checkEntry(entry, end, number, key) {
  if (!(await doc.isSigned(entry, key))) {
    throw new BrokenLog("Entry {number} is not signed with the key of the head.", { number });
  }
  if (entry.seq !== number) {
    const said = "Where entry {number} must be stands {other}.";
    throw new BrokenLog(said, { number, other: entry.seq });
  }
  if (entry.previous !== end.hash || entry.at < end.at) {
    throw new BrokenLog("Entry {number} does not follow on the one before it.", { number });
  }
}

function takeIn(state, entry) {
  for (const [path, found] of Object.entries(entry.files)) {
    if (found) state.files.set(path, found);
    else state.files.delete(path);
  }
  if (state.files.size > MOST_PATHS) {
    throw new BrokenLog("The log names more files than any site has.");
  }
  for (const { number, kind, what } of entry.changes) {
    if (what === "withdrawn") {
      state.withdrawn.add(number);
      state.kinds.delete(number);
    } else {
      state.kinds.set(number, kind);
      state.withdrawn.delete(number);
    }
  }
}

// A name from somebody's disk as it can be shown.
export function shown(name) {
  return name.slice(0, 200);
}
