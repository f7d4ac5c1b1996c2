/** A job, followed until it has ended. */

import { request, retryAfter } from "./api.js";
import { sleep } from "./dom.js";
import { Problem } from "./problem.js";

const LONGEST_PAUSE = 10; // seconds
const PATIENCE = 8; // polls in a row that may fail to reach the service: a laptop that slept, a train in a tunnel

let turn = Promise.resolve(); // however many jobs are followed, one is asked for at a time

export const jobPath = (id) => `v1/jobs/${encodeURIComponent(id)}`;

/** End the reading of a job, and delete it with its document. */
export const deleteJob = (id) => request(jobPath(id), { method: "DELETE" });

/** The finished job; a Problem if it failed. `seen` is called with every state of it. */
export async function follow(id, { signal, seen }) {
  let pause = 1;
  let before = "";
  let missed = 0;
  for (;;) {
    let wait = null;
    try {
      const answer = await inTurn(() => request(jobPath(id), { signal }));
      const job = await answer.json();
      missed = 0;
      if (job.state === "failed") throw new Problem({ status: job.error?.status, told: job.error, reference: id });
      if (job.state === "complete" || job.state === "partial") return job;
      seen(job);
      const now = `${job.state} ${job.pages.done}`;
      pause = now === before ? Math.min(pause * 1.5, LONGEST_PAUSE) : 1;
      before = now;
      wait = retryAfter(answer);
    } catch (error) {
      missed += 1;
      if (error.key !== "problem.network" || missed > PATIENCE) throw error;
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    await sleep(Math.max(wait ?? 0, pause), signal);
  }
}

function inTurn(step) {
  const done = turn.then(step);
  turn = done.catch(() => {});
  return done;
}
