// Keeps the safety plan on this device for times without a network, after its owner asked for it; and takes it off
// again as soon as the practice says that it is not kept here any more.

const SHELF = "plan";
const place = document.querySelector("[data-plan]");
const workers = "serviceWorker" in navigator ? navigator.serviceWorker : null;

function asksToKeep(worker) {
  return new Promise((answered) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => answered(event.data === true);
    worker.postMessage("keep", [channel.port2]);
  });
}

async function keep() {
  if (!workers) return false;
  await workers.register(place.dataset.worker, { scope: "/" });
  const { active } = await workers.ready;
  return asksToKeep(active);
}

async function forget() {
  if (!workers) return;
  await caches.delete(SHELF);
  for (const registration of await workers.getRegistrations()) await registration.unregister();
}

if (place?.dataset.plan === "kept") {
  const done = await keep().catch(() => false);
  place.textContent = done ? place.dataset.done : place.dataset.failed;
} else if (place?.dataset.plan === "none") {
  await forget().catch(() => {});
}
