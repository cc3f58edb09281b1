// Says which kernel this browser has.
"use strict";

(() => {
  const [, name, version] = navigator.userAgent.match(/(Chrome|Firefox|Version)\/(\d+)/) || [];
  const names = { Chrome: "Chromium", Firefox: "火狐", Version: "Safari" };
  if (name) document.querySelector("[data-browser]").textContent = `现在用的这个浏览器，内核是 ${names[name]} ${version}。`;
})();
