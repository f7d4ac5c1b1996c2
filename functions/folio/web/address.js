/** The address of a job, and of its review: #/jobs/ID and #/jobs/ID/review. A fragment is sent to nobody. */

const PATTERN = /^#\/jobs\/([A-Za-z0-9_-]{32})(\/review)?$/;

/** {id, review} of the address now, or null. */
export function addressed() {
  const match = PATTERN.exec(location.hash);
  return match ? { id: match[1], review: Boolean(match[2]) } : null;
}

export const addressOf = (id, review = false) => `#/jobs/${id}${review ? "/review" : ""}`;

/** Show another address, without going there. */
export function readdress(id, review = false) {
  const wanted = id ? addressOf(id, review) : location.pathname + location.search;
  if (id ? location.hash !== wanted : location.hash) window.history.pushState(null, "", wanted);
}
