// What the page is made of, in the language that is chosen. Text only ever becomes text.

import { line, render } from "./lines.js";

const LANGUAGES = ["es", "pt", "en"];
const chosen = { language: "" };

export const byId = (id) => document.getElementById(id);

export function languageOf(browser) {
  return LANGUAGES.find((one) => browser.toLowerCase().startsWith(one)) ?? "es";
}

export function speak(language) {
  chosen.language = language;
  document.documentElement.lang = language;
  for (const part of document.querySelectorAll("[data-say]")) {
    part.replaceChildren(...withCode(line(part.dataset.say)));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  document.title = `Minga: ${say(line("Check a result"))}`;
}

export function say(said) {
  return render(said, chosen.language);
}

// A moment in the hours of this phone.
export function ownHour(at) {
  const style = { dateStyle: "long", timeStyle: "short" };
  return new Intl.DateTimeFormat(chosen.language, style).format(at);
}

export function heading(said) {
  return element("h2", [say(said)]);
}

export function paragraphs(lines) {
  return lines.map((said) => element("p", [say(said)]));
}

export function list(lines) {
  return element("ul", lines.map((said) => element("li", [say(said)])));
}

// Commands stand in backticks where the page speaks itself, and there no typed words stand.
export function withCommands(said) {
  return element("p", withCode(said));
}

function withCode(said) {
  return say(said)
    .split("`")
    .map((one, at) => (at % 2 ? element("code", [one]) : one));
}

export function button(said, onClick) {
  const made = element("button", [say(said)]);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

export function element(name, children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
