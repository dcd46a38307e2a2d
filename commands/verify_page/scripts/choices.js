// What a person chose in a field or dropped on the page: files by path.

// Files of a field: by their path in the folder that was chosen, or by name.
export function chosenFiles(...fields) {
  const every = fields.flatMap((field) => [...field.files]);
  return new Map(every.map((file) => [file.webkitRelativePath || file.name, file]));
}

// What was dropped: files, and all in the folders among it. It must be called while the event lasts.
export async function droppedFiles(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const found = items.map((item) => [item.webkitGetAsEntry?.(), item.getAsFile()]);
  const files = new Map();
  for (const [entry, file] of found) {
    if (entry?.isDirectory) await addFolder(files, entry);
    else if (file) files.set(file.name, file);
  }
  return files;
}

async function addFolder(files, folder) {
  const reader = folder.createReader();
  const next = () => new Promise((done, failed) => reader.readEntries(done, failed));
  // A reader gives some at a time, and none at the end.
  for (let some = await next(); some.length; some = await next()) {
    for (const entry of some) {
      if (entry.isDirectory) await addFolder(files, entry);
      else files.set(entry.fullPath.slice(1), await fileOfEntry(entry));
    }
  }
}

function fileOfEntry(entry) {
  return new Promise((done, failed) => entry.file(done, failed));
}
