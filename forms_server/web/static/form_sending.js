// Forms that are sent by script: every letter and photograph is kept in the browser, and the page stays until the server
// has it. Without this script, or where the browser can keep nothing, forms are sent as browsers send them.
"use strict";

(() => {
  if (!outbox.account) return;
  const PAGE = location.pathname + location.search;
  const TOKEN = "csrf_token";
  const RETRY = 10000;
  const shownAnswer = "answer" in document.documentElement.dataset;
  const taken = (history.state && history.state.entry) || ""; // the entry whose place this page's form takes

  const part = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);

  // Read once, when it is chosen: phones delete and move their pictures.
  const read = new WeakMap();
  const bytesOf = async (file) => {
    if (!read.has(file)) read.set(file, await new Response(file).arrayBuffer());
    return { name: file.name, type: file.type, bytes: read.get(file) };
  };

  // Those that cannot be read are taken out of their field, and named in `lost`.
  const filesOf = async (form, lost = []) => {
    const found = [];
    for (const input of form.querySelectorAll("input[type=file]")) {
      if (input.disabled) continue;
      const chosen = [...input.files];
      const legible = new DataTransfer();
      for (const file of chosen) {
        const content = await bytesOf(file).catch(() => lost.push(file.name) && undefined);
        if (!content) continue;
        found.push([input.name, content]);
        legible.items.add(file);
      }
      if (legible.files.length < chosen.length && chosen.every((file, at) => input.files[at] === file)) input.files = legible.files;
    }
    return found;
  };

  const textsOf = (form, button) => {
    const pairs = [...new FormData(form)].filter(([name, text]) => typeof text === "string" && name !== TOKEN);
    if (button && button.name) pairs.push([button.name, button.value]);
    return pairs;
  };

  const wordsOf = (part) => (part ? part.textContent.replace(/\s+/g, " ").replace(/ ?(必填|可不填.*)$/, "").trim() : "");

  // [[label, text]] as people read it, for the page of what waits.
  const readableOf = (form) => {
    const rows = [];
    for (const control of form.elements) {
      const { name, type, value, labels } = control;
      if (!name || !value || !labels || control.disabled || type === "file" || control.closest("[data-units]")) continue;
      const label = wordsOf(labels[0]) || control.getAttribute("aria-label") || "";
      const group = control.closest("fieldset");
      if (type !== "radio" && type !== "checkbox") rows.push([label, control.tagName === "SELECT" ? wordsOf(control.selectedOptions[0]) : value]);
      else if (control.checked) rows.push([wordsOf(group && group.querySelector("legend")), label]);
    }
    return rows;
  };

  const attach = (form, files) => {
    for (const input of form.querySelectorAll("input[type=file]")) {
      const own = files.filter(([name]) => name === input.name);
      if (!own.length || input.files.length) continue;
      const list = new DataTransfer();
      for (const [, { name, type, bytes }] of own) list.items.add(new File([bytes], name, { type }));
      input.files = list.files;
      input.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
    }
  };

  // Twice: what is chosen first opens the fields that the rest goes into.
  const restore = (form, fields) => {
    const values = new Map();
    for (const [name, text] of fields) values.set(name, [...(values.get(name) || []), text]);
    for (const round of [1, 2])
      for (const control of form.elements) {
        const { name, type } = control;
        if (!name || name === TOKEN || type === "file" || type === "submit" || type === "button") continue;
        if (control.closest("[data-units]")) continue; // they follow the text beside them
        const kept = values.get(name);
        if (type === "radio" || type === "checkbox") {
          const ticked = Boolean(kept && kept.includes(control.value));
          if (control.checked === ticked) continue;
          control.checked = ticked;
          if (ticked || type === "checkbox") control.dispatchEvent(new Event("change", { bubbles: true }));
        } else if (kept && control.value !== kept[0] && kept.length === 1) {
          control.value = kept[0];
          if (round === 1) control.dispatchEvent(new Event("change", { bubbles: true }));
        }
      }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const nameOf = (form, fields) => {
    const heading = document.querySelector("h1");
    const found = fields.find(([name, text]) => /householder$|content$/.test(name) && text);
    return heading.textContent.trim() + (found ? `：${found[1].slice(0, 24)}` : "");
  };

  // Asked once there is something to lose: browsers throw away first what nobody asked them to keep.
  let asked = false;
  const persist = () => {
    if (!asked && navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    asked = true;
  };

  const keeping = (form) => {
    const key = () => `${outbox.account} ${form.dataset.keep || form.dataset.draft || new URL(form.action).pathname}`;
    let wanted = false;
    let working;
    let over = false;
    let files; // read anew where a choice of files has changed
    let again;
    const nothing = () => {};
    const own = { safe: false, failed: nothing, stored: nothing, lost: nothing, withoutPhotos: nothing };

    const store = async (fields, photos) => {
      const content = await browserStore.seal(fields, photos);
      if (over) return;
      const words = await browserStore.sealWords({ title: nameOf(form, fields) });
      await browserStore.put("typed", key(), { account: outbox.account, key: key(), page: PAGE, words, at: Date.now(), content });
    };

    // Where there is room for the words alone, they are kept without the photographs.
    const write = async () => {
      await outbox.ready;
      while (wanted && !over) {
        wanted = false;
        const fields = textsOf(form);
        const lost = [];
        files = files || (await filesOf(form, lost));
        if (lost.length) own.lost(lost);
        const photos = files; // others may be chosen meanwhile
        const isWhole = await store(fields, photos).then(() => true, (error) => {
          if (!photos.length) throw error;
          return false;
        });
        if (over) return;
        own.withoutPhotos(!isWhole);
        if (!isWhole) await store(fields, []);
        if (photos.length) document.dispatchEvent(new CustomEvent("room"));
        own.safe = isWhole && !wanted;
        own.stored();
        if (!isWhole) retry();
      }
    };

    // The room may come back, and the key with the network.
    const retry = () => {
      clearTimeout(again);
      again = setTimeout(() => outbox.session().then(own.note), RETRY);
    };
    const fail = () => {
      own.failed();
      retry();
    };

    own.note = () => {
      persist();
      if (over) return working || Promise.resolve();
      wanted = true;
      own.safe = false;
      working = working || write().catch(fail).then(() => (working = undefined));
      return working;
    };
    own.noteFiles = () => {
      files = undefined;
      return own.note();
    };
    own.end = async () => {
      over = true;
      await working;
      own.safe = true;
      await browserStore.drop("typed", key()).catch(() => {});
    };
    own.resume = () => {
      over = false;
      own.note();
    };
    own.key = key;
    return own;
  };

  const WAITING = {
    offline: "没有网络",
    busy: "服务器没有回音",
    "signed-out": "登录已过期",
    "other-account": "这个浏览器里现在登录的是别的账号",
    held: "排在先填的那份后面",
  };

  const take = (form) => {
    const kept = keeping(form);
    form.kept = kept;
    const status = form.querySelector("[data-draft-status]") || form.appendChild(part("p", "", { className: "draft-status" }));
    status.setAttribute("role", "status");
    let clicked;
    let carried = []; // files of the entry whose place this form takes, that it has no field for
    let sending = false;
    const own = { kept, taken: "", carry: (files) => (carried = files) };

    const say = (words, late) => {
      status.textContent = words;
      status.classList.toggle("draft-late", Boolean(late));
    };
    const FAILED = "这个浏览器存不下填的内容（空间满了，或者是无痕浏览），提交成功前请不要关这一页";
    kept.failed = () => sending || say(FAILED, true);
    kept.stored = () => status.textContent === FAILED && say("");
    // Stays while the line below tells of the draft.
    const notice = (name) => {
      const box = form.querySelector(`[data-${name}]`) || part("p", "", { className: "field-error", tabIndex: -1 });
      box.dataset[name] = "";
      box.setAttribute("role", "alert");
      if (!box.isConnected) status.before(box);
      return box;
    };
    kept.withoutPhotos = (isSo) => {
      const box = form.querySelector("[data-unkept]");
      if (isSo && !box) notice("unkept").textContent = "这台设备的空间不够，照片没有存下来：提交成功前请不要关这一页。";
      else if (!isSo && box) box.remove();
    };
    const illegible = (names) => {
      notice("illegible").textContent = `照片读不出来，没有选上：${names.join("、")}。可能已从手机里删掉或者移走，请重新选，或者不要它；别的都还在。`;
    };
    kept.lost = illegible;
    // Sending came to nothing, and the page goes on.
    const stay = () => {
      disable(false);
      kept.resume();
      form.dispatchEvent(new CustomEvent("resumed"));
    };
    const disable = (off) => {
      for (const button of form.querySelectorAll("button")) button.disabled = off;
    };

    const natively = (button) => {
      if (button && button.name) form.append(part("input", "", { type: "hidden", name: button.name, value: button.value }));
      form.submit();
    };

    const leave = (to) => {
      const target = new URL(to, location.href);
      if (target.pathname + target.search !== PAGE || !target.hash) {
        location.assign(target.href);
        return;
      }
      // Where the fragment alone differs, browsers stay. One request only: the first to arrive takes the flashed sentence.
      history.scrollRestoration = "manual";
      history.replaceState(null, "", target.href);
      location.reload();
    };

    // The page stays, with what was typed put away and said where it is.
    const wait = (entry, kind) => {
      say("");
      const box = part("div", "", { className: "alert alert-warning sending-box", tabIndex: -1 });
      box.setAttribute("role", "status");
      const draw = (heading, words, links) => box.replaceChildren(part("h2", heading), part("p", words), ...links);
      const back = part("button", "取回来改", { type: "button", className: "btn btn-outline-secondary" });
      const packed = "keep" in form.dataset; // on a page of a field pack, which stays open
      const again = packed
        ? part("a", "回名单", { href: location.pathname, className: "btn btn-primary" })
        : part("a", "再填一份", { href: PAGE, className: "btn btn-outline-secondary" });
      const list = part("a", "看待发送的", { href: "/outbox/", className: "btn btn-outline-secondary" });
      const signIn = part("a", "去登录", {
        href: `/sign-in?next=${encodeURIComponent(PAGE)}`,
        className: "btn btn-primary",
      });
      const tell = (trouble) => {
        const locked = trouble === "signed-out" || trouble === "other-account";
        const how = locked
          ? "用您的账号登录后自动发送，不用再填。"
          : "一连上服务器就自动发送，不用再填；这一页可以关掉，下次打开本系统的任何一页都会接着发送。";
        const row = part("div", "", { className: "row-actions" });
        row.append(...(locked ? [signIn] : []), back, again, list);
        draw(`${WAITING[trouble] || WAITING.busy}，还没有发送`, `填的内容${countOf(entry)}都已存在这台设备的浏览器里。${how}`, [row]);
      };
      const countOf = ({ photos }) => (photos ? `和 ${photos} 张照片` : "");
      const look = async () => {
        const now = (await outbox.entries()).find(({ id }) => id === entry.id);
        if (!box.isConnected || !now) return;
        if (now.state === "sent") {
          document.removeEventListener("outbox", look);
          const link = part("a", "打开看看", { href: now.to, className: "btn btn-primary" });
          box.className = "alert alert-success sending-box";
          draw("已发送，服务器已收到", `${now.number} ${now.at} ${(now.said || []).join(" ")}`.trim(), [link, " ", again]);
        } else if (now.state !== "waiting") {
          draw("服务器没有收下，要改", now.error, [part("a", "打开修改", { href: "/outbox/", className: "btn btn-primary" })]);
        } else tell(now.trouble || kind);
      };
      back.addEventListener("click", async () => {
        document.removeEventListener("outbox", look);
        const { state } = (await browserStore.get("entries", entry.id)) || {};
        if (state === "sent") return look();
        await outbox.discard(entry.id);
        box.remove();
        form.hidden = false;
        stay();
        return undefined;
      });
      tell(kind);
      form.hidden = true;
      form.before(box);
      box.focus();
      document.addEventListener("outbox", look);
      look();
    };

    const submit = async (button) => {
      const unsent = form.querySelector("[data-unsent]");
      if (unsent) unsent.remove();
      const fields = textsOf(form, button);
      const inputs = new Set([...form.querySelectorAll("input[type=file]")].map((input) => input.name));
      const lost = [];
      const chosen = await filesOf(form, lost);
      if (lost.length) {
        stay();
        say("");
        illegible(lost);
        return form.querySelector("[data-illegible]").focus();
      }
      const files = [...chosen, ...carried.filter(([name]) => !inputs.has(name))];
      const { pathname, search } = new URL(form.action);
      const action = pathname + search;
      let entry;
      try {
        await outbox.ready;
        const title = nameOf(form, fields);
        const shown = readableOf(form);
        entry = await outbox.add({ id: own.taken, form: form.id, action, page: PAGE, title, shown, fields, files });
        own.taken = entry.id;
        await kept.end();
      } catch {
        entry = undefined; // nothing can be kept here: sent all the same, while the page stays
      }
      const token = form.elements.namedItem(TOKEN).value;
      const late = setTimeout(() => say("还没有回音。填的内容已存在这台设备上，请等一等…"), 8000);
      const sent = entry ? outbox.send(entry, token) : outbox.attempt({ action }, { fields, files }, token);
      const outcome = await sent.finally(() => clearTimeout(late));
      const { kind, html, to } = outcome || { kind: "busy" };
      if (kind === "sent" && !entry) {
        await kept.end();
        if (own.taken) await outbox.discard(own.taken); // what was typed first, whose place this could not take
      }
      if (kind === "sent" && !html && !(entry && "keep" in form.dataset)) return leave(to);
      if (html && (!entry || outbox.hasForm(html))) return outbox.show(html, entry || { id: "", action });
      if (entry) return wait(entry, kind);
      stay();
      say("");
      const box = notice("unsent");
      box.textContent = `${WAITING[kind] || WAITING.busy}，还没有发送。这个浏览器存不下内容，请不要关这一页，等一会儿再点一次。`;
      return box.focus();
    };

    form.addEventListener("click", (event) => (clicked = event.target.closest("button")));
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (sending) return;
      sending = true;
      const button = event.submitter || clicked;
      say("正在发送…");
      disable(true);
      try {
        await submit(button);
      } catch {
        stay();
        // The browser's own way ends on its error page where there is no network.
        if (own.taken || !navigator.onLine) say("没有发送成功，填的内容还在这一页，请过一会儿再点一次。", true);
        else natively(button);
      } finally {
        sending = false;
      }
    });
    form.addEventListener("input", kept.note);
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return kept.note();
      const box = form.querySelector("[data-illegible]");
      if (box && event.target.files.length) box.remove();
      return kept.noteFiles();
    });
    form.addEventListener("shrunk", kept.noteFiles);

    return Object.assign(own, { say });
  };

  const open = async (found) => ({ ...found, ...(await browserStore.unseal(found.content)) });

  const putBack = (form, own, found) => {
    if (found.key && form.dataset.draft) form.dataset.draft = found.key.split(" ")[1];
    restore(form, found.fields);
    attach(form, found.files);
    own.kept.noteFiles();
    own.say(`上次在这台设备上填的、还没有提交的内容已放回（${outbox.when(found.at || found.seq)}）`);
  };

  const typedHere = async () => (await browserStore.all("typed")).sort((one, other) => other.at - one.at);
  const newest = async (isIt) => (await typedHere()).find(isIt);

  // What was typed here before and not sent: put back at once where it is of this very record, else offered.
  const recover = async (form, own) => {
    await outbox.ready;
    if (taken) {
      const entry = await browserStore.get("entries", taken);
      if (entry && entry.content && entry.form === form.id) {
        own.taken = taken;
        const found = await open(entry);
        own.carry(found.files);
        const mended = await newest(({ key, at }) => key === own.kept.key() && at > (entry.at || entry.seq));
        if (mended) putBack(form, own, await open(mended)); // begun to be mended, and then left
        else if (shownAnswer) attach(form, found.files);
        else putBack(form, own, found);
        return;
      }
    }
    if (shownAnswer) return;
    const same = await newest(({ key }) => key === own.kept.key());
    if (same) {
      putBack(form, own, await open(same));
      return;
    }
    if ("keep" in form.dataset) return;
    const { pathname, search } = new URL(form.action);
    const isOfRecord = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.test(pathname);
    const waiting = isOfRecord && (await outbox.unsent()).find(({ action, content }) => action === pathname + search && content);
    if (waiting) offerWaiting(form, own, waiting);
    if (!form.elements.namedItem("record-id")) return;
    const others = (await typedHere()).filter(({ key }) => key !== own.kept.key()); // one's own may have begun meanwhile
    for (const each of others) if (each.page.split("?")[0] === location.pathname) offer(form, own, each);
  };

  const boxBefore = (form, words, buttons) => {
    const box = part("div", "", { className: "draft-offer" });
    const row = part("div", "", { className: "row-actions" });
    row.append(...buttons);
    box.append(part("p", words, { className: "mb-0" }), row);
    form.before(box);
    return box;
  };

  // The same form of the same record waits already; sent twice, the two would meet.
  const offerWaiting = (form, own, entry) => {
    const words = `${outbox.when(entry.at || entry.seq)} 在这台设备上提交过一次，还没有发送。要改的请取回来改，不用再填一份。`;
    const list = part("a", "看待发送的", { href: "/outbox/", className: "btn btn-outline-secondary" });
    const back = part("button", "取回来改", { type: "button", className: "btn btn-primary" });
    const box = boxBefore(form, words, entry.state === "waiting" ? [back, list] : [list]);
    back.addEventListener("click", async () => {
      putBack(form, own, await open(entry));
      await own.kept.note();
      if (own.kept.safe) await outbox.discard(entry.id);
      else own.taken = entry.id; // it stays until what is sent takes its place
      box.remove();
    });
  };

  const offer = (form, own, each) => {
    const go = part("button", "接着填", { type: "button", className: "btn btn-primary" });
    const drop = part("button", "删除", { type: "button", className: "btn btn-outline-secondary" });
    const words = `${outbox.when(each.at)} 在这台设备上填到一半、还没有提交的内容：${each.title}`;
    const box = boxBefore(form, words, [go, drop]);
    go.addEventListener("click", async () => {
      putBack(form, own, await open(each));
      box.remove();
    });
    drop.addEventListener("click", async () => {
      await browserStore.drop("typed", each.key);
      box.remove();
    });
    // The server's draft of the same record is not newer than what stands here.
    const id = each.key.match(/[0-9a-f-]{36}(?=\/drafts)/);
    for (const link of document.querySelectorAll(".draft-offer a[href]"))
      if (id && link.href.includes(`draft=${id[0]}`)) link.closest(".draft-offer").hidden = true;
  };

  // A copy that was kept for when there is no network: another record each time it is opened.
  const renew = (form) => {
    const id = form.elements.namedItem("record-id");
    if (!id || !form.dataset.draft || !("copy" in document.documentElement.dataset)) return;
    const fresh = browserStore.newId();
    form.dataset.draft = form.dataset.draft.replace(id.value, fresh);
    id.value = fresh;
    const item = new URLSearchParams(location.search).get("item");
    if (item) form.append(part("input", "", { type: "hidden", name: "item-id", value: item }));
  };

  for (const form of document.querySelectorAll("form[data-send]")) {
    renew(form);
    const own = take(form);
    recover(form, own).catch(() => {});
  }
})();
