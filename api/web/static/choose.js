// Choosing documents in a dialog over the page.

import { fields, part, Problem } from "./part.js";

const dialog = document.querySelector("dialog.choose");

async function fill(address) {
  try {
    dialog.replaceChildren(...(await part(address)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    dialog.replaceChildren(...error.nodes);
  }
}

function address(form, button) {
  return `${button?.getAttribute("formaction") ?? form.getAttribute("action")}?${fields(form, button)}`;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-choose]");
  if (button === null) return;
  event.preventDefault();
  await fill(address(button.form, button));
  dialog.showModal();
});

// What the limits are in words follows what is set.
document.addEventListener("change", async (event) => {
  const limits = event.target.closest(".limits");
  if (limits === null) return;
  try {
    const [changed] = (await part(`./?${fields(limits.closest("form"))}`)).filter((node) => node instanceof Element);
    limits.querySelector("summary").replaceWith(changed.querySelector("summary"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // It is said when the question is asked.
  }
});

dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.dataset.use === undefined) {
    await fill(address(event.target, button));
    dialog.querySelector("input[type=search]").focus();
    return;
  }
  const limits = document.querySelector("form.ask .limits");
  limits.replaceWith(...(await part(address(event.target, button))));
  dialog.close();
});

dialog?.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) dialog.close();
});
