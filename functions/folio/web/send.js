/** The ways of a document into the service: small pictures are answered at once, everything else is uploaded straight
 * to the storage and becomes a job. */

import { request, requestJson } from "./api.js";
import { Problem } from "./problem.js";
import { size } from "./texts.js";

// The gateway takes 10 MB and hands on 6 MB, in Base64, of which the document may be about 4.
const AT_ONCE = 4_000_000;
const HEAD = 16;
const MAGIC = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["image/bmp", /^BM/],
  ["image/tiff", /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/],
  ["image/jp2", /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/],
  ["application/pdf", /^%PDF-/],
];
const DRAWN = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/** The media type by content, or what the browser makes of the name. */
export async function mediaType(file) {
  let head;
  try {
    head = String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    throw new Problem({ key: "problem.unreadable" });
  }
  return MAGIC.find(([, pattern]) => pattern.test(head))?.[0] ?? "application/octet-stream";
}

/** Whether a browser draws such a file. */
export const isDrawn = (type) => DRAWN.includes(type);

/** Hand a document in. Answers {job} and, if it was read at once, {result}: its JSON text. */
export async function send(file, type, options, { signal, progress }) {
  if (!file.size) throw new Problem({ key: "problem.empty" });
  const outputs = [...new Set(["text", ...(options.outputs ?? "").split(",").filter(Boolean)])].join(",");
  const wanted = { ...options, outputs };
  if (isDrawn(type) && file.size <= AT_ONCE && !options.outputs) return atOnce(file, type, wanted, signal);
  return { job: await upload(file, type, wanted, { signal, progress }) };
}

async function atOnce(file, type, options, signal) {
  const body = new FormData();
  for (const [name, value] of given(options)) body.append(name, value);
  body.append("file", new File([file], file.name, { type }), file.name);
  // Kept as a job too: it then has an address, other forms, and can be corrected.
  const answer = await request("v1/documents", { method: "POST", body, signal, headers: { Prefer: "keep" } });
  if (answer.status === 202) return { job: (await answer.json()).id };
  const job = (answer.headers.get("Location") ?? "").split("/").pop();
  return { job: job || null, result: await answer.text() };
}

async function upload(file, type, options, { signal, progress }) {
  const wanted = Object.fromEntries(given(options));
  const ticket = await requestJson("v1/uploads", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ filename: file.name, content_type: type, bytes: file.size, options: wanted }),
    signal,
  });
  if (file.size > ticket.max_bytes) {
    throw new Problem({ key: "problem.large", values: { bytes: size(file.size), limit: size(ticket.max_bytes) } });
  }
  await put(ticket, file, { signal, progress });
  return ticket.job;
}

/** The presigned form: its fields first, then the file. fetch does not tell how much has gone. */
function put({ url, fields }, file, { signal, progress }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const post = new XMLHttpRequest();
    post.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    post.addEventListener("load", () => {
      const { status } = post;
      if (status >= 200 && status < 300) resolve();
      else reject(new Problem({ status, key: "problem.upload", values: { status } }));
    });
    post.addEventListener("error", () => reject(new Problem({ key: "problem.network" })));
    post.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => post.abort(), { once: true });
    post.open("POST", url);
    post.send(form);
  });
}

const given = (options) => Object.entries(options).filter(([, value]) => value);
