// The context that hovering over a citation shows: above it where there is more room, and gone on Esc.

function place(event) {
  const cite = event.target.closest?.(".cite");
  const peek = cite?.querySelector(".peek");
  if (!peek) return;
  const { top, bottom } = cite.getBoundingClientRect();
  cite.classList.toggle("above", top > window.innerHeight - bottom);
}

document.addEventListener("pointerover", place);
document.addEventListener("focusin", place);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cite of document.querySelectorAll(".cite:hover, .cite:focus-within")) {
    cite.classList.add("hushed");
  }
});

for (const [end, still] of [["pointerout", ":hover"], ["focusout", ":focus-within"]]) {
  document.addEventListener(end, (event) => {
    const cite = event.target.closest?.(".cite");
    if (!cite?.contains(event.relatedTarget)) cite?.classList.remove("hushed");
  });
}
