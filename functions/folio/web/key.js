/** The API key or the token of a sign-in: asked for when the service wants one, kept in this tab's session storage and
 * nowhere else. */

import { $ } from "./dom.js";
import { Problem } from "./problem.js";
import { say } from "./texts.js";

const NAME = "folio.key";
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/; // a JSON Web Token: its first part is an object in base64

let asking = null;

export const heldKey = () => sessionStorage.getItem(NAME);

/** The header that a key or a token is sent in. */
export function credential(key) {
  if (!key) return {};
  return TOKEN.test(key) ? { Authorization: `Bearer ${key}` } : { "X-Api-Key": key };
}

/** Ask once, however many requests wait for it. `refused`: the key these were sent with, or null. */
export function askKey(refused) {
  if (heldKey() !== refused) return Promise.resolve(); // a new one was given meanwhile
  asking ??= ask(refused).finally(() => { asking = null; });
  return asking;
}

function ask(refused) {
  const dialog = $("key-dialog");
  forget();
  say($("key-refused"), "key.refused");
  $("key-refused").hidden = !refused;
  $("key").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "use") {
        reject(new Problem({ key: "problem.key" }));
        return;
      }
      sessionStorage.setItem(NAME, $("key").value.trim().replace(/^Bearer\s+/i, ""));
      $("key").value = "";
      $("forget").hidden = false;
      resolve();
    }, { once: true });
  });
}

function forget() {
  sessionStorage.removeItem(NAME);
  $("forget").hidden = true;
}

export function startKey(forgotten) {
  $("forget").hidden = !heldKey();
  $("key-cancel").addEventListener("click", () => $("key-dialog").close("cancel"));
  $("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    $("key-dialog").close("use");
  });
  $("forget").addEventListener("click", () => {
    forget();
    forgotten();
  });
}
