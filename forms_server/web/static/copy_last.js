// “复制上一条的责任人、时限”: from the problem above on a visit's sheet, or else from what was last filed in this browser,
// which is kept closed like everything there and goes with the sign-out.
"use strict";

(() => {
  const form = document.querySelector("form[data-copied]");
  if (!form || !outbox.account) return;

  const names = form.dataset.copied.split(" ");
  const place = `last ${outbox.account}`;
  let last;

  const boxOf = (part, name) => part.querySelector(`.form-control[name="${name}"], .form-control[name$=".${name}"]`);
  const read = (part) => {
    const found = Object.create(null);
    for (const name of names) {
      const box = boxOf(part, name);
      if (box && box.value.trim()) found[name] = box.value;
    }
    return found;
  };
  // The responsible unit stands there from the start: somebody has filled it in where one of the others is filled in.
  const isFilled = (found) => names.some((name) => found[name] && name !== "responsible_unit");

  const parts = () => [...form.querySelectorAll(".problem")].filter((part) => !part.hidden);
  const above = (button) => {
    const own = button.closest(".problem");
    const before = own ? parts().slice(0, parts().indexOf(own)).map(read).filter(isFilled) : [];
    return before.pop() || last;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-last]");
    const found = button && above(button);
    if (!found) return;
    for (const name of names) {
      const box = boxOf(button.closest(".problem") || form, name);
      if (!box || !found[name]) continue;
      box.value = found[name];
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  const show = () => {
    for (const button of form.querySelectorAll("[data-copy-last]")) button.hidden = !above(button);
  };
  form.addEventListener("input", show);
  form.addEventListener("change", () => setTimeout(show));

  form.addEventListener("submit", () => {
    const found = [form, ...parts()].map(read).filter(isFilled).pop();
    if (found) browserStore.sealWords(found).then((words) => browserStore.put("keys", place, words)).catch(() => {});
  });

  const recall = async () => {
    await outbox.ready;
    const words = await browserStore.get("keys", place);
    const found = words && (await browserStore.readWords(words));
    if (found && isFilled(found)) last = found;
    show();
  };
  recall().catch(() => {});
})();
