// Fetches what is new on a page.

/** Nodes that say why there is nothing else. */
export class Problem extends Error {
  constructor(nodes) {
    super("a problem");
    this.nodes = nodes;
  }
}

/**
 * Return the nodes of a part, or throw a Problem.
 *
 * The browser parses it as it comes, which runs no script: HTML is never made of text here.
 */
export function part(address, { body = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body === null ? "GET" : "POST", address);
    request.responseType = "document";
    request.setRequestHeader("X-Part", "1");
    request.addEventListener("load", () => {
      const nodes = request.response === null ? unreachable() : [...request.response.body.childNodes];
      if (request.status < 400) resolve(nodes);
      else reject(new Problem(nodes));
    });
    request.addEventListener("error", () => reject(new Problem(unreachable())));
    request.addEventListener("abort", () => reject(new Problem([])));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** Return what a form would send, with the button that was pressed. */
export function fields(form, button = null) {
  return new URLSearchParams(new FormData(form, button));
}

/** Return a copy of what a template holds. */
export function copyOf(id) {
  return document.getElementById(id).content.cloneNode(true);
}

function unreachable() {
  return [...copyOf("unreachable").childNodes];
}
