// Puts what was typed here and not sent back into its form. It came with the page, in its hidden copies (see
// components/parts/kept_typing.html); the browser itself keeps nothing.

export function putBack(form) {
  const place = new Map();
  for (const copy of form.querySelectorAll("[data-kept]")) {
    const name = copy.dataset.kept;
    place.set(name, [...(place.get(name) ?? []), copy.value]);
  }
  for (const [name, texts] of place) {
    const boxes = Array.from(form.elements).filter((one) => one.name === name && !one.disabled);
    boxes.forEach((box, number) => fill(box, texts, number));
  }
  if (place.size === 0) return false;
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    if (box.name && !place.has(box.name)) box.checked = false;
  }
  for (const folded of form.querySelectorAll("details")) {
    if (Array.from(folded.querySelectorAll("textarea, input[type=text]")).some((box) => box.value)) folded.open = true;
  }
  return true;
}

function fill(box, texts, number) {
  if (["file", "submit", "button", "image"].includes(box.type)) return;
  if (["checkbox", "radio"].includes(box.type)) box.checked = texts.includes(box.value);
  else if (texts[number] !== undefined) box.value = texts[number];
}
