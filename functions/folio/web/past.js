/** The jobs that this browser has seen, by their addresses: names and times, nothing of what the documents say. */

const NAME = "folio.history";
const MOST = 50;

/** The newest first: {id, name, at}. */
export function past() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? [];
  } catch {
    return [];
  }
}

export function remember(id, name) {
  const known = past();
  const at = known.find((one) => one.id === id)?.at ?? new Date().toISOString();
  keep([{ id, name, at }, ...known.filter((one) => one.id !== id)].slice(0, MOST));
}

export const forget = (id) => keep(past().filter((one) => one.id !== id));

export const forgetAll = () => localStorage.removeItem(NAME);

function keep(jobs) {
  if (jobs.length) localStorage.setItem(NAME, JSON.stringify(jobs));
  else forgetAll();
}
