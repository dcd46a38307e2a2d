// Sentences, as the bot writes them: English where they are used, translated for who reads.
// The translations are the bot's own (`WORDS` is put in by page.py).

export function line(id, values = {}) {
  return { id, values };
}

export function counted(one, many, count, values = {}) {
  return { id: one, many, count, values: { count, ...values } };
}

// A person's own words.
export function verbatim(text) {
  return line("{words}", { words: text });
}

// Words in the language they were written in ("" if nobody said which), with their translations.
export function translated(original, language, said) {
  return Object.keys(said).length ? { original, language, said } : original;
}

// The texts with `sign` between them, in each language that one of them has.
export function joinTexts(sign, texts) {
  return combine(texts, (every) => every.join(sign));
}

function combine(texts, change) {
  const known = texts.filter((one) => typeof one !== "string");
  const inLanguage = (language) =>
    change(texts.map((one) => (typeof one === "string" ? one : (one.said[language] ?? one.original))));
  const languages = known.flatMap((one) => Object.keys(one.said));
  const said = Object.fromEntries(languages.map((language) => [language, inLanguage(language)]));
  return translated(inLanguage(""), known[0]?.language ?? "", said);
}

const HIDDEN =
  /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe0f\u20e3\u034f\u061c\u115f\u1160\u180b-\u180e\u3164\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

// The text without what hides or reorders the words around it.
export function plainly(text) {
  return text.normalize("NFC").replace(HIDDEN, "").replace(CONTROL, "");
}

// The words on one line, with single spaces.
export function oneLine(text) {
  return plainly(text).split(/\s+/u).filter(Boolean).join(" ");
}

// The words on one line, at most `most` code points long.
export function shorten(text, most) {
  return combine([text], ([one]) => shortenOne(one, most));
}

function shortenOne(text, most) {
  const letters = [...oneLine(text)];
  return letters.length <= most ? letters.join("") : `${letters.slice(0, most - 1).join("")}…`;
}

// The sentence in a language: "es", "pt" or "en".
export function render(said, language) {
  const template = templateOf(said, language).replace(/\*\*([^*]+)\*\*/g, "$1");
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) =>
    name === undefined ? found[0] : renderValue(said.values[name], language),
  );
}

function templateOf(said, language) {
  const forms = (WORDS[language] ?? {})[said.id];
  if (said.many === undefined) return forms?.[0] || said.id;
  // In the three languages one has a form of its own; zero has none.
  const form = BigInt(said.count) === 1n ? 0 : 1;
  return forms?.[form] || (form ? said.many : said.id);
}

function renderValue(value, language) {
  if (Array.isArray(value)) return value.map((one) => renderValue(one, language)).join(" · ");
  if (value instanceof Date) return sayMoment(value, language);
  if (typeof value === "object" && "original" in value) return inLanguage(value, language);
  if (typeof value === "object") return render(value, language);
  return plainly(String(value));
}

// In the reader's language, or in its own with a word that it has no translation.
function inLanguage(text, language) {
  const own = text.said[language] ?? text.original;
  const isTheirs = ["", language].includes(text.language) || language in text.said;
  return isTheirs ? plainly(own) : render(line("{text} (not translated)", { text: own }), language);
}

function sayMoment(at, language) {
  const style = { dateStyle: "long", timeStyle: "short", timeZone: "UTC" };
  return `${new Intl.DateTimeFormat(language, style).format(at)} UTC`;
}
