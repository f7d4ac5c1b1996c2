/** Finding and making elements. Text is always text: nothing here, or elsewhere on the page, reads a string as HTML. */

export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (null: left out) and children, which are elements or texts. */
export const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

export const shape = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Focus for the keyboard and the screen reader after what they were on has gone. */
export function moveTo(element) {
  element.focus({ preventScroll: true });
  window.scrollTo({ top: 0, behavior: "instant" });
}

/** Waits; ends with an AbortError where the signal says so. */
export function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
}
