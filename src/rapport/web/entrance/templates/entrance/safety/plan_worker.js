// Keeps a safety plan and the page with numbers to call on this device, because its owner asked for it. Nothing else
// is kept. Whenever there is a network, it asks whether it may go on; if not, everything is deleted and it ends itself.

const SHELF = "plan";
const PLAN = "{% url 'entrance:plan_here' %}";
const HELP = "{% url 'entrance:help_now' %}";
const MAY_I = "{% url 'entrance:plan_kept' %}";
const STATIC = "{% static '' %}";
// What is opened without a network, and what is shown instead.
const INSTEAD = new Map([
  [PLAN, PLAN],
  [HELP, HELP],
  ["{% url 'portal:plan' %}", PLAN],
  ["{% url 'portal:help' %}", HELP],
  ["{% url 'portal:home' %}", PLAN],
  ["{% url 'entrance:home' %}", PLAN],
]);
const GONE = new Set([404, 410]);
const AS_IT_IS = { ignoreVary: true, ignoreSearch: true };

async function forget() {
  await caches.delete(SHELF);
  await self.registration.unregister();
  return false;
}

async function asked(path) {
  return fetch(path, { cache: "no-store", credentials: "same-origin" });
}

async function put(shelf, path) {
  const answer = await asked(path);
  if (!answer.ok || answer.redirected) return "";
  const words = await answer.clone().text();
  await shelf.put(path, answer);
  return words;
}

// A sheet or a script brings its own pictures and letters along.
async function putWith(shelf, path, seen) {
  if (seen.has(path)) return;
  seen.add(path);
  const words = await put(shelf, path);
  const inside = path.endsWith(".css") ? words.matchAll(/url\(["']?([^"')]+)/g) : [];
  for (const [, found] of inside) {
    const target = new URL(found, new URL(path, self.location.origin));
    if (target.pathname.startsWith(STATIC)) await putWith(shelf, target.pathname, seen);
  }
}

async function keep() {
  const allowed = await asked(MAY_I);
  if (GONE.has(allowed.status)) return forget();
  const shelf = await caches.open(SHELF);
  const pages = [await put(shelf, PLAN), await put(shelf, HELP)];
  if (!pages.every(Boolean)) return false;
  const seen = new Set();
  for (const [, path] of pages.join("").matchAll(/(?:href|src)="(\/[^"]+)"/g)) {
    if (path.startsWith(STATIC)) await putWith(shelf, path, seen);
  }
  await shelf.put(MAY_I, new Response(allowed.headers.get("X-Plan")));
  return true;
}

async function askAgain() {
  if (!(await caches.has(SHELF))) return;
  try {
    const answer = await asked(MAY_I);
    const kept = await caches.match(MAY_I, AS_IT_IS);
    if (GONE.has(answer.status)) await forget();
    else if (answer.ok && answer.headers.get("X-Plan") !== (await kept?.text())) await keep();
  } catch {
    // There is no network: what is kept is what it is for.
  }
}

// From the network, or else what is kept.
async function either(request, instead) {
  try {
    return await fetch(request);
  } catch (noNetwork) {
    const kept = await caches.match(instead, AS_IT_IS);
    if (kept) return kept;
    throw noNetwork;
  }
}

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  event.waitUntil(keep().catch(() => false).then((done) => event.ports[0].postMessage(done)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode !== "navigate") {
    if (url.pathname.startsWith(STATIC)) event.respondWith(either(request, request));
    return;
  }
  if (INSTEAD.has(url.pathname)) event.respondWith(either(request, INSTEAD.get(url.pathname)));
  event.waitUntil(askAgain());
});
