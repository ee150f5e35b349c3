// Says what has happened to whoever does not see it: once.

const region = document.getElementById("status");

export function say(words) {
  region.textContent = "";
  // A region that gets the same words again is read out again only if it was empty in between.
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}
