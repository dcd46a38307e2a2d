// Merkle trees as in certificate logs (RFC 6962, section 2.1; proofs as RFC 9162, section 2.1.3.2),
// and the chain of a ballot's log.

import { canonical, hashParts, sha256, toHex } from "./documents.js";

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

function hashLeaf(data) {
  return sha256(joined([0], data));
}

function hashNode(left, right) {
  return sha256(joined([1], left, right));
}

// The root of the board's votes, in hex.
export async function boardRoot(entries) {
  if (!entries.length) return toHex(await sha256(new Uint8Array()));
  let row = await Promise.all(entries.map((entry) => hashLeaf(canonical(entry))));
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < row.length; at += 2) above.push(hashNode(row[at], row[at + 1]));
    row = [...(await Promise.all(above)), ...(row.length % 2 ? row.slice(-1) : [])];
  }
  return toHex(row[0]);
}

// Whether `path` proves that `data` is leaf `index` of `size` under the root `top` (hex).
export async function isIncluded(data, index, size, path, top) {
  if (index >= size) return false;
  let [here, last, found] = [index, size - 1, await hashLeaf(data)];
  for (const beside of path) {
    if (last === 0) return false;
    if (here % 2 === 1 || here === last) {
      found = await hashNode(beside, found);
      while (here > 0 && here % 2 === 0) [here, last] = [here / 2, Math.floor(last / 2)];
    } else {
      found = await hashNode(found, beside);
    }
    [here, last] = [Math.floor(here / 2), Math.floor(last / 2)];
  }
  return last === 0 && toHex(found) === top;
}

// The head of the log after each row. The first is that of the empty log.
export async function listHeads(poll, rows) {
  const heads = [await hashParts("chain1", poll)];
  for (const [at, row] of rows.entries()) {
    heads.push(await hashParts("row1", heads[at], at + 1, ...row));
  }
  return heads;
}
