/** What is said of what went wrong, and what to do about it. */

import { $ } from "./dom.js";
import { Problem, sentences } from "./problem.js";
import { say, sayAs } from "./texts.js";

const HOPELESS = [400, 404, 413, 415, 422]; // what the same document, asked for in the same way, is answered again

let failure = null;

export function showFailure(problem, name, reference) {
  failure = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
  failure.reference ??= reference;
  sayAs($("failed-name"), name);
  tellFailure();
  const hopeless = HOPELESS.includes(failure.status);
  $("retry").hidden = hopeless;
  $("other-file").classList.toggle("second", !hopeless);
}

export function tellFailure() {
  const { detail, hint, lang, original } = sentences(failure);
  for (const [id, words] of [["failed-detail", detail], ["failed-hint", hint], ["failed-original", original ?? ""]]) {
    sayAs($(id), words);
    if (lang) $(id).lang = lang;
    else if (id !== "failed-original") $(id).removeAttribute("lang");
  }
  $("failed-reference").hidden = !failure.reference;
  if (failure.reference) say($("failed-reference"), "failed.reference", { id: failure.reference });
}
