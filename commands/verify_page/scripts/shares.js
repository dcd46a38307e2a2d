// Shares such as "2/3", exactly.

export function fractionOf(text) {
  const [part, of] = text.split("/").map(BigInt);
  return { part, of };
}

// Whether `some` of `all` (BigInt) are at least this share.
export function isAtLeast(some, all, { part, of }) {
  return some * of >= part * all;
}
