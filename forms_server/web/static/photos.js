// Shrinks photographs before upload, since villages have slow lines. Without it they are sent unchanged, and the server
// shrinks them anyway (progressive enhancement).
"use strict";

(() => {
  const ENOUGH = 400_000;

  const shrink = async (file, longest) => {
    if (file.size < ENOUGH) return file;
    // Chromium before 112 turns pictures as they were taken without being told, and does not know the word.
    const turned = createImageBitmap(file, { imageOrientation: "from-image" });
    const picture = await turned.catch(() => createImageBitmap(file));
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  };

  const shrinkAll = async (input) => {
    const buttons = [...input.form.querySelectorAll("button[type=submit]")];
    for (const button of buttons) button.disabled = true;
    try {
      const smaller = new DataTransfer();
      for (const file of input.files) smaller.items.add(await shrink(file, Number(input.dataset.shrink)).catch(() => file));
      input.files = smaller.files;
    } finally {
      for (const button of buttons) button.disabled = false;
      input.dispatchEvent(new CustomEvent("shrunk", { bubbles: true }));
    }
  };

  // Of fields that open later, too.
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-shrink]")) shrinkAll(event.target);
  });
  document.querySelector(".evidence [data-focus]")?.focus();
})();
