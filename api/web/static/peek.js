// The context that hovering over a citation, or focusing it, shows.

/** Put it where there is more room, and the quotation into its middle. */
function place(event) {
  const cite = event.target.closest?.(".cite");
  const peek = cite?.querySelector(".peek");
  // Once it is shown it stays where it is, for the pointer to reach it.
  if (!peek || cite.contains(event.relatedTarget)) return;
  const { top, bottom } = cite.getBoundingClientRect();
  cite.classList.toggle("above", top > window.innerHeight - bottom);
  const mark = peek.querySelector("mark");
  peek.scrollTop = mark.offsetTop - (peek.clientHeight - mark.offsetHeight) / 2;
}

document.addEventListener("pointerover", place);
document.addEventListener("focusin", place);

// Escape sends it away, until the pointer or the focus comes anew.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cite of document.querySelectorAll(".cite:hover, .cite:focus-within")) {
    cite.classList.add("hushed");
  }
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const cite = event.target.closest?.(".cite");
    if (!cite?.contains(event.relatedTarget)) cite?.classList.remove("hushed");
  });
}
