// What a person chose in a field or dropped on the page: files by path.

// Files of a field: by their path in the folder that was chosen, or by name.
export function chosenFiles(...fields) {
  const every = fields.flatMap((field) => [...field.files]);
  return new Map(every.map((file) => [file.webkitRelativePath || file.name, file]));
}

// What was dropped: files, and all in the folders among it. It must be called while the event lasts.
export async function droppedFiles(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  // Chromium reads folders of a page opened as a file by handles only; others have no handles.
  const hasHandles = "getAsFileSystemHandle" in DataTransferItem.prototype;
  const found = items.map((item) => [
    item.getAsFile(),
    hasHandles ? item.getAsFileSystemHandle() : item.webkitGetAsEntry(),
  ]);
  const files = new Map();
  for (const [file, promised] of found) {
    const there = await promised;
    if (there?.kind === "directory") await addHandles(files, there, there.name);
    else if (there?.isDirectory) await addEntries(files, there);
    else if (file) files.set(file.name, file);
  }
  return files;
}

async function addHandles(files, folder, path) {
  for await (const [name, there] of folder.entries()) {
    const own = `${path}/${name}`;
    if (there.kind === "directory") await addHandles(files, there, own);
    else files.set(own, await there.getFile());
  }
}

async function addEntries(files, folder) {
  const reader = folder.createReader();
  const next = () => new Promise((done, failed) => reader.readEntries(done, failed));
  // A reader gives some at a time, and none at the end.
  for (let some = await next(); some.length; some = await next()) {
    for (const entry of some) {
      if (entry.isDirectory) await addEntries(files, entry);
      else files.set(entry.fullPath.slice(1), await fileOfEntry(entry));
    }
  }
}

function fileOfEntry(entry) {
  return new Promise((done, failed) => entry.file(done, failed));
}
