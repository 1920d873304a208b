// Passkeys: make one, or sign in with one. The server's words are JSON with base64url, as fido2 2.x writes and reads.
//
// <button data-passkey="register|sign-in" data-begin="URL" data-complete="URL" data-failed="Words" data-unable="Words"
//         data-name="#input-with-a-name-for-the-key">
// POST begin  -> {"publicKey": {…}}      POST complete {credential[, name]} -> {"next": "/desk/"}
// Words of failure are shown in the nearest [data-passkey-says], which is a live region.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function readOptions(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) read[list] = options[list].map((key) => ({ ...key, id: bytes(key.id) }));
  }
  return read;
}

function writeCredential(credential) {
  const { response } = credential;
  const written = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) written[part] = text(response[part]);
  }
  if (response.getTransports) written.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: written,
  };
}

async function post(url, body) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function run(button) {
  const { publicKey } = await post(button.dataset.begin, {});
  const options = { publicKey: readOptions(publicKey) };
  const registering = button.dataset.passkey === "register";
  const credential = registering ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
  const body = { credential: writeCredential(credential) };
  const named = button.dataset.name && document.querySelector(button.dataset.name);
  if (named) body.name = named.value;
  const done = await post(button.dataset.complete, body);
  if (typeof done.next === "string" && done.next.startsWith("/") && !done.next.startsWith("//")) {
    window.location.assign(done.next);
  }
}

function says(button, words) {
  const spot = button.closest("form, section, main")?.querySelector("[data-passkey-says]");
  if (spot) spot.textContent = words ?? "";
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    says(button, button.dataset.unable);
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    says(button, "");
    try {
      await run(button);
    } catch {
      says(button, button.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });
}
