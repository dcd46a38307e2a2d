// A network's public folder held against its log, and against an earlier end of it: the same
// sentences as `minga verify-folder` says.

import * as doc from "./documents.js";
import { CannotRead, fileOf, rootedAt } from "./given_files.js";
import { line } from "./lines.js";
import { pause } from "./pauses.js";
import {
  BrokenLog, HEAD_FILE, isLogged, LOG_FOLDER, readCopy, readHead, readLog, shown,
} from "./site_log.js";
import { isZip, readZip } from "./zip_files.js";

export const KEEP_HEAD = "Keep head.json: later, `--earlier` shows whether the past was rewritten.";
const MOST_NAMED = 20;
const LARGEST_FILE = 256 * 2 ** 20;
// So much is hashed at once: many small files, or one large one.
const [MOST_AT_ONCE, BYTES_AT_ONCE] = [16, 8 * 2 ** 20];
// Names as browsers save them: “head (1).json”.
const AGAIN = / ?\([0-9]{1,3}\)(?=\.)/;
const SEGMENT_NAME = /^[0-9]{6}\.jsonl$/;

// Returns {isTrue, wrong, said, beyond, files, kinds}, or {unreadable}: lists of lines; `files` that
// are right, by path. `given`: blobs by path; of one that is a ZIP archive, what is in it.
// `earlier`: a head.json that was kept, or an archive with one. `tell(done, count)`: of the files.
export async function checkGiven(given, earlier = null, tell = () => undefined) {
  try {
    const files = await openGiven(given);
    const before = earlier && (await openEarlier(earlier));
    const isLoose = [...files.keys()].every((path) => !path.includes("/"));
    return isLoose
      ? await checkFolder(placeByName(files), before, tell, looseFaults)
      : await checkFolder(rootedAt(HEAD_FILE, files), before, tell, folderFaults);
  } catch (error) {
    if (error instanceof CannotRead && error.said) return { unreadable: [error.said] };
    throw error;
  }
}

async function openGiven(given) {
  const [only] = given.values();
  if (given.size === 1 && (await isZip(only))) return readZip(only);
  return new Map([...given].map(([path, blob]) => [path, fileOf(blob)]));
}

async function openEarlier(blob) {
  if (!(await isZip(blob))) return fileOf(blob);
  return rootedAt(HEAD_FILE, await readZip(blob)).get(HEAD_FILE);
}

// Where files lie that were chosen one by one: the others are known by what is in them.
function placeByName(files) {
  const place = (name) => (SEGMENT_NAME.test(name) ? LOG_FOLDER + name : name);
  return new Map([...files].map(([name, file]) => [place(name.replace(AGAIN, "")), file]));
}

async function checkFolder(files, earlier, tell, faultsOf) {
  try {
    const before = earlier && (await readHead(earlier));
    const head = await readHead(files.get(HEAD_FILE));
    if (before && before.key !== head.key) {
      throw new BrokenLog("The earlier head was signed with another key: {key}", { key: before.key });
    }
    const state = await readLog(files, head.key, before?.seq);
    const held = await readCopy(files, head);
    const found = await faultsOf(files, state.files, held, tell);
    const wrong = [...endFaults(state, head, before), ...found.wrong];
    return wrong.length ? refusal(wrong) : report(state, head, found, before);
  } catch (error) {
    if (error instanceof BrokenLog) return refusal([error.said]);
    throw error;
  }
}

function endFaults({ end, sought }, head, before) {
  const wrong = [];
  if (end.seq !== head.seq || end.hash !== head.entry) {
    const said = "The log ends with entry {found}, but its head names entry {number}.";
    wrong.push(line(said, { found: end.seq, number: head.seq }));
  }
  if (before && before.seq > end.seq) {
    const said = "The earlier head names entry {number}; this log ends with {found}: rolled back.";
    wrong.push(line(said, { number: before.seq, found: end.seq }));
  } else if (before && before.entry !== (sought || end.hash)) {
    const said = "Entry {number} was another one in the earlier head.";
    wrong.push(line(said, { number: before.seq }));
  }
  return wrong;
}

// --- the files -------------------------------------------------------------------------------------

// What is wrong with the files of a folder: changed, added or missing ones; and how many are left out
// of a copy.
async function folderFaults(files, logged, held, tell) {
  const right = new Map();
  const wrong = [];
  for await (const [path, file, found] of hashes(inOrder(files), (one) => logged.has(one), tell)) {
    if (!logged.has(path)) {
      wrong.push(line("{file} was added: the log does not know it.", { file: shown(path) }));
    } else if (found === null) {
      wrong.push(line("{file} can't be read, or it is too large.", { file: path }));
    } else if (found !== logged.get(path)) {
      wrong.push(line("{file} was changed: it is not what the log says.", { file: path }));
    } else {
      right.set(path, file);
    }
  }
  const gone = [...logged.keys()].filter((path) => !files.has(path)).sort();
  const missing = held === null ? gone : gone.filter((path) => held.has(path));
  wrong.push(...missing.map((file) => line("{file} is missing.", { file })));
  return { wrong, right, leftOut: gone.length - missing.length, isLoose: false };
}

// What is wrong with files without their folder: those that are none of the site.
async function looseFaults(files, logged, _held, tell) {
  const right = new Map();
  const wrong = [];
  const paths = new Map([...logged].map(([path, hash]) => [hash, path]));
  for await (const [name, file, found] of hashes(inOrder(files), () => true, tell)) {
    if (paths.has(found)) right.set(paths.get(found), file);
    else {
      const said = "{file} was changed, or it is none of this site: the log has none like it.";
      wrong.push(line(said, { file: shown(name) }));
    }
  }
  return { wrong, right, leftOut: logged.size - right.size, isLoose: true };
}

// Yields path, file and hash of each, some at a time; null for what can't be read or is not wanted.
async function* hashes(files, isWanted, tell) {
  for (let begin = 0, end = 0; begin < files.length; begin = end) {
    for (let bytes = 0; end < files.length && end - begin < MOST_AT_ONCE; end += 1) {
      bytes += files[end][1].size;
      if (bytes > BYTES_AT_ONCE && end > begin) break;
    }
    const some = files.slice(begin, end);
    const hashOf = ([path, file]) => (isWanted(path) ? hashFile(file) : null);
    const found = await Promise.all(some.map(hashOf));
    yield* some.map(([path, file], at) => [path, file, found[at]]);
    tell(end, files.length);
    await pause();
  }
}

async function hashFile(file) {
  if (file.size > LARGEST_FILE) return null;
  try {
    return doc.toHex(await doc.sha256(await file.bytes()));
  } catch (error) {
    if (error instanceof CannotRead) return null;
    throw error;
  }
}

// Those that the log tells of, in the order of a walk through the folder: by the names at each level.
function inOrder(files) {
  const there = [...files].filter(([path]) => isLogged(path));
  const keyed = there.map((one) => [one[0].replaceAll("/", "\u0000"), one]);
  keyed.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return keyed.map(([, one]) => one);
}

// --- what is said ----------------------------------------------------------------------------------

function refusal(wrong) {
  return { isTrue: false, wrong, said: [], beyond: [], files: new Map(), kinds: new Map() };
}

function report(state, head, { right, leftOut, isLoose }, before) {
  const { kinds, withdrawn } = state;
  const decisions = [...kinds.values()].filter((kind) => kind === "decision").length;
  const left = isLoose
    ? "Files of the site that you did not give me: {count}"
    : "Not in this copy, as the bot says that made it: {count}";
  const said = [
    line("Files that are what the log says: {count}", { count: right.size }),
    ...(leftOut ? [line(left, { count: leftOut })] : []),
    line("Entries of the log, each signed: {count}, from {first} to {last}", {
      count: state.end.seq,
      first: moment(state.begun),
      last: moment(head.at),
    }),
    line("Public: {count}, taken back: {withdrawn}", {
      count: kinds.size,
      withdrawn: withdrawn.size,
    }),
    line("Decisions among what is public: {count}", { count: decisions }),
    before
      ? line("The earlier head stands in the log: nothing before it was rewritten.")
      : line(KEEP_HEAD),
  ];
  const code = head.entry.slice(0, 20).toUpperCase().match(/.{4}/g).join(" ");
  const bot = String(head.certificate.user_id ?? "?");
  const beyond = [
    line("Compare with what others have, so that nobody was shown another folder:"),
    line("- entry {number}: {code}", { number: head.seq, code }),
    line("- the key in {bot}'s `!status`: {key}", { bot, key: head.key }),
  ];
  return { isTrue: true, wrong: [], said, beyond, files: right, kinds, isLoose };
}

function moment(at) {
  return new Date(Math.min(at, 2 ** 37) * 1000);
}

// Those of the faults that are named one by one, and how many more there are.
export function namedFaults(wrong) {
  const more = wrong.length - MOST_NAMED;
  return [
    ...wrong.slice(0, MOST_NAMED),
    ...(more > 0 ? [line("and others: {count}", { count: more })] : []),
  ];
}

// The report as the lines that `minga verify-folder` prints.
export function asFolderLines(report) {
  if (report.unreadable) return report.unreadable;
  const listed = (lines) => lines.map((finding) => line("- {finding}", { finding }));
  if (!report.isTrue) {
    return [line("DO NOT TRUST THIS FOLDER:"), ...listed(namedFaults(report.wrong))];
  }
  return [
    line("The folder is as the network wrote it:"),
    ...listed(report.said),
    ...report.beyond,
  ];
}
