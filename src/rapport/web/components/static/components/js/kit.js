// The small things a page does by itself: dialogs, questions before what cannot be undone, printing, copying.
// Everything here is an improvement; each page works without it.

document.documentElement.classList.add("scripted");

export function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

function opened(id) {
  const dialog = document.getElementById(id);
  return dialog instanceof HTMLDialogElement ? dialog : null;
}

function onClick(event) {
  const at = event.target instanceof Element ? event.target : null;
  if (!at) return;

  const opener = at.closest("[data-opens]");
  if (opener) {
    const dialog = opened(opener.dataset.opens);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }

  const closer = at.closest("[data-closes]");
  const around = closer?.closest("dialog");
  if (around) {
    if (around.open) {
      if (closer.matches("a")) event.preventDefault();
      around.close();
    }
    return;
  }

  if (at.closest("[data-print]")) {
    event.preventDefault();
    window.print();
    return;
  }

  const copier = at.closest("[data-copies]");
  if (copier) copy(copier);
}

async function copy(button) {
  const value = button.closest(".copy")?.querySelector("output")?.textContent ?? "";
  const words = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(value.trim());
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.closest(".copy").querySelector("output"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  const before = words.textContent;
  words.textContent = button.dataset.done;
  say(button.dataset.done);
  setTimeout(() => { words.textContent = before; }, 2000);
}

// A form or button with data-confirm="Question?" asks first. And a trembling hand presses twice: the same form is not
// sent again within a second.
const TWICE = 1_000;
const sent = new WeakMap();

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.matches("[data-noting]")) return;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  const now = performance.now();
  if (now - (sent.get(form) ?? -TWICE) < TWICE || (question && !window.confirm(question))) event.preventDefault();
  else sent.set(form, performance.now());
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.type === "click" && !menu.contains(event.target)) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", onClick);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(event); });
document.addEventListener("submit", onSubmit);

// After a form came back with errors, begin at the list of what is missing.
document.querySelector("[data-errors]")?.focus();

// A page that a browser kept whole is asked for anew: it may not be this person's to see any more.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A device in somebody else's hands: every other window of ours covers itself, and asks its owner who they are.
const windows = new BroadcastChannel("handed");
if (document.querySelector("[data-handed]")) windows.postMessage("over");
else windows.addEventListener("message", () => {
  document.documentElement.hidden = true;
  location.reload();
});

// Tabs that do not fit scroll to the one a person is on.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = tab.parentElement;
  bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
}

// The protection against forged requests, for fragments too: the token stands in any form of the page.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});
