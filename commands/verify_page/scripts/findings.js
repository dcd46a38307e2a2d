// What was found in a file, and how much it matters: "fine"; "ask": only the person can tell; "gone":
// a vote does not count, and only the person can tell whether that is right; "bad".

export const fine = (said) => ({ weight: "fine", line: said });
export const ask = (said) => ({ weight: "ask", line: said });
export const gone = (said) => ({ weight: "gone", line: said });
export const bad = (said) => ({ weight: "bad", line: said });

// The findings of each part of a file, or that the part is right.
export function judgeParts(...parts) {
  return parts.flatMap(([found, said]) => (found.length || !said ? found : [fine(said)]));
}
