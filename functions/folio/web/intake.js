/** The ways in: a file chosen, dropped anywhere on the page, or pasted. */

import { $ } from "./dom.js";

/** `taken` is called with the files; `open()` tells whether one may come now. */
export function startIntake(taken, open) {
  $("file").addEventListener("change", (event) => {
    const files = [...event.target.files];
    event.target.value = ""; // so that the same file can be chosen again
    if (files.length) taken(files);
  });
  // A file that misses the place meant for it must not replace the page.
  for (const kind of ["dragenter", "dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }
  let depth = 0; // enter and leave come for every element below the pointer
  const lift = (by) => {
    depth = Math.max(0, depth + by);
    $("drop").classList.toggle("over", depth > 0);
  };
  window.addEventListener("dragenter", () => lift(1));
  window.addEventListener("dragleave", () => lift(-1));
  window.addEventListener("drop", (event) => {
    lift(-depth);
    offer(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => offer(event.clipboardData));

  function offer(data) {
    const files = [...(data?.files ?? [])];
    if (files.length && open()) taken(files);
  }
}
