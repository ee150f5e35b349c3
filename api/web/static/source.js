// The source beside the thread, or over it where there is no room beside.

import { part, Problem } from "./part.js";

const pane = document.querySelector(".source");
const thread = document.querySelector(".thread");
const header = document.querySelector("header.top");
const narrow = matchMedia("(width < 64rem)");
const nothing = pane === null ? [] : [...pane.childNodes];

/** What was clicked to open what is shown. */
let opener = null;

/** Fetch a document into the pane, and move the quotation in it into view. */
async function show(address) {
  let nodes;
  try {
    nodes = await part(address);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    nodes = error.nodes;
  }
  pane.replaceChildren(...nodes);
  toQuotation();
}

function toQuotation() {
  const mark = pane.querySelector("mark.sentence");
  const top = mark === null ? 0 : mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop = mark === null ? 0 : pane.scrollTop + top - pane.clientHeight / 3;
}

/** Lay the pane over the thread, where there is no room beside it; or take it away again. */
function cover(wanted) {
  const covered = wanted && narrow.matches;
  pane.classList.toggle("over", covered);
  thread.inert = covered;
  header.inert = covered;
}

/** Open a document because somebody wants to read it. */
async function open(link) {
  opener = link;
  history.pushState({ source: link.href }, "");
  await show(link.href);
  cover(true);
  toQuotation();
  pane.querySelector("h2, p")?.focus({ preventScroll: true });
}

/** Open a document beside an answer, if there is room, without drawing attention to it. */
export async function openBeside(address) {
  if (narrow.matches) return;
  history.replaceState({ source: address }, "");
  await show(address);
}

async function more(link) {
  const before = link.dataset.more === "before";
  let nodes;
  try {
    nodes = await part(link.href);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    link.after(...error.nodes);
    return;
  }
  const came = nodes.filter((node) => node instanceof Element);
  const text = came.find((node) => node.matches(".text"));
  const further = came.find((node) => node.querySelector(`[data-more=${link.dataset.more}]`));
  const place = link.closest(".more");
  const height = pane.scrollHeight;
  const top = pane.scrollTop;
  place.replaceWith(...(before ? [further, text] : [text, further]).filter(Boolean));
  // What one reads stays where it is, whatever is put above it.
  pane.scrollTop = before ? top + pane.scrollHeight - height : top;
  text.tabIndex = -1;
  text.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open], a[data-more]");
  if (link === null || pane === null) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.dataset.more === undefined) open(link);
  else more(link);
});

pane?.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) back();
});

pane?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") back();
});

/** Go back to the answer whose source is shown. */
function back() {
  if (pane.classList.contains("over")) history.back();
  else opener?.focus();
}

window.addEventListener("popstate", async (event) => {
  const address = event.state?.source;
  if (address === undefined) {
    cover(false);
    pane.replaceChildren(...nothing);
    toQuotation();
    opener?.focus();
    return;
  }
  await show(address);
  cover(true);
});

narrow.addEventListener("change", () => cover(history.state?.source !== undefined));

if (pane !== null) {
  if (history.state?.source !== undefined) {
    show(history.state.source).then(() => cover(true));
  } else if (pane.querySelector("header") !== null) {
    toQuotation();
  } else {
    const last = [...document.querySelectorAll("[data-source]")].at(-1);
    if (last !== undefined) openBeside(last.dataset.source);
  }
}
