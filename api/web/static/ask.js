// Asking: an answer joins the thread, and what was typed is not lost if there is none.

import { copyOf, fields, part, Problem } from "./part.js";
import { openBeside } from "./source.js";
import { say } from "./status.js";

const main = document.querySelector("main");
const exchanges = document.querySelector(".exchanges");
const form = document.querySelector("form.ask");
const box = form?.querySelector("textarea");
const problem = form?.querySelector(".problem");

/** Whether a question is being answered: the next one may lean on it, and has to wait. */
let busy = false;

document.addEventListener("submit", (event) => {
  const asked = event.target.closest("form[data-ask]");
  if (asked === null) return;
  event.preventDefault();
  if (!busy) ask(asked, fields(asked, event.submitter));
});

/** Ask what a form says. An answer that is asked again takes the place of the old one. */
async function ask(asked, body) {
  const old = asked.closest(".exchange");
  const question = body.get("as") === "typed" ? old.querySelector("h2").textContent : body.get("question");
  const pending = copyOf("pending").firstElementChild;
  const stopped = new AbortController();
  pending.querySelector("h2").textContent = question;
  pending.querySelector("[data-stop]").addEventListener("click", () => stopped.abort());
  problem.replaceChildren();
  if (old !== null) old.hidden = true;
  else box.value = "";
  main.classList.remove("start");
  exchanges.append(pending);
  pending.scrollIntoView({ block: "start" });
  busy = true;
  try {
    const nodes = await part(asked.action, { body, signal: stopped.signal });
    old?.remove();
    pending.replaceWith(...nodes);
    answered(nodes.find((node) => node instanceof Element));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    pending.remove();
    if (old !== null) old.hidden = false;
    // What has been typed meanwhile is not overwritten.
    else if (box.value === "") box.value = question;
    problem.replaceChildren(...error.nodes);
    if (exchanges.childElementCount === 0) main.classList.add("start");
    box.focus();
  } finally {
    busy = false;
    keep();
  }
}

function answered(exchange) {
  exchange.scrollIntoView({ block: "start" });
  say(exchange.dataset.said);
  const { source, talk } = exchange.dataset;
  if (talk !== undefined && form.elements.talk === undefined) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "talk";
    field.value = talk;
    form.prepend(field);
    history.replaceState(history.state, "", `./?talk=${talk}`);
  }
  if (source !== undefined) openBeside(source);
}

/** Keep what is typed for when the page is loaded again, or another one first. */
function keep() {
  sessionStorage.setItem("draft", box.value);
}

// Enter asks; with Shift it begins a line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const field = event.target.closest("form[data-ask] textarea");
  if (field === null) return;
  event.preventDefault();
  field.form.requestSubmit(field.closest(".box").querySelector("button"));
});

// A conversation goes on where it ended.
if (exchanges?.dataset.newest !== undefined && !location.hash) exchanges.lastElementChild?.scrollIntoView();

if (box) {
  box.addEventListener("input", keep);
  if (box.value === "") box.value = sessionStorage.getItem("draft") ?? "";
}
