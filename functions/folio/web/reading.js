/** What was read, page by page, wherever it lies: in one answer, or in a job whose pages are fetched as they are shown.
 *
 * A reading has: name, total, head (the result without its pages, as far as it is known), page(number), picture(number)
 * as a blob, and downloads(), a list of {kind, name, href} or {kind, name, blob}.
 */

import { request, requestJson } from "./api.js";
import { jobPath } from "./job.js";

const FRESH = 10 * 60_000; // milliseconds; links last a quarter of an hour
const SHORT = 20; // pages; the JSON of longer documents is for downloading, not for a look at its head

/** `json`: the result as it was answered. */
export function readingOf(json, file, type) {
  const result = JSON.parse(json);
  const blob = (text, kind) => new Blob([text], { type: kind });
  return {
    name: file.name,
    total: result.pages.length,
    head: result,
    page: async (number) => result.pages[number - 1],
    picture: async () => drawable(file, type),
    downloads: async () => [
      { kind: "result", name: `${file.name}.ocr.json`, blob: blob(json, "application/json") },
      { kind: "text", name: `${file.name}.txt`, blob: blob(result.text, "text/plain;charset=utf-8") },
    ],
  };
}

/** `file`: the document, if it is a picture that the browser draws; null otherwise. */
export function readingOfJob(job, file, type, head) {
  const path = jobPath(job.id);
  let { links } = job;
  let fetched = Date.now();
  return {
    name: job.filename,
    total: job.pages.total ?? job.pages.done,
    head,
    page: (number, signal) => requestJson(`${path}/pages/${number}`, { signal }),
    picture: async (number, signal) => {
      if (file) return drawable(file, type);
      return (await request(`${path}/pages/${number}`, { accept: "image/png", signal })).blob();
    },
    downloads: async () => {
      if (Date.now() - fetched > FRESH) {
        ({ links } = await requestJson(path));
        fetched = Date.now();
      }
      const kinds = Object.keys(links).filter((kind) => kind !== "source");
      return kinds.map((kind) => ({ kind, name: "", href: links[kind] }));
    },
  };
}

/** Fields, warnings and the like are told by the result itself. */
export async function headOf(job, signal) {
  const known = { status: job.state, confidence: null, warnings: [], fields: [] };
  if (!job.links.result || job.pages.total > SHORT) return known;
  try {
    return await (await fetch(job.links.result, { signal })).json();
  } catch {
    signal.throwIfAborted();
    return known; // the pages are there all the same
  }
}

/** A picture that stands still, as it was read: of a moving one the first frame. */
async function drawable(file, type) {
  if (type !== "image/gif" && type !== "image/webp") return file;
  const frame = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  canvas.getContext("2d").drawImage(frame, 0, 0);
  frame.close();
  return canvas.convertToBlob();
}
