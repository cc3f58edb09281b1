// Light or dark, as it was chosen in the handbook or here: both keep the choice in one place, in Material's words.
// In the head and not deferred, so that no page is white before it is dark.
"use strict";

(() => {
  const root = document.documentElement;
  const key = `${root.dataset.handbook}.__palette`;
  // In the order of the handbook's switch, which numbers them.
  const media = { system: "", default: ": light", slate: ": dark" };
  const names = Object.keys(media);

  const kept = () => {
    try {
      const { color } = JSON.parse(localStorage.getItem(key));
      return names.find((name) => color.media === `(prefers-color-scheme${media[name]})`) ?? "system";
    } catch {
      return "system"; // never chosen, or the browser keeps nothing
    }
  };

  const keep = (name) => {
    const scheme = name === "system" ? null : name;
    const color = { media: `(prefers-color-scheme${media[name]})`, scheme, primary: "custom", accent: "custom" };
    try {
      localStorage.setItem(key, JSON.stringify({ index: names.indexOf(name), color }));
    } catch {
      // It holds for this page.
    }
  };

  const show = (name) => {
    if (name === "system") delete root.dataset.mdColorScheme;
    else root.dataset.mdColorScheme = name;
  };

  let now = kept();
  show(now);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-scheme-switch]");
    if (!button) return;
    const next = () => names[(names.indexOf(now) + 1) % names.length];
    const label = () => (button.textContent = button.dataset[next()]);
    button.hidden = false;
    button.addEventListener("click", () => {
      now = next();
      keep(now);
      show(now);
      label();
    });
    label();
  });
})();
