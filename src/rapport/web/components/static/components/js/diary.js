// The diary by hand: drag over free time to book it, drag a planned hour to another time, arrow keys between free times.
// Nothing is booked or moved here. Each gesture opens the page that asks; without this file every free time is a link.

import { say } from "./kit.js";

const STEP = 5; // minutes
const HOUR = 60;
const STILL = 6; // pixels a hand may shake without dragging

for (const grid of document.querySelectorAll("[data-diary]")) {
  arrows(grid);
  grid.addEventListener("pointerdown", (event) => begin(grid, event));
  grid.addEventListener("dragstart", (event) => event.preventDefault());
}

// ---- keyboard: one stop for the tab key, arrows from there ----
function arrows(grid) {
  const columns = [...grid.querySelectorAll(".diary-column")].map((column) => [...column.querySelectorAll(".free")]);
  const all = columns.flat();
  if (!all.length || all[0].offsetParent === null) return;
  for (const free of all) free.tabIndex = -1;
  all[0].tabIndex = 0;
  grid.addEventListener("keydown", (event) => {
    const place = columns.findIndex((column) => column.includes(event.target));
    if (place < 0) return;
    const row = columns[place].indexOf(event.target);
    const next = {
      ArrowDown: () => columns[place][row + 1],
      ArrowUp: () => columns[place][row - 1],
      ArrowRight: () => nearest(columns.slice(place + 1), event.target),
      ArrowLeft: () => nearest(columns.slice(0, place).reverse(), event.target),
      Home: () => columns[place][0],
      End: () => columns[place].at(-1),
    }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    for (const free of all) free.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

function nearest(columns, from) {
  const column = columns.find((each) => each.length);
  const wanted = minutesOf(from.dataset.start);
  const away = (free) => Math.abs(minutesOf(free.dataset.start) - wanted);
  return column?.reduce((best, free) => (away(free) < away(best) ? free : best));
}

// ---- pointer ----
function begin(grid, event) {
  if (event.button !== 0 || event.pointerType === "touch" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const column = event.target.closest(".diary-column");
  if (!column || getComputedStyle(column.firstElementChild ?? column).position === "static") return;
  const block = event.target.closest(".block");
  if (block && !block.dataset.move) return;
  if (!block && !column.dataset.book) return;
  const gesture = block ? moving(grid, column, block, event) : choosing(grid, column, event);
  track(event, gesture);
}

function track(first, gesture) {
  let dragging = false;
  const move = (event) => {
    if (!dragging && Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) < STILL) return;
    dragging = true;
    gesture.drag(event);
  };
  const stop = (event) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", stop);
    removeEventListener("pointercancel", stop);
    removeEventListener("keydown", escape);
    if (dragging) addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
    gesture.end(dragging && event.type === "pointerup");
  };
  const escape = (event) => {
    if (event.key === "Escape") stop(event);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", stop);
  addEventListener("pointercancel", stop);
  addEventListener("keydown", escape);
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function choosing(grid, column, first) {
  const anchor = minuteAt(grid, column, first.clientY);
  let from = anchor;
  let until = anchor;
  const ghost = ghostIn(grid);
  return {
    drag(event) {
      const here = minuteAt(grid, column, event.clientY);
      from = Math.min(anchor, here);
      until = Math.max(anchor, here);
      ghost.show(column, from, until - from);
    },
    end(wanted) {
      ghost.remove();
      if (!wanted || until - from < STEP) return;
      go(`${column.dataset.book}&start=${clock(from)}&length=${until - from}`);
    },
  };
}

function moving(grid, column, block, first) {
  const minutes = Number(block.dataset.minutes);
  const grip = minuteAt(grid, column, first.clientY) - minuteAt(grid, column, block.getBoundingClientRect().top);
  const ghost = ghostIn(grid);
  let to = null;
  let start = 0;
  return {
    drag(event) {
      block.classList.add("dragged");
      const over = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.closest(".diary-column"));
      to = over?.closest(".diary-column") ?? to ?? column;
      start = Math.max(0, minuteAt(grid, to, event.clientY) - grip);
      ghost.show(to, start, minutes);
    },
    end(wanted) {
      ghost.remove();
      block.classList.remove("dragged");
      if (!wanted || !to?.dataset.day) return;
      go(`${block.dataset.move}?day=${to.dataset.day}&start=${clock(start)}`);
    },
  };
}

function ghostIn(grid) {
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  const first = Number(grid.dataset.first) * HOUR;
  return {
    show(column, from, minutes) {
      const hour = hourHeight(grid, column);
      ghost.style.insetBlockStart = `${((from - first) / HOUR) * hour}px`;
      ghost.style.blockSize = `${(minutes / HOUR) * hour}px`;
      ghost.textContent = `${clock(from)}–${clock(from + minutes)}`;
      if (ghost.parentElement !== column) column.append(ghost);
      say(ghost.textContent);
    },
    remove: () => ghost.remove(),
  };
}

function hourHeight(grid, column) {
  return column.getBoundingClientRect().height / grid.querySelectorAll(".diary-times li").length;
}

function minuteAt(grid, column, y) {
  const inside = (y - column.getBoundingClientRect().top) / hourHeight(grid, column);
  const minute = (Number(grid.dataset.first) + inside) * HOUR;
  return Math.min(24 * HOUR - STEP, Math.max(0, Math.round(minute / STEP) * STEP));
}

function minutesOf(words) {
  const [hours, minutes] = words.split(":").map(Number);
  return hours * HOUR + minutes;
}

function clock(minute) {
  const within = minute % (24 * HOUR);
  return `${String(Math.floor(within / HOUR)).padStart(2, "0")}:${String(within % HOUR).padStart(2, "0")}`;
}

function go(address) {
  window.location.assign(address);
}
