/** What went wrong: the service's own problem document (RFC 9457), or a problem of the page's own, told by a message. */

export class Problem extends Error {
  /** `told` is a problem document; `key` and `values` are a message of the page's, whose hint is `key`.hint. */
  constructor({ status = 0, told = null, key = null, values = {}, reference = null }) {
    super(told?.detail ?? key);
    Object.assign(this, { status, told, key, values, reference });
  }
}

/** The problem that an answer of the service tells. */
export async function problemOf(answer) {
  const { status } = answer;
  const reference = answer.headers.get("X-Request-Id");
  const told = await answer.json().catch(() => null);
  if (told && typeof told.detail === "string") return new Problem({ status, told, reference });
  return new Problem({ status, key: "problem.answer", values: { status }, reference });
}
