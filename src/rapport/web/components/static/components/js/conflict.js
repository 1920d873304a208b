// Two people, or one person in two windows, wrote in the same place: show both texts and let the writer decide.
// The dialog stands in the page already (atom c-autosave), so its words are in the page's language.

export function showBoth(form, theirs) {
  const dialog = form.querySelector("[data-both-texts]");
  const fields = Object.entries(theirs).filter(([name, text]) => form.elements[name] && form.elements[name].value !== text);
  if (!dialog || fields.length === 0) return Promise.resolve("mine");

  const [mineBox, theirsBox] = ["[data-mine]", "[data-theirs]"].map((where) => dialog.querySelector(where));
  mineBox.textContent = fields.map(([name]) => form.elements[name].value).join("\n\n");
  theirsBox.textContent = fields.map(([, text]) => text).join("\n\n");

  return new Promise((resolve) => {
    const decide = (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-keep]") : null;
      if (!button) return;
      event.preventDefault();
      for (const [name, text] of fields) {
        const box = form.elements[name];
        if (button.dataset.keep === "theirs") box.value = text;
        if (button.dataset.keep === "both") box.value = `${text}\n\n${box.value}`;
      }
      dialog.removeEventListener("click", decide);
      dialog.removeEventListener("cancel", stay);
      dialog.close();
      resolve(button.dataset.keep);
    };
    const stay = (event) => event.preventDefault(); // a choice has to be made: nothing may be lost by a key
    dialog.addEventListener("click", decide);
    dialog.addEventListener("cancel", stay);
    dialog.showModal();
  });
}
