// Presses the button of what goes on by itself, so that nobody has to.
"use strict";

(() => {
  const form = document.querySelector("form[data-goes-on]");
  if (form) setTimeout(() => form.submit(), 300);
})();
