// The page of what waits: each entry with its state, what is wrong with it and how to mend it, and the receipts.
"use strict";

(() => {
  const find = (name) => document.querySelector(`[data-${name}]`);
  const part = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);
  const { when } = outbox;
  const STATES = {
    waiting: ["等着发送", "begun"],
    refused: ["服务器没有收，要改", "overdue"],
    conflict: ["和别人改的碰上了，要核对", "overdue"],
  };
  const TROUBLES = {
    offline: "没有网络。",
    busy: "服务器没有回音。",
    "signed-out": "登录已过期，登录后自动发送。",
    "other-account": "现在登录的是别的账号，用您的账号登录后自动发送。",
    closed: "用现在的密钥打不开：系统换过密钥，或者存下的内容坏了。请先不要删除，告诉办公室。",
    held: "排在先填的那份后面，那一份收下后自动发送。",
    behind: "排在先填的那份后面，那一份服务器没有收：先改好或者删掉它，这一份才发送。",
  };

  const button = (words, style, work) => {
    const made = part("button", words, { type: "button", className: `btn btn-${style}` });
    made.addEventListener("click", work);
    return made;
  };

  const row = (title, state, lines, buttons) => {
    const item = part("li", "");
    const box = part("div", "");
    box.append(part("strong", title), " ");
    if (state) box.append(part("span", state[0], { className: `state state-${state[1]}` }));
    for (const line of lines.filter(Boolean)) box.append(part("br", ""), part("span", line, { className: "muted" }));
    const actions = part("div", "", { className: "row-actions" });
    actions.append(...buttons);
    item.append(box, actions);
    return item;
  };

  // The server judges it once more and shows it on its own page: the form with what was typed, or both versions.
  const open = async (entry) => {
    const outcome = (await outbox.send(entry)) || { kind: "busy" };
    if (outcome.html && outbox.hasForm(outcome.html)) return outbox.show(outcome.html, entry);
    unfolded.add(entry.id); // there is no form for it now: what was typed is read here
    return draw();
  };

  const unfolded = new Set();

  // What was typed, with links to the photographs once it is opened.
  const typed = (entry) => {
    const box = part("details", "", { open: unfolded.has(entry.id) });
    const list = part("dl", "", { className: "other-household mb-2" });
    for (const [label, text] of JSON.parse(entry.shown || "[]")) {
      const pair = part("div", "");
      pair.append(part("dt", label), part("dd", text, { className: "kept-lines" }));
      list.append(pair);
    }
    box.append(part("summary", "看填的内容"), list);
    const more = async () => {
      unfolded[box.open ? "add" : "delete"](entry.id);
      if (!box.open || !entry.photos || box.querySelector("a")) return;
      for (const [, { name, type, bytes }] of (await browserStore.unseal(entry.content)).files) {
        const href = URL.createObjectURL(new Blob([bytes], { type }));
        box.append(part("a", `存下照片 ${name}`, { href, download: name, className: "btn btn-outline-secondary" }), " ");
      }
    };
    box.addEventListener("toggle", () => more().catch(() => {}));
    return box;
  };

  const remove = async (entry, behind) => {
    const more = behind ? `后面还有 ${behind} 份要靠它，它不发送，那 ${behind} 份服务器也收不了。` : "";
    if (!confirm(`删除“${entry.title}”？服务器没有收到它，删除后找不回来。${more}`)) return;
    await outbox.discard(entry.id);
    await draw();
  };

  const waiting = (entry, _, all) => {
    const photos = entry.photos ? `，照片 ${entry.photos} 张` : "";
    const same = all.filter(({ about }) => about === entry.about);
    const before = same.find((other) => outbox.holds(other, entry));
    const held = before && (before.state === "waiting" ? "held" : "behind");
    const trouble = entry.state === "waiting" ? TROUBLES[held || entry.trouble] : entry.error;
    const mend = entry.state === "waiting" || !entry.action ? [] : [button("打开修改", "primary", () => open(entry))];
    const lines = [`${when(entry.at || entry.seq)} 提交${photos}`, trouble];
    const drop = button("删除", "outline-danger", () => remove(entry, same.filter((other) => outbox.holds(entry, other)).length));
    const item = row(entry.title, STATES[entry.state], lines, [...mend, drop]);
    if (entry.shown) item.firstChild.append(typed(entry));
    return item;
  };

  const receipt = (entry) => {
    const link = part("a", "打开", { href: entry.to, className: "btn btn-outline-secondary" });
    const lines = [`${entry.number || "已收到"}，${entry.at || when(entry.done)}`, ...(entry.said || [])];
    return row(entry.title, ["已收到", "finished"], lines, [link]);
  };

  const draft = (each) => {
    const drop = async () => {
      if (!confirm(`删除“${each.title}”？`)) return;
      await browserStore.drop("typed", each.key);
      await draw();
    };
    const go = part("a", "接着填", { href: each.page, className: "btn btn-primary" });
    return row(each.title, null, [`${when(each.at)} 在这台设备上填的`], [go, button("删除", "outline-danger", drop)]);
  };

  const fill = (list, box, rows) => {
    list.replaceChildren(...rows);
    box.hidden = !rows.length;
  };

  const draw = async () => {
    const all = await outbox.entries();
    const unsent = all.filter((entry) => entry.state !== "sent");
    fill(find("outbox-list"), find("outbox-list"), unsent.map(waiting));
    find("outbox-empty").hidden = unsent.length > 0;
    find("outbox-actions").hidden = !unsent.some((entry) => entry.state === "waiting");
    fill(find("typed-list"), find("typed"), (await browserStore.all("typed")).map(draft));
    fill(find("receipt-list"), find("receipts"), all.filter((entry) => entry.state === "sent").reverse().map(receipt));
  };

  if (find("elsewhere").querySelector("a")) find("elsewhere").hidden = document.documentElement.dataset.copy !== "elsewhere";
  find("plain").hidden = window.isSecureContext;
  find("send-all").addEventListener("click", () => outbox.flush(true));
  document.addEventListener("outbox", () => draw().catch(() => {}));
  draw().catch(() => (find("broken").hidden = false));
})();
