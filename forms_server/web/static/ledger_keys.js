// Keys of a ledger: J and K go down and up the rows, Enter opens the one that has the focus, / goes to the search.
"use strict";

{
  const links = [...document.querySelectorAll(".ledger .stretched-link")];
  const box = document.querySelector(".filter-box");
  const search = box && box.querySelector("input[name=words]");
  const hint = document.querySelector("[data-key-hint]");
  if (hint && matchMedia("(hover: hover)").matches) {
    hint.hidden = false;
  }
  addEventListener("keydown", (event) => {
    const target = event.target;
    const types = target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || types) {
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "/" && search) {
      box.open = true;
      search.focus();
    } else if ((key === "j" || key === "k") && links.length) {
      const now = links.indexOf(document.activeElement);
      const next = key === "j" ? now + 1 : Math.max(now, 1) - 1;
      links[Math.min(next, links.length - 1)].focus();
    } else {
      return;
    }
    event.preventDefault();
  });
}
