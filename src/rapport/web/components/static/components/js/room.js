// The clock of the room: whole minutes only, nothing that blinks. It counts from the moment the server gave, so a
// wrong clock on this computer does not matter.
//
// <div data-room data-started="ISO" data-now="ISO" data-minutes="50">
//   <span data-elapsed></span> <span data-remaining></span> <progress></progress> <li data-begins="0" data-ends="5">
// </div>
// One class says how near the end is: quiet, ten_left, five_left, over. What glows is the style sheet's to say.

const MINUTE = 60_000;
const SIGNALS = ["quiet", "ten_left", "five_left", "over"];

export function minutes(started, now) {
  return Math.max(0, Math.floor((now - started) / MINUTE));
}

export function signal(left) {
  if (left <= 0) return "over";
  if (left <= 5) return "five_left";
  return left <= 10 ? "ten_left" : "quiet";
}

function show(room, offset) {
  const started = Date.parse(room.dataset.started);
  const length = Number(room.dataset.minutes);
  const elapsed = minutes(started, performance.timeOrigin + performance.now() + offset);
  const left = Math.max(0, length - elapsed);
  write(room, "[data-elapsed]", elapsed);
  write(room, "[data-remaining]", left);
  const bar = room.querySelector("progress");
  if (bar) bar.value = Math.min(elapsed, length);
  const now = signal(left);
  for (const each of SIGNALS) room.classList.toggle(each, each === now);
  for (const part of room.querySelectorAll("[data-begins]")) {
    const here = Number(part.dataset.begins) <= elapsed && elapsed < Number(part.dataset.ends);
    if (here) part.setAttribute("aria-current", "step");
    else part.removeAttribute("aria-current");
  }
}

function write(room, where, value) {
  const spot = room.querySelector(where);
  if (spot && spot.textContent !== String(value)) spot.textContent = String(value);
}

for (const room of document.querySelectorAll("[data-room]")) {
  if (!Number.isFinite(Date.parse(room.dataset.started))) continue;
  const given = Date.parse(room.dataset.now);
  const offset = Number.isFinite(given) ? given - (performance.timeOrigin + performance.now()) : 0;
  const tick = () => show(room, offset);
  tick();
  setInterval(tick, 5_000);
  document.addEventListener("visibilitychange", tick);
}
