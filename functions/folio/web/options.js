/** The small form that says how to read. */

import { requestJson } from "./api.js";
import { OPTIONS, OUTPUTS, PAID } from "./choices.js";
import { $, make } from "./dom.js";
import { say, text } from "./texts.js";

export const LANGUAGES = ["auto", "eng", "chi_sim", "chi_sim+eng", "other"];

let providers = [{ name: "auto", usable: true, modes: ["general"] }];

/** What is chosen, as options of the service; empty ones are left out. */
export function chosenOptions() {
  const wanted = $("languages").value;
  const outputs = OUTPUTS.filter((kind) => $(`output-${kind}`).checked);
  const others = OPTIONS.map(({ name }) => [name, $(`option-${name}`).value.trim()]);
  return {
    ...Object.fromEntries(others),
    providers: [$("provider").value, $("fallback").value].filter(Boolean).join(","),
    mode: $("mode").value,
    languages: wanted === "other" ? $("other").value.trim() : wanted,
    outputs: outputs.join(","),
  };
}

export function startOptions() {
  fillSelect($("languages"), [asSet(), ...LANGUAGES.map((name) => choice(name, `languages.${name}`))]);
  $("outputs").replaceChildren(...OUTPUTS.map((kind) => {
    const label = make("span");
    say(label, `output.${kind}`);
    return make("label", { class: "check" }, make("input", { type: "checkbox", id: `output-${kind}` }), label);
  }));
  $("more-fields").replaceChildren(...OPTIONS.map(field));
  $("provider").addEventListener("change", providerChosen);
  $("fallback").addEventListener("change", noteCost);
  $("mode").addEventListener("change", modeChosen);
  $("languages").addEventListener("change", () => {
    $("other-field").hidden = $("languages").value !== "other";
  });
  $("options").addEventListener("submit", (event) => event.preventDefault());
  showProviders();
}

/** A field for an option: a choice, a number or a text; empty, it is as the installation has it. */
function field(option) {
  const label = make("label", { for: `option-${option.name}` });
  say(label, `option.${option.name}`);
  return make("p", {}, label, control(option));
}

function control({ name, values, type, minimum, maximum, example }) {
  const id = `option-${name}`;
  if (values.length) {
    const offered = values.map((value) => choice(value, `value.${name}.${value}`));
    return make("select", { id }, asSet(), ...offered);
  }
  if (type === "string") return make("input", { id, autocomplete: "off", spellcheck: "false", placeholder: example });
  return make("input", { id, type: "number", min: minimum, max: maximum, step: type === "integer" ? 1 : "any" });
}

/** Ask the service who can read. */
export async function loadProviders() {
  providers = await requestJson("v1/providers");
  showProviders();
}

function showProviders() {
  fillSelect($("provider"), [asSet(), ...providers.map(providerChoice)]);
  if (!byName($("provider").value)?.usable) $("provider").value = "";
  providerChosen();
}

function providerChosen() {
  const able = $("provider").value ? [byName($("provider").value)] : providers.filter(({ usable }) => usable);
  const modes = [...new Set(able.flatMap(({ modes: its }) => its))];
  fillSelect($("mode"), [asSet(), ...modes.map((mode) => choice(mode, `mode.${mode}`))]);
  modeChosen();
}

function modeChosen() {
  const [first, mode] = [$("provider").value, $("mode").value];
  const fitting = ({ name, usable, modes }) => usable && name !== first && (!mode || modes.includes(mode));
  const others = first ? providers.filter(fitting) : [];
  fillSelect($("fallback"), [choice("", "options.fallback.none"), ...others.map(providerChoice)]);
  $("fallback-field").hidden = !others.length;
  noteCost();
}

function noteCost() {
  const paid = [$("provider").value, $("fallback").value].filter((name) => PAID.includes(name));
  const name = paid.map((provider) => text(`provider.${provider}`)).join(" + ");
  const free = $("provider").value ? "options.free" : "options.unsaid";
  say($("provider-note"), paid.length ? "options.paid" : free, { name });
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

/** The choice of what the installation has, for which nothing is sent. */
const asSet = () => choice("", "options.default");

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
