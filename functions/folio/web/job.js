/** A job, followed until it has ended. */

import { request, retryAfter } from "./api.js";
import { sleep } from "./dom.js";
import { Problem } from "./problem.js";

const LONGEST_PAUSE = 10; // seconds
const PATIENCE = 8; // polls in a row that may fail to reach the service: a laptop that slept, a train in a tunnel

export const jobPath = (id) => `v1/jobs/${encodeURIComponent(id)}`;

/** The finished job; a Problem if it failed. `seen` is called with every state of it. */
export async function follow(id, { signal, seen }) {
  let pause = 1;
  let before = "";
  let missed = 0;
  for (;;) {
    let wait = null;
    try {
      const answer = await request(jobPath(id), { signal });
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
