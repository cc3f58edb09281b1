// The sheet of a visit: a problem's fields open under its item, and the bar counts along. Without this script the server
// opens them when the sheet is saved.
"use strict";

(() => {
  const form = document.querySelector("[data-visit]");
  if (!form) return;

  const blank = document.querySelector("template[data-problem]");
  const items = [...form.querySelectorAll("fieldset.item")];
  const counts = form.querySelectorAll("[data-count] strong");
  const bar = form.querySelector("progress");
  const answerOf = (item) => form.elements.namedItem(`${item.id}.is`).value;

  const named = (block, id) => {
    for (const element of block.querySelectorAll("[name], [id], [for], [data-units]"))
      for (const key of ["name", "id", "for", "data-units"])
        if (element.getAttribute(key)?.startsWith("ITEM."))
          element.setAttribute(key, id + element.getAttribute(key).slice("ITEM".length));
    return block;
  };

  // The item, or else its area, says what a problem counts under, or among which types a person has to choose.
  const narrow = (block, item) => {
    const types = item.dataset.types;
    const type = types ? "" : (item.dataset.type ?? item.closest("section").dataset.type);
    const select = block.querySelector("[data-type] select");
    if (!select) return;
    const known = type ? [type] : types.split(" ");
    for (const option of [...select.options])
      if (option.value && !known.includes(option.value)) option.remove();
    for (const group of [...select.querySelectorAll("optgroup:empty")]) group.remove();
    if (type) select.value = type;
    select.closest("[data-type]").hidden = Boolean(type);
  };

  const open = (item) => {
    const wrong = answerOf(item) === "problem";
    let block = item.querySelector(".problem");
    if (wrong && !block && !item.querySelector(".was-issue")) {
      block = named(blank.content.cloneNode(true), item.id).querySelector(".problem");
      narrow(block, item);
      item.append(block);
    }
    if (block) block.hidden = !wrong;
    const changed = item.querySelector(".changed");
    if (changed) changed.hidden = wrong;
  };

  const count = () => {
    const answers = items.map(answerOf);
    const said = answers.filter(Boolean).length;
    counts[0].textContent = bar.value = said;
    counts[1].textContent = answers.filter((answer) => answer === "problem").length;
  };

  form.addEventListener("change", (event) => {
    const item = event.target.closest("fieldset.item");
    if (!item || event.target.type !== "radio") return;
    open(item);
    count();
  });

  // What has no answer yet gets one; it is kept as a draft like any other tick.
  const fillUp = (button, within, answer) =>
    button.addEventListener("click", (event) => {
      event.preventDefault();
      for (const item of within)
        if (!answerOf(item)) form.elements.namedItem(`${item.id}.is`).value = answer;
      count();
      form.dispatchEvent(new Event("input"));
    });

  fillUp(form.querySelector("[data-rest]"), items, "fine");
  for (const button of form.querySelectorAll("[data-none]"))
    fillUp(button, button.closest("section").querySelectorAll("fieldset.item"), "not_applicable");

  items.forEach(open);
  count();
  document.querySelector("[data-focus]")?.focus();
})();
