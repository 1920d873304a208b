// Helps while a note is written: marks and short texts at the caret, and how many words there are.
// Without it marks are typed, and a short text is inserted by the server when its button is pressed.

const MARKS = /\[(fact|said|infer)\]/giu;
const form = document.querySelector("form:has([data-note-text])");
const boxes = form ? Array.from(form.querySelectorAll("[data-note-text]")) : [];
let last = boxes[0] ?? null; // where somebody wrote last

function insert(words) {
  if (!last) return;
  last.focus();
  // The browser's own way keeps what was typed before within reach of "undo".
  if (!document.execCommand("insertText", false, words)) {
    last.setRangeText(words, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A mark stands before what it marks: before the selection, or before what is typed next.
function mark(kind) {
  if (!last) return;
  const { value, selectionStart: start, selectionEnd: end } = last;
  const before = start > 0 && !/\s/u.test(value[start - 1]) ? " " : "";
  insert(`${before}[${kind}] ${value.slice(start, end)}`);
}

function count() {
  const shown = form.querySelector("[data-words-of-note] [data-count]");
  const text = boxes.map((box) => box.value).join(" ").replace(MARKS, " ").trim();
  if (shown) shown.textContent = String(text ? text.split(/\s+/u).length : 0);
}

if (form) {
  for (const row of form.querySelectorAll("[data-note-marks]")) row.hidden = false;
  form.addEventListener("focusin", (event) => { if (boxes.includes(event.target)) last = event.target; });
  form.addEventListener("input", count);
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-mark], [data-insert-snippet]") : null;
    if (!button) return;
    if (button.dataset.mark) {
      mark(button.dataset.mark);
      return;
    }
    event.preventDefault();
    const words = form.querySelector("[data-snippet]")?.selectedOptions[0]?.dataset.text;
    if (words) insert(words);
  });
  form.addEventListener("keydown", (event) => {
    const number = /^Digit([1-3])$/u.exec(event.code)?.[1];
    if (!number || !event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return;
    const button = form.querySelectorAll("[data-mark]")[Number(number) - 1];
    if (!button) return;
    event.preventDefault();
    mark(button.dataset.mark);
  });
}
