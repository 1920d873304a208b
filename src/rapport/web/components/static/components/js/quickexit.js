// Leave quickly: clear the page at once and take its place in the history with somewhere harmless.
// Pressing Escape three times within two seconds does the same. Without script it is a plain link.

const link = document.querySelector("a[data-leave]");
let presses = [];

function leave() {
  document.title = "";
  document.body.replaceChildren();
  window.location.replace(link.href);
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = event.timeStamp;
    presses = [...presses, now].filter((at) => now - at < 2000);
    if (presses.length >= 3) leave();
  });
}
