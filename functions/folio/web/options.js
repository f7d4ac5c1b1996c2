/** The small form that says how to read. */

import { requestJson } from "./api.js";
import { $, make } from "./dom.js";
import { language, say, text } from "./texts.js";

const OUTPUTS = ["pdf", "markdown", "hocr", "alto", "csv"];
const LANGUAGES = ["eng", "chi_sim", "chi_sim+eng", "other"];

let providers = [{ name: "tesseract", usable: true, modes: ["general"] }];

/** What is chosen, as options of the service; empty ones are left out. */
export function chosenOptions() {
  const wanted = $("languages").value;
  const outputs = OUTPUTS.filter((kind) => $(`output-${kind}`).checked);
  return {
    providers: [$("provider").value, $("fallback").value].filter(Boolean).join(","),
    mode: $("mode").value,
    languages: wanted === "other" ? $("other").value.trim() : wanted,
    outputs: outputs.join(","),
  };
}

export function startOptions() {
  fillSelect($("languages"), LANGUAGES.map((name) => choice(name, `languages.${name}`)));
  $("languages").value = language() === "en" ? "eng" : "chi_sim+eng";
  $("outputs").replaceChildren(...OUTPUTS.map((kind) => {
    const label = make("span");
    say(label, `output.${kind}`);
    return make("label", { class: "check" }, make("input", { type: "checkbox", id: `output-${kind}` }), label);
  }));
  $("provider").addEventListener("change", providerChosen);
  $("fallback").addEventListener("change", noteCost);
  $("mode").addEventListener("change", modeChosen);
  $("languages").addEventListener("change", () => {
    $("other-field").hidden = $("languages").value !== "other";
  });
  $("options").addEventListener("submit", (event) => event.preventDefault());
  showProviders();
}

/** Ask the service who can read. */
export async function loadProviders() {
  providers = await requestJson("v1/providers");
  showProviders();
}

function showProviders() {
  fillSelect($("provider"), providers.map(providerChoice));
  const first = providers.find(({ usable }) => usable);
  if (first && !byName($("provider").value)?.usable) $("provider").value = first.name;
  providerChosen();
}

function providerChosen() {
  const modes = byName($("provider").value)?.modes ?? [];
  fillSelect($("mode"), modes.map((mode) => choice(mode, `mode.${mode}`)));
  modeChosen();
}

function modeChosen() {
  const [first, mode] = [$("provider").value, $("mode").value];
  const others = providers.filter(({ name, usable, modes }) => usable && name !== first && modes.includes(mode));
  fillSelect($("fallback"), [choice("", "options.fallback.none"), ...others.map(providerChoice)]);
  $("fallback-field").hidden = !others.length;
  noteCost();
}

function noteCost() {
  const paid = [$("provider").value, $("fallback").value].filter((name) => name && name !== "tesseract");
  const name = paid.map((provider) => text(`provider.${provider}`)).join(" + ");
  say($("provider-note"), paid.length ? "options.paid" : "options.free", { name });
}

/** The language has changed: what says a translated name within a message says it anew. */
export function renameOptions() {
  for (const { name, usable } of providers) if (!usable) sayUnusable($("provider").querySelector(`[value=${name}]`), name);
  noteCost();
}

/** Fill a select, and keep what was chosen if it is still there. */
function fillSelect(select, choices) {
  const before = select.value;
  select.replaceChildren(...choices);
  if (choices.some(({ value }) => value === before)) select.value = before;
}

function choice(value, key) {
  const option = make("option", { value });
  say(option, key);
  return option;
}

function providerChoice({ name, usable }) {
  const option = choice(name, `provider.${name}`);
  option.disabled = !usable;
  if (!usable) sayUnusable(option, name);
  return option;
}

const sayUnusable = (option, name) => say(option, "options.unusable", { name: text(`provider.${name}`) });

const byName = (wanted) => providers.find(({ name }) => name === wanted);
