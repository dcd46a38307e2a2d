// What was asked in other languages. No outcome depends on it.

import * as doc from "./documents.js";
import { translated } from "./lines.js";

const LANGUAGE = doc.oneOf("es", "pt", "en");
export const TRANSLATIONS = doc.mapOf(
  LANGUAGE,
  doc.object({
    question: doc.optional(doc.text),
    options: doc.preset(doc.listOf(doc.text), []),
    added: doc.optional(doc.count),
  }),
);
// What a file says in sentences, in each language.
export const WORDS_FIELD = { words: doc.optional(doc.mapOf(LANGUAGE, doc.listOf(doc.text))) };
export const LANGUAGE_FIELDS = {
  language: doc.optional(LANGUAGE),
  translations: doc.optional(TRANSLATIONS),
};

// The question and the options of a signed file, each with its translations.
export function readQuestion({ question, options, language = "", translations = {} }) {
  const every = Object.entries(translations);
  const said = (pick) =>
    Object.fromEntries(every.map(([one, text]) => [one, pick(text)]).filter(([, text]) => text));
  return {
    title: translated(question, language, said((one) => one.question)),
    labels: options.map((label, at) => translated(label, language, said((one) => one.options[at]))),
  };
}

// Whether each translation stands for what was asked and was added before the end.
export function translationsFit({ language, options }, added, opened, ended) {
  return Object.entries(added).every(
    ([one, text]) =>
      one !== language &&
      [0, options.length].includes(text.options.length) &&
      (text.added === undefined || (opened <= text.added && text.added <= ended)),
  );
}
