// Lets the page live while much is computed: what it shows, a tap, a screen reader.

const LONGEST = 50; // milliseconds; what is longer is felt (W3C Long Tasks)
const last = { at: 0 };

// Waits for what else the browser has to do, if it has waited for long.
export async function pause() {
  if (performance.now() - last.at < LONGEST) return;
  await new Promise((done) => setTimeout(done));
  last.at = performance.now();
}
