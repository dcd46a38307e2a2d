// Signed documents, as bot/signing writes them: parsed strictly, hashed in canonical form (RFC 8785),
// signed with Ed25519. Hashes and signatures are the browser's own (Web Cryptography).

export class Unreadable extends Error {}

// --- canonical JSON ------------------------------------------------------------------------------

// Strings, whole numbers, lists and objects with ASCII names; others are `Unreadable`.
export function canonical(value) {
  return new TextEncoder().encode(canonicalText(value));
}

function canonicalText(value) {
  try {
    return canonicalPart(value);
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable(); // nested too deep
    throw error;
  }
}

function canonicalPart(value) {
  if (typeof value === "string" && isWellFormed(value)) return JSON.stringify(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalPart).join(",")}]`;
  if (isObject(value) && Object.keys(value).every((name) => /^[\0-\x7f]*$/.test(name))) {
    const names = Object.keys(value).sort();
    return `{${names.map((n) => `${JSON.stringify(n)}:${canonicalPart(value[n])}`).join(",")}}`;
  }
  throw new Unreadable();
}

function isWellFormed(text) {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Parses JSON. Throws `Unreadable`.
export function parseJson(written) {
  try {
    return JSON.parse(written);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw new Unreadable();
    throw error;
  }
}

// --- hashes and signatures -----------------------------------------------------------------------

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function toHex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

// SHA-256 of the label and the parts, in hex.
export async function hashParts(label, ...parts) {
  return toHex(await sha256(canonical([label, ...parts])));
}

export async function hashOf(signed) {
  return toHex(await sha256(unsignedBytes(signed)));
}

function unsignedBytes({ signature, ...rest }) {
  return canonical(rest);
}

export async function isSigned(signed, key) {
  return isSignature(key, unsignedBytes(signed), signed.signature);
}

export async function isSignature(key, message, signature) {
  const [raw, given] = [fromBase64(key), fromBase64(signature)];
  if (raw === null || given === null || raw.length !== 32) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, given, message);
  } catch (error) {
    if (error.name === "DataError") return false; // no point of the curve
    throw error;
  }
}

// Unpadded base64 in its one spelling; null for anything else.
function fromBase64(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) {
    return null;
  }
  const raw = atob(text);
  if (btoa(raw).replace(/=+$/, "") !== text) return null;
  return Uint8Array.from(raw, (one) => one.charCodeAt(0));
}

// Whether this browser has Ed25519; it needs a page that it holds to be safe, as a file is.
export async function canCheck() {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch (error) {
    return false;
  }
}

// Whether the identity in the certificate vouches for the signing key.
export async function isCertified(certificate, key) {
  const { signatures, ...named } = certificate;
  const keys = { [`ed25519:${key}`]: key };
  const user = named.user_id;
  const expected = { user_id: user, usage: ["org.minga.results"], keys };
  if (typeof user !== "string" || !isSame(named, expected) || !isObject(signatures)) return false;
  const given = Object.hasOwn(signatures, user) ? signatures[user] : {};
  for (const [name, signature] of Object.entries(isObject(given) ? given : {})) {
    const master = name.replace(/^ed25519:/, "");
    if (await isSignature(master, canonical(named), String(signature))) return true;
  }
  return false;
}

export function isSame(one, other) {
  try {
    return canonicalText(one) === canonicalText(other);
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

// --- strict parsing ------------------------------------------------------------------------------

// A shape takes a value and returns it, checked, with what is missing filled in, or throws.
function checked(isRight) {
  return (value) => {
    if (!isRight(value)) throw new Unreadable();
    return value;
  };
}

export const text = checked((value) => typeof value === "string" && isWellFormed(value));
export const count = checked((value) => Number.isSafeInteger(value) && value >= 0);
export function countWithin(least, most) {
  return checked((value) => Number.isSafeInteger(value) && value >= least && value <= most);
}

// So many letters, as code points.
export function textWithin(least, most) {
  return checked((value) => {
    const letters = typeof value === "string" && isWellFormed(value) ? [...value].length : -1;
    return letters >= least && letters <= most;
  });
}

export const anything = checked(isObject);
export const hash = matching(/^[0-9a-f]{64}$/);
export const secret = matching(/^[0-9a-f]{32}$/);
export const ruleName = matching(/^[A-Za-z0-9_-]{1,40}$/);
export const ballotText = matching(
  /^([1-9][0-9]{0,5}:[0-9]{1,6}( [1-9][0-9]{0,5}:[0-9]{1,6})*)?$/,
);

export function matching(pattern) {
  return checked((value) => typeof value === "string" && pattern.test(value));
}

export function oneOf(...values) {
  return checked((value) => values.includes(value));
}

export function either(...shapes) {
  return (value) => {
    for (const shape of shapes) {
      try {
        return shape(value);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    }
    throw new Unreadable();
  };
}

export function listOf(shape, most = Infinity) {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) throw new Unreadable();
    return value.map((one) => shape(one));
  };
}

export function listWithin(shape, least, most) {
  const list = listOf(shape, most);
  return (value) => {
    const found = list(value);
    if (found.length < least) throw new Unreadable();
    return found;
  };
}

export function tuple(...shapes) {
  return (value) => {
    if (!Array.isArray(value) || value.length !== shapes.length) throw new Unreadable();
    return shapes.map((shape, at) => shape(value[at]));
  };
}

export function mapOf(name, shape) {
  return (value) => {
    if (!isObject(value)) throw new Unreadable();
    return Object.fromEntries(Object.entries(value).map(([n, one]) => [name(n), shape(one)]));
  };
}

export function optional(shape) {
  return Object.assign((value) => shape(value), { isOptional: true });
}

export function preset(shape, standard) {
  return Object.assign((value) => shape(value), { standard });
}

export function object(shapes) {
  return (value) => {
    if (!isObject(value) || !Object.keys(value).every((name) => Object.hasOwn(shapes, name))) {
      throw new Unreadable();
    }
    const found = {};
    for (const [name, shape] of Object.entries(shapes)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (shape.isOptional && (given === undefined || given === null)) continue;
      if (given === undefined && shape.standard === undefined) throw new Unreadable();
      found[name] = given === undefined ? shape.standard : shape(given);
    }
    return found;
  };
}

export function signedObject(type, shapes) {
  return object({
    type: preset(oneOf(type), type),
    v: preset(oneOf(1), 1),
    ...shapes,
    signature: preset(text, ""),
  });
}
