// One box ticks all of the page; the number of ticked ones stands beside the buttons. All of it works without.
"use strict";

(() => {
  document.querySelector("[data-focus]")?.focus();
  const form = document.querySelector("[data-picks]");
  if (!form) return;

  const picks = [...form.querySelectorAll("[name=pick]")];
  const all = form.querySelector("[data-pick-all]");
  const box = all?.querySelector("input");
  const told = form.querySelector("[data-picked]");
  const words = told.textContent;

  const tell = () => {
    const number = picks.filter((pick) => pick.checked).length;
    told.textContent = number ? `已选 ${number} 条` : words;
    if (!box) return;
    box.checked = number === picks.length;
    box.indeterminate = number > 0 && number < picks.length;
  };

  box?.addEventListener("change", () => {
    for (const pick of picks) pick.checked = box.checked;
    tell();
  });
  form.addEventListener("change", tell);
  // Restored from the back/forward cache: boxes keep their state.
  addEventListener("pageshow", tell);
  if (all) all.hidden = false;
  tell();
})();
