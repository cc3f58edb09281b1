// A calendar beside each field whose day may be typed in words: what is picked is written into the field.
"use strict";

(() => {
  const attach = (field) => {
    if (field.closest(".with-calendar")) return;
    const picker = Object.assign(document.createElement("input"), { type: "date", className: "form-control calendar-day" });
    picker.setAttribute("aria-label", "在日历上选日期");
    const box = Object.assign(document.createElement("div"), { className: "with-calendar" });
    field.before(box);
    box.append(field, picker);
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      const [year, month, day] = picker.value.split("-").map(Number);
      if (!day) return;
      field.value = `${year}年${month}月${day}日`;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    });
    picker.addEventListener("input", (event) => event.stopPropagation());
  };

  const attachAll = () => document.querySelectorAll("input[data-calendar]").forEach(attach);
  attachAll();
  // A problem's fields open later.
  document.addEventListener("change", () => setTimeout(attachAll));
})();
