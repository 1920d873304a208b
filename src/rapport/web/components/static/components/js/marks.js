// Marks by one key or one tap. A press is sent at once with a key of its own; while the connection is away it waits
// here and is sent again, with how long ago it was. Without this script each form posts and the page comes back.

import { say } from "./kit.js";

const AGAIN = 4_000;
const TWICE = 700; // a second press of the same thing within this time is a trembling hand
const waiting = [];
let last = { form: null, what: "", at: -TWICE };

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function press(form, button) {
  const what = button?.value ?? "";
  const at = performance.now();
  const again = form === last.form && what === last.what && at - last.at < TWICE;
  if (again && !form.matches("[data-undo]")) return;
  last = { form, what, at };
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  if (body.has("key") || button) body.set("key", freshKey());
  waiting.push({ form, url: form.action, body, at, label: button?.textContent.trim() ?? "" });
  if (button) {
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 900);
  }
  if (waiting.length === 1) send();
}

async function send() {
  const next = waiting[0];
  if (!next) return;
  next.body.set("ago", String(Math.round((performance.now() - next.at) / 1000)));
  let answer;
  try {
    answer = await fetch(next.url, { method: "POST", body: next.body, headers: { "HX-Request": "true" } });
  } catch {
    tell(true);
    setTimeout(send, AGAIN);
    return;
  }
  tell(false);
  if (answer.status >= 500) {
    setTimeout(send, AGAIN);
    return;
  }
  waiting.shift();
  if (answer.redirected || ![200, 422].includes(answer.status)) {
    window.location.reload();
    return;
  }
  draw(await answer.text());
  if (answer.ok) {
    if (next.label) say(next.label);
    empty(next);
  }
  send();
}

// What was typed into a form that stays is taken out once it was kept, not before: a refusal loses no word.
function empty({ form, body }) {
  if (!form.matches(".earlier")) return;
  for (const field of form.querySelectorAll("input[type=text]")) {
    if (field.value === body.get(field.name)) field.value = "";
  }
}

// Whoever marks is told when what they marked has not arrived yet, and is asked before they leave with it.
function tell(away) {
  const note = document.querySelector("[data-away]");
  if (!note || note.hidden !== away) return;
  note.hidden = !away;
  if (away) say(note.textContent);
}

addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

function draw(html) {
  const here = document.getElementById("trail");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("trail");
  if (here && fresh) here.replaceWith(document.importNode(fresh, true));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-noting]")) return;
  event.preventDefault();
  press(form, event.submitter?.name ? event.submitter : null);
});

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-keys]");
  if (!form || event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const pressed = event.key.toLowerCase();
  if (pressed === "?") {
    document.getElementById("room-keys")?.showModal?.();
    return;
  }
  if (pressed === "z") {
    const undo = document.querySelector("form[data-undo]");
    if (undo) press(undo, null);
    return;
  }
  const button = form.querySelector(`button[data-key="${CSS.escape(pressed)}"]`);
  if (button) press(form, button);
});

// An agenda can be put in order by dragging; the buttons do the same.
let dragged = null;

function item(event) {
  return event.target instanceof Element ? event.target.closest("[data-item]") : null;
}

function makeDraggable() {
  for (const each of document.querySelectorAll("[data-orders] > [data-item]")) each.draggable = true;
}

document.addEventListener("dragstart", (event) => { dragged = item(event); });
document.addEventListener("dragover", (event) => { if (dragged && item(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const over = item(event);
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const form = dragged.querySelector("form");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  window.htmx?.ajax("POST", form.action, {
    target: "#agenda",
    select: "#agenda",
    swap: "outerHTML",
    values: { csrfmiddlewaretoken: token, item: dragged.dataset.item, do: over.dataset.item },
  });
  dragged = null;
});
document.addEventListener("htmx:afterSettle", makeDraggable);
makeDraggable();
