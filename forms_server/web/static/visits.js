// A sheet of items: a problem's fields open under its item, all that is left of an area is answered at once, and areas
// and bar count along. Without this script the server does so when the sheet is saved.
"use strict";

(() => {
  const form = document.querySelector("[data-visit]");
  if (!form) return;

  const blank = document.querySelector("template[data-problem]");
  const items = [...form.querySelectorAll("fieldset.item")];
  const areas = [...form.querySelectorAll("details.area")];
  const counts = form.querySelectorAll("[data-count] strong");
  const bar = form.querySelector("progress");
  const answersOf = (item) => form.elements.namedItem(`${item.id}.is`);
  const answerOf = (item) => answersOf(item).value;
  const itemsOf = (area) => items.filter((item) => area.contains(item));

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
    const type = types ? "" : (item.dataset.type ?? item.closest("details.area").dataset.type);
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
    if (blank && wrong && !block && !item.querySelector(".was-issue")) {
      block = named(blank.content.cloneNode(true), item.id).querySelector(".problem");
      narrow(block, item);
      item.append(block);
    }
    if (block) block.hidden = !wrong;
    const changed = item.querySelector(".changed");
    if (changed) changed.hidden = wrong;
  };

  const counted = (some) => {
    const answers = some.map(answerOf);
    return [answers.filter(Boolean).length, answers.filter((answer) => answer === "problem").length];
  };

  const show = (area, what, number, shown) => {
    const place = area.querySelector(what);
    place.hidden = !shown;
    if (place.firstElementChild) place.firstElementChild.textContent = number;
  };

  const leftIn = (area) => itemsOf(area).length - counted(itemsOf(area))[0];

  const count = () => {
    const [said, wrong] = counted(items);
    counts[0].textContent = bar.value = said;
    counts[1].textContent = wrong;
    for (const area of areas) {
      const left = leftIn(area);
      const problems = counted(itemsOf(area))[1];
      show(area, "[data-left]", left, left);
      show(area, "[data-done]", left, !left);
      show(area, "[data-wrong]", problems, problems);
    }
  };

  // The ids of the items that were answered at once stand in the area's hidden field; what a person ticks leaves it.
  const filledIn = (area) => area.querySelector("input[type=hidden][name$='.filled']");
  const noteFilled = (area, ids) => (filledIn(area).value = ids.join(" "));

  form.addEventListener("change", (event) => {
    const item = event.target.closest("fieldset.item");
    if (!item || event.target.type !== "radio") return;
    const area = item.closest("details.area");
    if (event.isTrusted) noteFilled(area, filledIn(area).value.split(" ").filter((id) => id && id !== item.id));
    open(item);
    count();
  });

  // On to the next area that has something left, or to the buttons.
  const moveOn = (area) => {
    const next = [...areas.slice(areas.indexOf(area) + 1), ...areas].find(leftIn);
    area.open = false;
    if (next) next.open = true;
    const place = next ? next.querySelector("summary") : form.querySelector(".visit-buttons .btn-primary");
    place.focus({ preventScroll: true });
    (next || form.querySelector(".visit-bar")).scrollIntoView({ block: next ? "start" : "nearest" });
  };

  const isBlank = (box) => !box.value.trim();

  // What has no answer yet gets one; it is kept as a draft like any other tick.
  for (const button of form.querySelectorAll("[data-fill]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const area = button.closest("details.area");
      const left = itemsOf(area).filter((item) => !answerOf(item));
      for (const item of left) answersOf(item).value = button.dataset.fill;
      noteFilled(area, [...filledIn(area).value.split(" ").filter(Boolean), ...left.map((item) => item.id)]);
      count();
      form.dispatchEvent(new Event("input"));
      if (![...area.querySelectorAll(".problem:not([hidden]) textarea")].some(isBlank)) moveOn(area);
    });

  // A link to an item opens its area: browsers before 2022 do not by themselves.
  const unfold = (place) => {
    const area = place && place.closest("details.area");
    if (!area || area.open) return;
    area.open = true;
    place.scrollIntoView();
  };
  const meant = (hash) => hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) unfold(meant(link.getAttribute("href")));
  });
  unfold(meant(location.hash));

  items.forEach(open);
  count();
  document.querySelector("[data-focus]")?.focus();
})();
