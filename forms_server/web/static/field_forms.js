// The pages of a field pack: the server's own blank ones, with what the pack says of a household, an issue or a row filled in.
"use strict";

// On the window: a page that is written into this one runs the script again.
window.fieldForms = (() => {
  const PATH = "/field/";
  const pack = () => window.fieldState.pack;
  const part = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);
  // As the server takes times: in China, without an offset.
  const china = () => new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 19);

  // By the first control of that name; a list, or a box to tick, that lacks what is stored gets it, so that nothing vanishes.
  const SETTERS = {
    select: (input, value) => {
      if (![...input.options].some((option) => option.value === value)) input.append(part("option", value, { value }));
      for (const option of input.options) option.toggleAttribute("selected", option.value === value);
    },
    textarea: (input, value) => (input.textContent = value),
    radio: (input, value, all) => all.forEach((each) => each.toggleAttribute("checked", each.value === value)),
    checkbox: (input, values, all) => {
      const boxes = all.filter((each) => each.type === "checkbox");
      for (const value of values.filter((each) => !boxes.some((box) => box.value === each))) {
        const label = part("label", "", { className: "tick-box" });
        const box = boxes[0].cloneNode();
        box.setAttribute("value", value);
        label.append(box, ` ${value}`);
        boxes[0].closest("label").parentNode.append(label);
        boxes.push(box);
      }
      boxes.forEach((box) => box.toggleAttribute("checked", values.includes(box.value)));
    },
  };

  const setField = (form, name, value) => {
    const all = [...form.querySelectorAll(`[name="${name}"]`)];
    const input = all[0] || form.appendChild(part("input", "", { type: "hidden", name }));
    const kind = Array.isArray(value) ? "checkbox" : input.type === "radio" ? "radio" : input.tagName.toLowerCase();
    if (SETTERS[kind]) SETTERS[kind](input, value, all);
    else input.setAttribute("value", value);
  };

  // The main part of one of the server's pages, with the form that is sent.
  const blank = (html, action, keep) => {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const form = main.querySelector("form[data-send]");
    form.setAttribute("action", action);
    form.setAttribute("autocomplete", "off"); // browsers keep what is typed of pages, unencrypted
    form.removeAttribute("data-draft");
    form.dataset.keep = keep;
    for (const each of main.querySelectorAll(".way, .draft-offer, .actions a.btn-link")) each.remove();
    const way = part("nav", "", { className: "way" });
    way.setAttribute("aria-label", "去别处");
    way.append(part("a", "← 回名单", { href: PATH }));
    main.prepend(way);
    for (const asOf of main.querySelectorAll(".as-of")) asOf.textContent = `外带包是 ${pack().made} 带走的`;
    return { main, form };
  };

  const head = (main, house) => {
    main.querySelector("h1").textContent = house.name;
    main.querySelector(".lead-text").textContent = house.lead;
  };

  const sheet = (house) => {
    const { main, form } = blank(pack().sheets[house.sheet], house.action, `${PATH}visit/${house.visit}`);
    head(main, house);
    // A visit of the own work is begun by an entry of its own.
    if (house.begun) return main;
    if (pack().kind === "draw") {
      setField(form, "visit-id", house.visit);
      setField(form, "begun", china());
      form.dataset.spot = "";
      return main;
    }
    const { version = 1, seen = "", answers = {}, issues = {} } = house.stored || {};
    setField(form, "base-version", String(version));
    setField(form, "seen", seen);
    if (!house.stored) {
      setField(form, "begun-household", house.id);
      setField(form, "begun-on", china().slice(0, 10));
    }
    for (const [item, answer] of Object.entries(answers)) if (form.querySelector(`[name="${item}.is"]`)) setField(form, `${item}.is`, answer);
    for (const [item, html] of Object.entries(issues)) {
      const box = form.querySelector(`fieldset[id="${item}"]`);
      if (box) box.append(...new DOMParser().parseFromString(html, "text/html").body.children);
    }
    return main;
  };

  const OWN = "00000000-0000-4000-8000-000000000000"; // the server's blank pages have it where a visit's id stands

  // A visit of the unit's own work that is begun here.
  const begun = (work, visit) => ({
    name: work.name,
    lead: work.lead,
    sheet: work.sheet,
    visit,
    action: work.fill.replace(OWN, visit),
    begun: true,
  });

  const beginning = (work) => {
    const { main, form } = blank(work.html, work.action, `${PATH}begin/${work.id}`);
    setField(form, "visit-id", browserStore.newId());
    setField(form, "begun-on", china().slice(0, 10));
    return main;
  };

  const filing = (form, house) => {
    const made = blank(form.html, form.action, `${PATH}new/${form.id}/${house ? house.id : ""}`);
    setField(made.form, "record-id", browserStore.newId());
    if (made.form.querySelector("[name=finding-id]")) setField(made.form, "finding-id", browserStore.newId());
    if (house) {
      for (const [name, text] of Object.entries(house.fields[form.id] || {})) if (made.form.querySelector(`[name="${name}"]`)) setField(made.form, name, text);
      setField(made.form, "household-id", house.id);
    }
    return made.main;
  };

  const issuePage = (issue) => {
    const { main, form } = blank(issue.html, issue.action, `${PATH}issue/${issue.id}`);
    if (form.querySelector("[name=check-id]")) setField(form, "check-id", browserStore.newId());
    if (form.querySelector("[name=begun]")) setField(form, "begun", china());
    return main;
  };

  // Registers

  const offerHouseholds = (form, register) => {
    const input = register.household && form.querySelector(`input[name="${register.household}"]`);
    if (!input || input.getAttribute("list")) return;
    const list = part("datalist", "", { id: "pack-households" });
    list.append(...pack().households.map(({ name, village }) => part("option", village, { value: name })));
    input.setAttribute("list", list.id);
    form.append(list);
  };

  const newRow = (register) => {
    const { main, form } = blank(register.html, register.action, `${PATH}add/${register.id}/`);
    setField(form, "record-id", browserStore.newId());
    offerHouseholds(form, register);
    return main;
  };

  const editRow = (register, row) => {
    const { main, form } = blank(register.edit, row.action, `${PATH}row/${row.id}`);
    setField(form, "base-version", String(row.version));
    setField(form, "seen", row.seen);
    for (const [name, value] of Object.entries(row.fields)) setField(form, name, value);
    main.querySelector("h1").after(part("p", row.title, { className: "lead-text" }));
    if (!row.waiting) for (const each of main.querySelectorAll("[data-carried]")) each.remove();
    offerHouseholds(form, register);
    return main;
  };

  const ofRegister = (kind, register, id) => {
    const row = register.rows.find((each) => each.id === id);
    if (kind === "add") return newRow(register);
    return row && row.action && editRow(register, row);
  };

  // The main part of a view; nothing where the pack has no such thing.
  const build = (view) => {
    const [kind, id, other] = view.split(" ");
    const { own_work: works = [], own_visits: visits = [], registers = [] } = pack();
    const register = registers.find((each) => each.id === id);
    if (kind === "add" || kind === "row") return register && ofRegister(kind, register, other);
    const work = works.find((each) => each.id === id);
    if (kind === "begin") return work && beginning(work);
    if (kind === "own") {
      const own = work ? begun(work, other) : visits.find(({ visit }) => visit === id);
      return own && sheet(own);
    }
    const house = pack().households.find((each) => each.id === (kind === "new" ? other : id));
    if (kind === "visit" && house) return sheet(house);
    if (kind === "new") return filing(pack().forms.find((each) => each.id === id), house);
    const issue = pack().issues.find((each) => each.id === id);
    return issue && issuePage(issue);
  };

  return { PATH, begun, build };
})();
