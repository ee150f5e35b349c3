// Asking: what was typed stays until it is answered, and the answer joins the thread.

import { copyOf, fields, part, Problem } from "./part.js";
import { openBeside } from "./source.js";
import { say } from "./status.js";

const main = document.querySelector("main");
const turns = document.querySelector(".turns");
const form = document.querySelector("form.ask");
const box = form?.querySelector("textarea");

/** What is being answered, or null. */
let asking = null;

document.addEventListener("submit", async (event) => {
  const asked = event.target.closest("form[data-ask]");
  if (asked === null) return;
  event.preventDefault();
  if (asking !== null) return;
  const body = fields(asked, event.submitter);
  for (const [name, value] of fields(form)) {
    if (asked !== form && name !== "question") body.append(name, value);
  }
  const old = asked.closest(".turn");
  await ask(asked.action, body, old);
});

/** Ask, and put the answer in the place of the turn `old`, or at the end. */
async function ask(address, body, old) {
  const question = body.get("as") === "typed" ? old.querySelector("h2").textContent : body.get("question");
  const pending = copyOf("pending").firstElementChild;
  pending.querySelector("h2").textContent = question;
  if (old === null) turns.append(pending);
  else old.replaceWith(pending);
  main.classList.remove("start");
  asking = new AbortController();
  pending.querySelector("[data-stop]").addEventListener("click", () => asking.abort());
  settle(form.querySelector(".problem"));
  if (old === null) box.value = "";
  pending.scrollIntoView({ block: "start" });
  try {
    const nodes = await part(address, { body, signal: asking.signal });
    pending.replaceWith(...nodes);
    answered(nodes.find((node) => node instanceof Element));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (old === null) pending.remove();
    else pending.replaceWith(old);
    // What has been typed meanwhile goes before what could not be asked.
    if (old === null && box.value === "") box.value = question;
    settle(form.querySelector(".problem"), ...error.nodes);
    box.focus();
  } finally {
    asking = null;
    keep();
  }
}

function answered(turn) {
  turn.scrollIntoView({ block: "start" });
  say(turn.dataset.said);
  const talk = turn.dataset.talk;
  if (talk !== undefined && form.elements.talk === undefined) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "talk", value: talk });
    form.prepend(field);
    history.replaceState(history.state, "", `./?talk=${encodeURIComponent(talk)}`);
  }
  if (turn.dataset.source !== undefined) openBeside(turn.dataset.source);
}

function settle(place, ...nodes) {
  place.replaceChildren(...nodes);
}

// Enter asks; with Shift it begins a line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const field = event.target.closest("form[data-ask] textarea");
  if (field === null) return;
  event.preventDefault();
  field.form.requestSubmit(field.form.querySelector("button:not([formnovalidate])"));
});

// What is typed outlives a reload, and having to give a key first.
function keep() {
  sessionStorage.setItem("draft", box.value);
}

if (form !== null) {
  box.addEventListener("input", keep);
  if (box.value === "") box.value = sessionStorage.getItem("draft") ?? "";
}
