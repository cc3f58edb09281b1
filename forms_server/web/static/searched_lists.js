// Long lists are narrowed by a few letters, and villages to the township that is chosen. Without this script the lists are
// whole, under headings.
"use strict";

(() => {
  const LONG = 12;

  const make = (select) => {
    const groups = [...select.children].map((part) => [part, part.tagName === "OPTGROUP" ? [...part.children] : []]);
    const township = select.form.elements.namedItem("township");
    const isLong = select.options.length > LONG;
    const box = Object.assign(document.createElement("input"), {
      type: "search",
      className: "form-control list-search",
      placeholder: select.dataset.search,
      autocomplete: "off",
    });
    box.setAttribute("aria-label", select.dataset.search);

    const fits = (option) => {
      const own = option.dataset.township;
      const elsewhere = township && township.value && own && own !== township.value;
      return !elsewhere && option.textContent.includes(box.value.trim());
    };

    // What is chosen stays. It is told by its value: options that are moved are selected and unselected on the way.
    const narrow = () => {
      const chosen = select.value;
      const stays = (option) => !option.value || option.value === chosen || fits(option);
      const shown = [];
      for (const [part, options] of groups) {
        if (!options.length && stays(part)) shown.push(part);
        const left = options.filter(stays);
        if (left.length) part.replaceChildren(...left);
        if (left.length) shown.push(part);
      }
      select.replaceChildren(...shown);
      select.value = chosen;
    };

    const choose = (only) => {
      const found = [...select.options].filter((option) => option.value && fits(option));
      if (!box.value.trim() || !found.length || (only && found.length > 1)) return;
      select.value = found[0].value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      narrow();
    };

    if (isLong) select.before(box);
    box.addEventListener("input", (event) => {
      narrow();
      if (!event.isComposing) choose(true);
    });
    box.addEventListener("compositionend", () => choose(true));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      choose(false);
      select.focus();
    });
    if (township && township.options)
      township.addEventListener("change", () => {
        const own = select.selectedOptions[0] && select.selectedOptions[0].dataset.township;
        if (own && township.value && own !== township.value) select.value = "";
        narrow();
      });
    narrow();
  };

  document.querySelectorAll("select[data-search]").forEach(make);
})();
