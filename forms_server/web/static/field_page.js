// Works from a field pack alone: its list, and the pages that field_forms.js makes of it. What is filed there
// goes through the outbox to the addresses that the online pages post to. While it is open the pack stays in this window: its
// pages are written into it, and no other page is opened.
"use strict";

(() => {
  const MOST = 100; // households, and rows of a register, that are listed at once
  const IDLE = 900000; // it closes itself when it was out of sight for so long
  const { PATH, begun, build } = fieldForms;
  const state = (window.fieldState = window.fieldState || { unfolded: new Set() }); // registers that are open
  const find = (name) => document.querySelector(`[data-${name}]`);
  const part = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);
  if (!find("make") && !state.pack) return;
  state.shell = state.shell || document.documentElement.outerHTML;

  const asked = () => new URLSearchParams(location.search).get("open") || "";

  // Into this window, whose scripts run again.
  const write = (view) => {
    const page = new DOMParser().parseFromString(state.shell, "text/html");
    const main = view && build(view);
    if (main) page.querySelector("main").replaceChildren(...main.childNodes);
    document.open();
    document.write(`<!doctype html>${page.documentElement.outerHTML}`);
    document.close();
    scrollTo(0, view ? 0 : state.scroll || 0);
  };

  const go = (view, entry = "") => {
    if (!asked()) state.scroll = scrollY;
    history.pushState({ field: view, entry }, "", view ? `${PATH}?open=${encodeURIComponent(view)}` : PATH);
    write(view);
  };

  // The list

  const badge = (words, style) => part("span", words, { className: `state state-${style}` });

  // What became of it on this device since the pack was made.
  const SENT = { waiting: ["已填，待发送", "begun"], sent: ["已发送", "finished"] };
  const REFUSED = ["服务器没有收，要改", "overdue"];
  const standing = (id, entries, typed) => {
    const of = entries.filter((each) => each.about === id && (each.state !== "sent" || each.done > state.made));
    const entry = of[of.length - 1];
    if (entry) return { entry, words: SENT[entry.state] || REFUSED };
    return typed.some((each) => each.key.endsWith(`/${id}`)) ? { words: ["填到一半", "begun"] } : {};
  };

  const button = (words, style, name, work) => {
    const made = part("button", words, { type: "button", className: `btn btn-${style}` });
    made.append(part("span", `：${name}`, { className: "visually-hidden" }));
    made.addEventListener("click", work);
    return made;
  };

  const link = (words, href) => part("a", words, { href, className: "btn btn-outline-secondary" });

  const actionOf = (view, name, now, words) => {
    const { entry } = now;
    if (entry && entry.state === "sent") return link("联网查看", entry.to);
    if (entry && entry.state !== "waiting") return link("去改", "/outbox/");
    return button(entry ? "改" : words, entry ? "outline-secondary" : "primary", name, () => go(view, entry ? entry.id : ""));
  };

  const row = (title, lines, badges, actions) => {
    const item = part("li", "");
    const box = part("div", "");
    box.append(part("strong", title), " ", ...badges);
    for (const line of lines.filter(Boolean)) box.append(part("br", ""), part("span", line, { className: "muted" }));
    const buttons = part("div", "", { className: "row-actions" });
    buttons.append(...actions);
    item.append(box, buttons);
    return item;
  };

  const isVisited = (house, now) => Boolean(now.entry || (house.stored && house.stored.finished));

  const houseRow = (house, now) => {
    const { stored } = house;
    const words = now.words || (stored ? (stored.finished ? ["已排查完", "finished"] : ["排查中", "begun"]) : undefined);
    const begin = stored ? (stored.finished ? "修改" : "接着填") : "开始";
    const missing = house.missing.length ? `名册里没有写${house.missing.join("、")}，要先联网补填才能排查。` : "";
    const visit = missing ? [] : [actionOf(`visit ${house.id}`, house.name, now, now.words ? "接着填" : begin)];
    const more = state.pack.forms.filter((form) => form.id in house.fields);
    const file = more.map((form) => button(`登记${form.name}`, "outline-secondary", house.name, () => go(`new ${form.id} ${house.id}`)));
    return row(house.name, [house.lead, missing], words ? [badge(...words)] : [], [...visit, ...file]);
  };

  const ownRows = (entries, typed) => {
    const { own_work: works = [], own_visits: visits = [] } = state.pack;
    const rowOf = (own, view, now) =>
      row(own.name, [own.lead], now.words ? [badge(...now.words)] : [], [actionOf(view, `${own.name} ${own.lead}`, now, "接着填")]);
    const kept = visits.map((own) => rowOf(own, `own ${own.visit}`, standing(own.visit, entries, typed)));
    const fresh = works.flatMap((work) =>
      entries
        .filter((head) => head.action === work.action && !visits.some(({ visit }) => visit === head.about))
        .filter((head) => head.state !== "sent" || head.done > state.made)
        .map((head) => {
          const own = { ...begun(work, head.about), lead: `${outbox.when(head.seq)} 开始` };
          const refused = head.state !== "sent" && head.state !== "waiting";
          return rowOf(own, `own ${work.id} ${head.about}`, standing(head.about, refused ? [head] : entries.filter((each) => each !== head), typed));
        }),
    );
    return [...kept, ...fresh];
  };

  // Registers: each with its rows, and those that were written down here since the pack was made.

  const rowOf = (register, each, now) => {
    const badges = [...(each.waiting ? [badge("待核实", "overdue")] : []), ...(now.words ? [badge(...now.words)] : [])];
    const fixed = each.action ? "" : "现在不由您改，联网可以看。";
    const actions = fixed ? [] : [actionOf(`row ${register.id} ${each.id}`, each.title, now, now.words ? "接着填" : "改")];
    return row(each.title, [each.lead, fixed], badges, actions);
  };

  const added = (register, entries) =>
    entries
      .filter((entry) => entry.action === register.action && (entry.state !== "sent" || entry.done > state.made))
      .map((entry) => {
        const now = { entry, words: SENT[entry.state] || REFUSED };
        return row(entry.title, [`${outbox.when(entry.seq)} 登记`], [badge(...now.words)], [actionOf(`add ${register.id}`, entry.title, now, "改")]);
      });

  const registerBox = (register, wanted, shown, fresh) => {
    const box = part("details", "", { className: "pack-register", open: state.unfolded.has(register.id) });
    const waiting = register.rows.filter((each) => each.waiting).length;
    const summary = part("summary", register.name);
    const figures = `${register.period} ${register.rows.length} 行${waiting ? `，待核实 ${waiting} 行` : ""}`.trim();
    summary.append(" ", part("span", figures, { className: "muted" }));
    const list = part("ul", "", { className: "rows card-box" });
    list.append(...fresh, ...wanted.slice(0, MOST).map(shown));
    const left = wanted.length - MOST;
    const told = [
      register.to_carry ? `上一期还有 ${register.to_carry} 行没有带到本期，要联网带。` : "",
      left > 0 ? `还有 ${left} 行没有列出，请在上面写几个字来找。` : "",
    ].filter(Boolean);
    const actions = part("div", "", { className: "row-actions" });
    actions.append(button("登记一行", "outline-secondary", register.name, () => go(`add ${register.id}`)));
    box.append(summary, ...told.map((words) => part("p", words, { className: "muted" })), actions, list);
    box.addEventListener("toggle", () => state.unfolded[box.open ? "add" : "delete"](register.id));
    return box;
  };

  const drawRegisters = (entries, typed, sought) => {
    const { registers = [] } = state.pack;
    find("register-box").hidden = !registers.length;
    const boxes = registers.map((register) => {
      const wanted = register.rows.filter((each) => `${each.title} ${each.lead}`.includes(sought));
      const shown = (each) => rowOf(register, each, standing(each.id, entries, typed));
      return registerBox(register, wanted, shown, added(register, entries));
    });
    find("registers").replaceChildren(...boxes);
  };

  const draw = async () => {
    const [entries, typed] = await Promise.all([outbox.entries(), browserStore.all("typed")]);
    const { pack } = state;
    const all = pack.households.map((house) => ({ house, now: standing(house.visit, entries, typed) }));
    const sought = find("list").querySelector("#find").value.trim();
    const left = find("left").checked;
    const wanted = all.filter(({ house, now }) => `${house.village} ${house.name}`.includes(sought) && !(left && isVisited(house, now)));
    const visited = all.filter(({ house, now }) => isVisited(house, now)).length;
    const waiting = entries.filter((each) => each.state !== "sent").length;
    const days = fieldPacks.ageOf(state);
    find("age").textContent = `${pack.made} 带走的${days ? `，已 ${days} 天` : ""}，满 ${pack.days} 天自动删除。`;
    find("counts").textContent = `一共 ${all.length} 户，已去 ${visited} 户，未去 ${all.length - visited} 户${waiting ? `；待发送 ${waiting} 份` : ""}。`;
    find("households").replaceChildren(...wanted.slice(0, MOST).map(({ house, now }) => houseRow(house, now)));
    find("more").textContent = wanted.length > MOST ? `还有 ${wanted.length - MOST} 户没有列出，请写姓名或村来找。` : wanted.length ? "" : "没有找到。";
    const own = ownRows(entries, typed);
    find("own-box").hidden = !own.length;
    find("own").replaceChildren(...own);
    const words = pack.kind === "draw" ? ["要核实的整改", "核实"] : ["还没有整改的问题", "报告已整改"];
    find("issue-box").hidden = !pack.issues.length;
    find("issue-heading").textContent = words[0];
    const issueRow = (issue) => {
      const now = standing(issue.id, entries, typed);
      return row(issue.title, [issue.village], now.words ? [badge(...now.words)] : [], [actionOf(`issue ${issue.id}`, issue.title, now, words[1])]);
    };
    find("issues").replaceChildren(...pack.issues.map(issueRow));
    drawRegisters(entries, typed, sought);
  };

  const onList = () => {
    find("list").hidden = false;
    find("outdated").hidden = !state.outdated;
    find("unlock").hidden = find("none").hidden = true;
    find("make-heading").textContent = "重新带走，换成最新的";
    find("new").replaceChildren(
      ...(state.pack.own_work || []).map((work) => button(`填${work.name}`, "outline-secondary", work.lead, () => go(`begin ${work.id}`))),
      ...state.pack.forms.map((form) => button(`登记${form.name}`, "outline-secondary", "不从名单里选", () => go(`new ${form.id}`))),
    );
    find("list").querySelector("#find").addEventListener("input", draw);
    find("left").addEventListener("change", draw);
    find("lock").addEventListener("click", close);
    document.addEventListener("outbox", () => draw().catch(() => {}));
    return draw();
  };

  // Opening, closing, making

  const close = () => {
    state.pack = undefined;
    location.replace(PATH + location.search);
  };

  const open = (pack, { made, back, of }) => {
    Object.assign(state, { pack, made, back, outdated: of !== fieldPacks.version() });
    const view = asked();
    return view && build(view) ? write(view) : onList();
  };

  const onUnlock = async (event) => {
    event.preventDefault();
    const box = event.target.elements.namedItem("pin");
    const say = (words) => (find("unlock-status").textContent = words);
    say("正在打开…");
    const { pack, left } = await fieldPacks.unlock(box.value).catch(() => ({ left: -1 }));
    box.value = "";
    if (pack) return open(pack, await fieldPacks.own());
    if (left < 0) return say("打不开：要先有网络，用带走它的账号登录一次。");
    if (!left) return location.replace(`${PATH}?deleted=1`);
    return say(`口令不对，还能试 ${left} 次；再错，外带包就删除。`);
  };

  const isWeak = (pin) => new Set(pin).size < 3 || "01234567890123456789".includes(pin) || "98765432109876543210".includes(pin);

  const onMake = async (event) => {
    event.preventDefault();
    const form = event.target;
    const say = (words) => (find("make-status").textContent = words);
    const pin = form.elements.namedItem("new-pin");
    const again = form.elements.namedItem("pin-again");
    const villages = form.querySelectorAll("[name=village]");
    const chosen = [...form.querySelectorAll("input:checked")].map(({ name, value }) => [name, value]);
    if (villages.length && !chosen.some(([name]) => name === "village")) return say("请选要带的村。");
    if (pin.value.length < pin.minLength || isWeak(pin.value)) return say(`口令至少 ${pin.minLength} 位，不能是 123456、同一个字这样好猜的。`);
    if (pin.value !== again.value) return say("两遍口令不一样。");
    say("正在准备…");
    const who = await outbox.session();
    if (!who || who.account !== outbox.account) return say("没有网络，或者登录已过期：带走外带包要有网络。");
    const body = new URLSearchParams([["pack-id", browserStore.newId()], ...chosen]);
    const answer = await fetch("/field/pack", { method: "POST", headers: { "X-CSRF-Token": who.token }, body, redirect: "error" });
    const pack = await answer.json();
    if (pack.error) return say(pack.error);
    await fieldPacks.keep(pin.value, pack);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    pin.value = again.value = "";
    say("");
    find("make").open = false;
    Object.assign(state, { pack, made: Date.now(), back: 0, outdated: false, scroll: 0 });
    return onList();
  };

  const onDelete = async () => {
    if (!confirm("从这台设备删除外带包？待发送的不受影响。")) return;
    const row = await fieldPacks.own();
    if (row) await fieldPacks.end(row, "replaced");
    close();
  };

  // What is needed without network, kept by now.
  const isReady = async () => {
    const kept = window.caches && (await caches.open(`pages-${outbox.account}`));
    return Boolean(kept && (await kept.match(PATH)) && (await kept.match("/kept")));
  };
  const untilReady = async () => {
    const ready = await isReady().catch(() => false);
    find("unready").hidden = ready;
    if (!ready) setTimeout(untilReady, 1000);
  };

  const begin = async () => {
    if (!browserStore.encrypts || !navigator.serviceWorker) return (find("unable").hidden = false);
    find("make").hidden = false;
    find("make-form").addEventListener("submit", (event) => onMake(event).catch(() => (find("make-status").textContent = "没有带走：服务器没有回音，或者这个浏览器存不下。")));
    find("unlock").addEventListener("submit", onUnlock);
    for (const each of document.querySelectorAll("[data-delete]")) each.addEventListener("click", onDelete);
    untilReady();
    if (state.pack) return onList();
    await outbox.ready;
    const row = await fieldPacks.own();
    find("none").hidden = Boolean(row);
    find("make").open = !row;
    if (!row) {
      if (/deleted/.test(location.search)) find("make-status").textContent = "口令连续输错，外带包已从这台设备删除。待发送的还在，连上后照样发送。";
      return undefined;
    }
    const days = fieldPacks.ageOf(row);
    find("closed-age").textContent = `${outbox.when(row.made)} 带走的${days ? `，已 ${days} 天` : ""}。`;
    find("make-heading").textContent = "重新带走，换成最新的";
    find("unlock").hidden = false;
    return find("unlock").querySelector("input").focus();
  };

  // A page that stands in the window already

  // Of a team's sheet nothing may be left; online the server says so.
  const onSpotSheet = (form) => {
    const items = [...form.querySelectorAll("fieldset.item")];
    form.addEventListener("submit", (event) => {
      const left = items.filter((item) => !item.querySelector("input:checked"));
      for (const item of items) item.classList.toggle("todo", left.includes(item));
      if (!left.length) return;
      event.preventDefault();
      left[0].closest("details.area").open = true;
      left[0].scrollIntoView();
      form.querySelector("[data-draft-status]").textContent = `还有 ${left.length} 项没有选。`;
    });
  };

  document.addEventListener("click", (event) => {
    const to = event.target.closest && event.target.closest("a[href]");
    if (!to || !state.pack || to.getAttribute("href") !== PATH) return;
    event.preventDefault();
    go("");
  });
  addEventListener("popstate", () => state.pack && write(asked()));
  document.addEventListener("pack-gone", () => state.pack && close());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) state.away = Date.now();
    else if (state.pack && Date.now() - state.away > IDLE) close();
  });

  const sent = document.querySelector("form[data-keep]");
  if (!sent) begin().catch(() => {});
  else if ("spot" in sent.dataset) onSpotSheet(sent);
})();
