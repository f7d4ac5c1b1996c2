/** What went wrong: the service's own problem document (RFC 9457), or a problem of the page's own, told by a message. */

import errors from "./errors.js";
import { language, text } from "./texts.js";

export class Problem extends Error {
  /** `told` is a problem document; `key` and `values` are a message of the page's, whose hint is `key`.hint. */
  constructor({ status = 0, told = null, key = null, values = {}, reference = null }) {
    super(told?.detail ?? key);
    Object.assign(this, { status, told, key, values, reference });
  }
}

/** What went wrong, and what to do, in the language of the page as far as that is known: {detail, hint, lang}. The
 * service tells it in English; what else it tells of the kind of error is in `told.type`. */
export function sentences({ told, key, values }) {
  if (!told) return { detail: text(key, values), hint: text(`${key}.hint`, values), lang: null };
  const [detail, hint] = (language() === "zh-CN" && errors[told.type.replace("urn:folio:error:", "")]) || [];
  if (!detail) return { detail: told.detail, hint: told.hint ?? "", lang: "en" };
  return { detail, hint, lang: null, original: told.detail };
}

/** The problem that an answer of the service tells. */
export async function problemOf(answer) {
  const { status } = answer;
  const reference = answer.headers.get("X-Request-Id");
  const told = await answer.json().catch(() => null);
  if (typeof told?.detail === "string") return new Problem({ status, told, reference });
  return new Problem({ status, key: "problem.answer", values: { status }, reference });
}
