// Saves the page reloading. Everything works without it: links lead to pages, the form posts.
"use strict";

const source = document.querySelector(".source");
const turns = document.querySelector(".turns");
const form = document.querySelector("form.ask");

/** Fetch a part of a page, rendered and escaped by the service, as nodes. */
async function part(address, options) {
  const reply = await fetch(address, { ...options, headers: { "X-Part": "1" } });
  const parsed = new DOMParser().parseFromString(await reply.text(), "text/html");
  return { ok: reply.ok, nodes: [...parsed.body.childNodes] };
}

async function open(link) {
  const { ok, nodes } = await part(link.href);
  if (!ok) {
    location.assign(link.href);
    return;
  }
  source.replaceChildren(...nodes);
  source.classList.add("shown");
  const mark = source.querySelector("mark");
  (mark ?? source).scrollIntoView({ block: mark ? "center" : "start" });
  source.querySelector("h2").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-part=source]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link);
  }
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { nodes } = await part(form.action, { method: "POST", body: new FormData(form) });
    turns.append(...nodes);
    turns.lastElementChild.scrollIntoView({ block: "start" });
    form.reset();
  } finally {
    button.disabled = false;
  }
});

form?.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
