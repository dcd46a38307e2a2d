// Files that a person gave, whatever they came from: {size, bytes()} by their path.

// What can't be read. `said`: why, where there is more to say than of which file it is.
export class CannotRead extends Error {
  constructor(said = null) {
    super(said?.id);
    this.said = said;
  }
}

// The size of a file on a disk is looked up when it is asked for, which takes its time.
export function fileOf(blob) {
  return {
    get size() {
      return blob.size;
    },
    bytes: () => bytesOf(blob),
  };
}

async function bytesOf(blob) {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    // Gone or changed since it was chosen (File API, 7); read by this page it stays unread.
    if (["NotReadableError", "NotFoundError", "SecurityError"].includes(error.name)) {
      throw new CannotRead();
    }
    throw error;
  }
}

// The files below the folder in which `name` lies least deep, by their path in it; what lies beside
// that folder keeps its whole path.
export function rootedAt(name, files) {
  const places = [...files.keys()].filter((path) => path === name || path.endsWith(`/${name}`));
  const deep = (path) => path.split("/").length;
  const [least] = places.toSorted((one, other) => deep(one) - deep(other) || (one < other ? -1 : 1));
  if (least === undefined) return files;
  const root = least.slice(0, -name.length);
  const below = (path) => (path.startsWith(root) ? path.slice(root.length) : `../${path}`);
  return new Map([...files].map(([path, file]) => [below(path), file]));
}
