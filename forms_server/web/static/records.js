// Fields that do not apply are hidden and not sent; without this script a hint beside each says when to fill it in.
"use strict";

(() => {
  document.querySelector("[data-focus]")?.focus();
  const form = document.querySelector("[data-record-form]");
  if (!form) return;

  const conditional = [...form.querySelectorAll("[data-when]")];

  const apply = () => {
    for (const block of conditional) {
      const answer = form.elements.namedItem(block.dataset.when);
      const applies = answer && block.dataset.among.split(" ").includes(answer.value);
      block.hidden = !applies;
      for (const input of block.querySelectorAll("input, select, textarea")) input.disabled = !applies;
    }
  };

  // Picking a village sets its township.
  const township = form.elements.namedItem("township");
  const village = form.elements.namedItem("village");
  const follow = () => {
    const belongs = village.selectedOptions[0]?.dataset.township;
    if (belongs && [...township.options].some((option) => option.value === belongs)) township.value = belongs;
  };

  for (const block of conditional) block.querySelector(".when-hint")?.remove();
  form.addEventListener("change", apply);
  if (township?.options && village?.options) village.addEventListener("change", follow);
  apply();
})();
