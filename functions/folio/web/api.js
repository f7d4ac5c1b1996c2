/** Requests to the service. Addresses are relative to the page's, which may lie below a stage such as /prod/. */

import { sleep } from "./dom.js";
import { askKey, credential, heldKey } from "./key.js";
import { Problem, problemOf } from "./problem.js";

const BUSY = [429, 503];
const TRIES = 5;
const LONGEST_WAIT = 15; // seconds; who has to wait longer is told

/** The answer, if it is a good one; a Problem otherwise. Asks for the key where one is wanted, and waits where the
 * service is busy and says so. */
export async function request(path, { method = "GET", body, accept = "application/json", headers = {}, signal } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const key = heldKey();
    const sent = { ...headers, Accept: accept, ...credential(key) };
    const answer = await reach(path, { method, body, headers: sent, signal, cache: "no-store" });
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    if (wantsKey(problem)) {
      await askKey(key);
      signal?.throwIfAborted();
      continue;
    }
    const wait = retryAfter(answer) ?? attempt;
    if (!BUSY.includes(answer.status) || attempt >= TRIES || wait > LONGEST_WAIT) throw problem;
    await sleep(wait, signal);
  }
}

export const requestJson = async (path, options) => (await request(path, options)).json();

/** Seconds the service asks to wait, null if it does not say. */
export function retryAfter(answer) {
  const seconds = Number.parseFloat(answer.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Problem({ key: "problem.network" });
  }
}

/** 403 is also what a bucket that is closed to Folio answers; the gateway's own has no problem document. */
function wantsKey({ status, told }) {
  return status === 401 || (status === 403 && !told);
}
