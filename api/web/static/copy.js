// Copies quotations and links. Browsers allow that on secure connections and on this machine only;
// elsewhere the text is shown, ready to be copied.

import { say } from "./status.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button === null) return;
  const from = document.getElementById(button.dataset.copy);
  const text = from instanceof HTMLAnchorElement ? from.href : from.value;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    offer(button, from, text);
    return;
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 2000);
  say(button.dataset.said);
});

/** Show a text next to the button, selected. */
function offer(button, from, text) {
  const field = from instanceof HTMLTextAreaElement ? from : document.createElement("textarea");
  if (field !== from) {
    field.className = "copied";
    field.readOnly = true;
    field.setAttribute("aria-label", button.textContent);
    field.value = text;
    button.after(field);
  }
  field.hidden = false;
  field.focus();
  field.select();
}
