// Forms whose reply takes the place of what they stand in.

import { fields, part, Problem } from "./part.js";
import { say } from "./status.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-swap]");
  if (form === null) return;
  event.preventDefault();
  const button = event.submitter;
  const at = [...form.elements].indexOf(button);
  const slot = form.closest("[data-slot]") ?? form;
  try {
    const nodes = await part(form.action, { body: fields(form, button) });
    slot.replaceWith(...nodes);
    const fresh = nodes.find((node) => node instanceof Element);
    say(fresh?.dataset.said ?? "");
    if (fresh instanceof HTMLFormElement) fresh.elements[at]?.focus();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    form.querySelector("[role=alert]")?.remove();
    const shown = document.createElement("div");
    shown.setAttribute("role", "alert");
    shown.className = "problem";
    form.append(shown);
    shown.append(...error.nodes);
  }
});
