// The clock of the room: whole minutes only, nothing that blinks. It counts from the moment the server gave, so a
// wrong clock on this computer does not matter.
//
// <div data-room data-started="ISO" data-now="ISO" data-minutes="50">
//   <span data-elapsed></span> <span data-remaining></span> <progress></progress>
// </div>
// `nearly` is set in the last five minutes, `over` after the end; data-nearly="5" changes the five.

const MINUTE = 60_000;

export function minutes(started, now) {
  return Math.max(0, Math.floor((now - started) / MINUTE));
}

function show(room, offset) {
  const started = Date.parse(room.dataset.started);
  const length = Number(room.dataset.minutes);
  const elapsed = minutes(started, performance.timeOrigin + performance.now() + offset);
  const left = Math.max(0, length - elapsed);
  const nearly = Number(room.dataset.nearly ?? 5);
  write(room, "[data-elapsed]", elapsed);
  write(room, "[data-remaining]", left);
  const bar = room.querySelector("progress");
  if (bar) bar.value = Math.min(elapsed, length);
  room.classList.toggle("nearly", left > 0 && left <= nearly);
  room.classList.toggle("over", left === 0);
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
