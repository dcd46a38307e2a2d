// A ZIP archive (PKWARE APPNOTE 6.3) as the files in it. Nothing is unpacked before it is asked for.
// Its checksums are not looked at: what matters in it has a SHA-256 in the signed log.

import { CannotRead, fileOf } from "./given_files.js";
import { line } from "./lines.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const [END_SIZE, ENTRY_SIZE, LOCAL_SIZE] = [22, 46, 30];
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const FOLDER_MARK = "/";
// Entries of an archive without the extension ZIP64, and bytes of all of them unpacked.
const MOST_ENTRIES = 0xfffe;
const MOST_BYTES = 2 ** 30;
// An archive of so many bytes is held in memory: of many small files each read takes its time.
const MOST_HELD = 128 * 2 ** 20;
const NAMES = new TextDecoder();

export async function isZip(blob) {
  const view = await viewOf(inPlace(blob), 0, 4);
  return view.byteLength === 4 && [LOCAL, END].includes(view.getUint32(0, true));
}

// Returns the files by path. Throws `CannotRead`, with what to say.
export async function readZip(blob) {
  const archive = blob.size > MOST_HELD ? inPlace(blob) : await inMemory(blob);
  const end = await findEnd(archive);
  const list = await viewOf(archive, end.begins, end.size);
  const entries = [...listEntries(list, end.count)];
  checkTogether(entries, end.begins);
  const files = new Map();
  for (const entry of entries.filter((one) => !one.name.endsWith(FOLDER_MARK))) {
    if (files.has(entry.name)) {
      const said = "{file} is in the ZIP file twice: two people can unpack two different ones.";
      throw new CannotRead(line(said, { file: entry.name.slice(0, 200) }));
    }
    files.set(entry.name, { size: entry.size, bytes: () => unpack(archive, entry) });
  }
  return files;
}

function broken() {
  return new CannotRead(line("This ZIP file can't be read, or it was cut off."));
}

function tooLarge() {
  return new CannotRead(
    line("This ZIP file holds more than a page can unpack: unpack it, and choose the folder."),
  );
}

// An archive is {size, read(begin, size)}; what lies behind its end is not there.
function inPlace(blob) {
  const read = (begin, size) => fileOf(blob.slice(begin, begin + size)).bytes();
  return { size: blob.size, read };
}

async function inMemory(blob) {
  const whole = await fileOf(blob).bytes();
  return { size: blob.size, read: (begin, size) => whole.subarray(begin, begin + size) };
}

async function viewOf(archive, begin, size) {
  const bytes = await archive.read(begin, size);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function findEnd(archive) {
  const begin = Math.max(0, archive.size - END_SIZE - LONGEST_COMMENT);
  const view = await viewOf(archive, begin, archive.size);
  for (let at = view.byteLength - END_SIZE; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== END) continue;
    if (at + END_SIZE + view.getUint16(at + 20, true) !== view.byteLength) continue;
    return checkEnd(view, at, begin + at);
  }
  throw broken();
}

function checkEnd(view, at, place) {
  const [disk, first, here, count] = [4, 6, 8, 10].map((more) => view.getUint16(at + more, true));
  const [size, begins] = [12, 16].map((more) => view.getUint32(at + more, true));
  if (count > MOST_ENTRIES || begins === 0xffffffff) throw tooLarge();
  if (disk || first || here !== count || begins + size !== place) throw broken();
  return { count, size, begins };
}

function* listEntries(list, count) {
  let at = 0;
  for (let number = 0; number < count; number += 1) {
    if (at + ENTRY_SIZE > list.byteLength || list.getUint32(at, true) !== ENTRY) throw broken();
    const [flags, method] = [8, 10].map((more) => list.getUint16(at + more, true));
    const [packed, size] = [20, 24].map((more) => list.getUint32(at + more, true));
    const lengths = [28, 30, 32].map((more) => list.getUint16(at + more, true));
    const begins = list.getUint32(at + 42, true);
    const ends = at + ENTRY_SIZE + lengths.reduce((one, other) => one + other);
    if (flags & ENCRYPTED || ![STORED, DEFLATED].includes(method)) throw broken();
    if (ends > list.byteLength) throw broken();
    yield { name: nameOf(list, at + ENTRY_SIZE, lengths[0]), method, packed, size, begins };
    at = ends;
  }
  if (at !== list.byteLength) throw broken();
}

// A name is only ever compared and shown, never a place on a disk. All of the site are ASCII.
function nameOf(view, begin, length) {
  return NAMES.decode(new Uint8Array(view.buffer, view.byteOffset + begin, length));
}

// No byte may belong to two entries: else a small archive unpacks to any size.
function checkTogether(entries, end) {
  if (entries.reduce((sum, one) => sum + one.size, 0) > MOST_BYTES) throw tooLarge();
  const sorted = entries.toSorted((one, other) => one.begins - other.begins);
  sorted.forEach((entry, at) => {
    const next = sorted[at + 1]?.begins ?? end;
    if (entry.begins + LOCAL_SIZE + entry.packed > next) throw broken();
  });
}

async function unpack(archive, entry) {
  const head = await viewOf(archive, entry.begins, LOCAL_SIZE);
  if (head.byteLength < LOCAL_SIZE || head.getUint32(0, true) !== LOCAL) throw new CannotRead();
  const [name, extra] = [26, 28].map((more) => head.getUint16(more, true));
  const begins = entry.begins + LOCAL_SIZE;
  if (nameOf(await viewOf(archive, begins, name), 0, name) !== entry.name) throw new CannotRead();
  const packed = await archive.read(begins + name + extra, entry.packed);
  if (entry.method === DEFLATED) return inflate(packed, entry.size);
  if (packed.length !== entry.size) throw new CannotRead();
  return packed;
}

// Stops as soon as there is more than the archive said.
async function inflate(packed, size) {
  const whole = new Uint8Array(size);
  const stream = new DecompressionStream("deflate-raw");
  const reader = stream.readable.getReader();
  feed(stream.writable.getWriter(), packed);
  let filled = 0;
  for (let part = await readPart(reader); !part.done; part = await readPart(reader)) {
    if (filled + part.value.length > size) {
      await reader.cancel();
      throw new CannotRead();
    }
    whole.set(part.value, filled);
    filled += part.value.length;
  }
  if (filled !== size) throw new CannotRead();
  return whole;
}

// What fails here fails where it is read, too, and is told there.
function feed(writer, packed) {
  for (const fed of [writer.write(packed), writer.close()]) fed.catch(() => undefined);
}

// A part fails where it is not deflated or cut off, or its file is there no more; each engine names
// that otherwise.
async function readPart(reader) {
  try {
    return await reader.read();
  } catch {
    throw new CannotRead();
  }
}
