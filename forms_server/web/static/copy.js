// A button that copies a text field's words; without this script one selects and copies them by hand.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    // Browsers give the clipboard to https alone; many offices' servers have none.
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(field.value).then(() => true, () => false)
      : document.execCommand("copy");
    told.textContent = copied ? "已复制" : "没有复制成，文字已选中，请按 Ctrl+C，手机上长按选“复制”";
  });
}
