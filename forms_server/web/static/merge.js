// Editing one's own text selects it.
"use strict";

(() => {
  for (const part of document.querySelectorAll("[data-merge] fieldset")) {
    const mine = part.querySelector('input[value="mine"]');
    part.querySelector("select, textarea, input:not([type=radio]):not([type=hidden])")?.addEventListener("input", () => {
      mine.checked = true;
    });
  }
  document.querySelector("[data-focus]")?.focus();
})();
