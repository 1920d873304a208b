// Keeps what is typed: at most five seconds of typing are lost by a crash, a closed tab or an expired sign-in.
//
// <form data-autosave="URL" data-version="3" method="post"> … <textarea name="text"> … <c-autosave /> </form>
//
// Sends the form's fields with `version` (what the page began from), `client_tab`, `client_seq` (rising; the server
// ignores what is older than what it has) as a POST that asks for JSON. The server answers
//   200 {"version": 4, "words": "Saved 10:32"}            kept
//   401, 403 or 423                                       signed out or locked: the text stays here, sign in again
//   409 {"version": 5, "theirs": {"text": "…"}}           changed elsewhere meanwhile: both texts are shown
//   413, 422 {"words": "…"}                               refused, and why
//   503, 507 {"words": "…"}                               cannot be kept now, and why; it is sent again and again
// Nothing is ever put into the browser's storage: the text lives in this page and on the server.

import { say } from "./kit.js";
import { showBoth } from "./conflict.js";
import { putBack } from "./kept.js";

const PAUSE = 4_000; // between two sendings while somebody types; one more second is left for the way
const LONGEST_WAIT = 30_000;
const KEEPALIVE_LIMIT = 60_000; // browsers refuse larger bodies that outlive their page

const TAB = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
let sequence = 0;

class Autosave {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-saved-state]");
    putBack(form);
    this.version = form.dataset.version ?? form.elements.version?.value ?? "";
    this.dirty = false;
    this.halted = false; // signed out, or two texts to choose from
    this.timer = 0;
    this.waiting = PAUSE;
    this.inFlight = 0;
    form.addEventListener("input", () => this.touched());
    form.addEventListener("focusout", () => this.flush());
    form.addEventListener("submit", () => this.submitted());
    form.querySelector("[data-kept-forget]")?.addEventListener("click", () => this.forget());
  }

  touched() {
    this.dirty = true;
    this.show("typing");
    if (!this.timer && !this.halted) this.timer = setTimeout(() => this.send(), this.waiting);
  }

  // A person saves: the form takes along which window this is and how far it came, so that a late sending is older.
  submitted() {
    clearTimeout(this.timer);
    this.dirty = false;
    const own = { version: this.version, client_tab: TAB, client_seq: String(++sequence) };
    for (const [name, value] of Object.entries(own)) if (this.form.elements[name]) this.form.elements[name].value = value;
  }

  flush({ leaving = false } = {}) {
    if (this.dirty && !this.halted && (leaving || !this.inFlight)) this.send();
  }

  // What was put back is not wanted: it is forgotten, and the page comes as it is without it.
  async forget() {
    clearTimeout(this.timer);
    this.dirty = false;
    this.halted = true;
    const answer = await this.post(`${this.body()}&forget=yes`).catch(() => null);
    if (answer?.ok) {
      window.location.replace(window.location.href);
      return;
    }
    this.halted = false;
    this.show("failed");
  }

  body() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.append(name, value);
    }
    fields.set("version", this.version);
    fields.set("client_tab", TAB);
    fields.set("client_seq", String(++sequence));
    return fields.toString();
  }

  post(body) {
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      credentials: "same-origin",
      keepalive: body.length < KEEPALIVE_LIMIT,
      redirect: "manual",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Accept: "application/json",
        "X-CSRFToken": token(this.form)?.value ?? "",
      },
      body,
    });
  }

  async send() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.dirty = false;
    const body = this.body();
    const mine = sequence;
    this.inFlight += 1;
    this.show("saving");
    let answer = null;
    let said = {};
    try {
      answer = await this.post(body);
      if (answer.headers.get("Content-Type")?.includes("json")) said = await answer.json();
    } catch {
      answer = null;
    }
    this.inFlight -= 1;
    if (mine === sequence || answer?.status !== 200) this.heard(answer, said);
    else if (said.version !== undefined) this.version = String(said.version);
  }

  heard(answer, said) {
    if (answer?.ok) {
      if (said.version !== undefined) this.version = String(said.version);
      this.waiting = PAUSE;
      this.show(this.dirty ? "typing" : "saved", said.words);
      if (this.dirty) this.touched();
    } else if (answer?.status === 409) {
      this.conflict(said);
    } else if (answer && (answer.type === "opaqueredirect" || [401, 403, 423].includes(answer.status))) {
      this.locked();
    } else {
      const refused = [413, 422].includes(answer?.status);
      this.show("failed", said.words);
      this.dirty = true;
      this.waiting = Math.min(this.waiting * 2, LONGEST_WAIT);
      if (!refused) this.timer ||= setTimeout(() => this.send(), this.waiting);
    }
  }

  locked() {
    this.halted = true;
    this.dirty = true;
    this.show("locked");
    const dialog = this.form.querySelector("[data-signed-out]");
    if (dialog && !dialog.open) dialog.showModal();
  }

  // After signing in elsewhere the page's proof against forgery is old: take a new one from a fresh copy of this page.
  async resume() {
    const page = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    if (!page?.ok) return false;
    const fresh = token(new DOMParser().parseFromString(await page.text(), "text/html"));
    if (!fresh) return false;
    for (const old of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) old.value = fresh.value;
    this.form.querySelector("[data-signed-out]")?.close();
    this.halted = false;
    this.send();
    return true;
  }

  async conflict(said) {
    this.halted = true;
    this.dirty = true;
    this.show("conflict");
    const theirs = typeof said.theirs === "string" ? { text: said.theirs } : (said.theirs ?? {});
    await showBoth(this.form, theirs);
    this.version = String(said.version ?? this.version);
    this.halted = false;
    this.send();
  }

  show(what, words) {
    if (!this.state) return;
    const shown = words ?? this.state.dataset[what] ?? "";
    this.state.classList.toggle("failed", ["failed", "locked", "conflict"].includes(what));
    if (this.state.textContent !== shown) this.state.textContent = shown;
    if (["failed", "locked", "conflict"].includes(what)) say(shown);
  }
}

function token(where) {
  return where.querySelector("input[name=csrfmiddlewaretoken]");
}

const kept = Array.from(document.querySelectorAll("form[data-autosave]"), (form) => new Autosave(form));

function flushAll() {
  for (const one of kept) one.flush({ leaving: true });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flushAll();
});
window.addEventListener("pagehide", flushAll);
window.addEventListener("focus", () => {
  for (const one of kept) if (one.halted && one.form.querySelector("[data-signed-out]")?.open) one.resume();
});
window.addEventListener("beforeunload", (event) => {
  if (kept.some((one) => one.halted && one.dirty)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const again = event.target instanceof Element ? event.target.closest("[data-send-again]") : null;
  if (!again) return;
  event.preventDefault();
  for (const one of kept) if (one.form.contains(again)) one.resume();
});
