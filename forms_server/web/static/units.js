// The list of responsible units beside their text: ticks and text follow each other, the lead comes first. The text
// alone is sent; without this script the server adds what is ticked.
"use strict";

(() => {
  const LEADS = /（牵头）|\(牵头\)/;
  const roots = [document, ...[...document.querySelectorAll("template")].map((each) => each.content)];
  for (const root of roots)
    for (const element of root.querySelectorAll("[data-no-script]")) element.remove();

  const boxOf = (picker) => document.getElementById(picker.dataset.units);
  const ticksOf = (picker) => [...picker.querySelectorAll("input[type=checkbox]")];

  const namesOf = (picker) => {
    const names = new Map();
    for (const tick of ticksOf(picker))
      for (const name of [tick.value, ...(tick.dataset.names ?? "").split("|")])
        if (name) names.set(name, tick.value);
    return names;
  };

  // The parts of the text: each a unit of the list, or words that stay as they are.
  const partsOf = (picker) => {
    const names = namesOf(picker);
    const words = boxOf(picker).value.split(/[、，,；;\n]+/).map((each) => each.trim()).filter(Boolean);
    const parts = words.map((each) => ({ words: each, unit: names.get(each.replace(LEADS, "")) }));
    return [...parts.filter((each) => LEADS.test(each.words)), ...parts.filter((each) => !LEADS.test(each.words))];
  };

  const show = (picker, parts) => {
    const units = [...new Set(parts.map((each) => each.unit).filter(Boolean))];
    for (const tick of ticksOf(picker)) tick.checked = units.includes(tick.value);
    const told = picker.querySelector("[data-understood]");
    told.textContent = units.length > 1 ? `牵头 ${units[0]}；一起负责：` : "";
    for (const unit of units.length > 1 ? units.slice(1) : []) {
      const lead = document.createElement("button");
      lead.type = "button";
      lead.className = "btn btn-link unit-lead-button";
      lead.dataset.lead = unit;
      lead.textContent = `${unit}，改为牵头`;
      told.append(lead);
    }
  };

  const write = (picker, parts) => {
    const box = boxOf(picker);
    box.value = parts.map((each) => each.words.replace(LEADS, "")).join("、");
    show(picker, parts);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("change", (event) => {
    const picker = event.target.closest("[data-units]");
    if (!picker || event.target.type !== "checkbox") return;
    const unit = event.target.value;
    const parts = partsOf(picker);
    const kept = parts.filter((each) => each.unit !== unit);
    write(picker, event.target.checked ? (kept.length < parts.length ? parts : [...parts, { words: unit, unit }]) : kept);
  });

  document.addEventListener("click", (event) => {
    const unit = event.target.dataset?.lead;
    const picker = event.target.closest("[data-units]");
    if (!unit || !picker) return;
    const parts = partsOf(picker);
    write(picker, [{ words: unit, unit }, ...parts.filter((each) => each.unit !== unit)]);
  });

  const follow = (box) => {
    const picker = box.id && document.querySelector(`[data-units="${CSS.escape(box.id)}"]`);
    if (picker) show(picker, partsOf(picker));
  };
  document.addEventListener("change", (event) => follow(event.target));
  document.addEventListener(
    "toggle",
    (event) => {
      const picker = event.target.open && event.target.closest("[data-units]");
      if (picker) for (const tick of ticksOf(picker)) tick.checked = partsOf(picker).some((each) => each.unit === tick.value);
    },
    true,
  );

  // Both a sent form and a kept draft hold the text alone.
  document.addEventListener("formdata", (event) => {
    for (const picker of event.target.querySelectorAll("[data-units]")) {
      const box = boxOf(picker);
      if (!box.disabled) event.formData.set(box.name, box.value);
    }
  });
})();
