// The outbox: what could not be sent yet is sent as soon as the server answers, in order and each once, from whatever page
// is open. Posts are idempotent by the ids in them, so a repeated one changes nothing.
"use strict";

// On the window: a page that is written into this one runs the script again.
window.outbox = (() => {
  const { account } = browserStore;
  const unit = document.documentElement.dataset.unit || ""; // for which is typed what this page sends
  const SESSION = "/outbox/session";
  const FIRST_WAIT = 5000;
  const LONGEST_WAIT = 300000;
  const KEPT_RECEIPTS = 50;
  const LEASE = 45000; // where browsers have no locks: another page takes over what a closed one had begun
  let timer;
  let flushing = false;
  let stumbles = 0; // times in a row that what came of an entry could not be written down
  let late; // the token by which this browser may hand in what it kept, should the account be disabled

  const timed = async (address, options, limit) => {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), limit);
    try {
      const response = await fetch(address, { ...options, signal: stop.signal });
      return { response, text: await response.text() };
    } finally {
      clearTimeout(clock);
    }
  };

  // Who is signed in, with a fresh token; undefined where it cannot be known now.
  const session = async () => {
    try {
      const { response, text } = await timed(SESSION, { redirect: "error" }, 15000);
      if (!response.ok) return undefined;
      const found = JSON.parse(text);
      if (account && found.account === account) {
        late = found.late;
        await browserStore.unlock(found.key);
        await browserStore.put("keys", `late ${account}`, late).catch(() => {});
      }
      return found;
    } catch {
      return undefined;
    }
  };

  const ready = (async () => {
    if (!account) return;
    await browserStore.unlock();
    late = await browserStore.get("keys", `late ${account}`);
    await session();
  })().catch(() => {});

  // As the server writes times: 2022年8月9日 09:05, in China.
  const parts = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  });
  const when = (time) => {
    const of = Object.fromEntries(parts.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));
    return `${of.year}年${of.month}月${of.day}日 ${of.hour}:${of.minute}`;
  };

  const entries = async () => (await browserStore.all("entries")).sort((one, other) => one.seq - other.seq);
  const unsent = async () => (await entries()).filter((entry) => entry.state !== "sent");

  const tell = async () => {
    const waiting = await unsent();
    for (const link of document.querySelectorAll("[data-outbox]")) {
      link.hidden = !waiting.length;
      link.querySelector("strong").textContent = waiting.length;
    }
    document.dispatchEvent(new CustomEvent("outbox", { detail: waiting.length }));
    return waiting;
  };

  // Of the record that an entry is about, whose earlier entries have to be in before it.
  const aboutOf = (action, fields) => {
    const ids = fields.filter(([name]) => name === "record-id" || name === "visit-id").map(([, id]) => id);
    const found = action.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/);
    return ids[0] || (found && found[0]) || action;
  };

  // One with an `error` has been refused already.
  const add = async ({ id, form, action, title, shown, fields, files, page, about, error }) => {
    const old = id && (await browserStore.get("entries", id));
    const last = (await entries()).pop();
    const entry = {
      id: id || browserStore.newId(),
      account,
      unit,
      // Phones' clocks are set back, and what was done last stays last.
      seq: (old && old.seq) || Math.max(Date.now(), last ? last.seq + 1 : 0),
      at: Date.now(),
      action,
      form, // its id on that page
      page,
      words: await browserStore.sealWords({ title, shown: JSON.stringify(shown), error: error || "" }),
      photos: files.length,
      about: about || aboutOf(action, fields),
      late: late || (old && old.late),
      state: error ? "refused" : "waiting",
      tries: 0,
      next: 0,
      leased: 0,
      content: await browserStore.seal(fields, files),
    };
    await browserStore.put("entries", entry.id, entry);
    return entry;
  };

  // As browsers send forms: line breaks are two characters.
  const lines = (text) => text.replace(/\r\n?|\n/g, "\r\n");

  const bodyOf = ({ fields, files }) => {
    if (!files.length) return new URLSearchParams(fields.map(([name, text]) => [name, lines(text)]));
    const body = new FormData();
    for (const [name, text] of fields) body.append(name, lines(text));
    for (const [name, { name: called, type, bytes }] of files) body.append(name, new File([bytes], called, { type }));
    return body;
  };

  const RETRIED = new Set([408, 425, 429]);
  const SETTLED = new Set(["sent", "refused", "conflict"]);

  const unable = (who) => {
    if (who) return { kind: who.account ? "other-account" : "signed-out" };
    return { kind: navigator.onLine ? "busy" : "offline" };
  };

  // One attempt. {kind}: sent, refused, conflict; and where it has to wait: offline, busy, signed-out, other-account, held,
  // closed.
  // A page that is open gives its own token, which holds as long as the session in which it was opened.
  const attempt = async (entry, content, token) => {
    const who = token ? { account, token } : await session();
    if (!who || who.account !== account) return unable(who);
    const size = content.files.reduce((sum, [, file]) => sum + file.bytes.byteLength, 0);
    const { action, tries = 0 } = entry;
    const unitOf = entry.unit ? { "X-Outbox-Unit": encodeURIComponent(entry.unit) } : {};
    const headers = { "X-CSRF-Token": who.token, "X-Outbox": token ? "now" : "later", ...unitOf };
    let answer;
    try {
      const options = { method: "POST", headers, body: bodyOf(content), redirect: "error" };
      answer = await timed(action, options, (30000 + size / 20) * Math.min(4, tries + 1)); // of slow lines longer
    } catch {
      return unable();
    }
    const { response, text } = answer;
    const { status } = response;
    const ours = response.headers.get("X-Outbox");
    if (status === 413) return { kind: "refused", error: "照片和文字加起来太大，服务器没有收。", html: ours && text };
    // Else from a proxy, or the sign-in page of a network: nobody of ours has seen it.
    if (!ours || status >= 500 || RETRIED.has(status)) return { kind: "busy" };
    if (token && (status === 400 || status === 401)) return attempt(entry, content);
    if (status === 401) return { kind: "signed-out" };
    if (response.ok && /json/.test(response.headers.get("Content-Type"))) {
      const receipt = JSON.parse(text);
      return receipt.done ? { kind: "sent", ...receipt } : { kind: "signed-out" };
    }
    if (response.ok) return { kind: "sent", html: text, to: action, at: "", number: "", said: [] };
    return { kind: status === 409 ? "conflict" : "refused", html: text, error: sentences(text) };
  };

  const sentences = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const each of page.querySelectorAll("[hidden], script")) each.remove();
    const box = page.querySelector("main .alert-danger, main .alert-warning, main .field-error") || page.querySelector("main") || page.body;
    const parts = [...box.querySelectorAll("li")];
    const said = (parts.length ? parts : [box.querySelector("p") || box]).slice(0, 5);
    return said.map((part) => part.textContent.trim().replace(/\s+/g, " ")).join(" ");
  };

  const waitOf = (tries) => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries, 10));

  // Writes down what came of it, unless other words have taken its place meanwhile. What is stored needs its content no longer.
  const settle = async (entry, { kind, error = "", to, at, number, said, base, version }) => {
    const { title, shown = "[]" } = await browserStore.readWords(entry.words);
    const words = kind === "closed" ? entry.words : await browserStore.sealWords(kind === "sent" ? { title } : { title, shown, error });
    await browserStore.change("entries", entry.id, (kept) => {
      if (kept.at !== entry.at) return undefined;
      const tries = kept.tries + 1;
      const state = SETTLED.has(kind) ? kind : "waiting";
      const next = { ...kept, words, state, trouble: kind, tries, next: Date.now() + waitOf(tries), leased: 0 };
      if (state === "sent") Object.assign(next, { content: undefined, to, at, number, said, base, version, done: Date.now() });
      return next;
    });
  };

  // Milliseconds until a time that is at most `most` ahead; one that is further off was written by another clock.
  const waits = (time, most) => {
    const left = time - Date.now();
    return left > most ? 0 : left;
  };

  // Of several open pages one works at a time; undefined where another one does. A closed page's lock is free.
  const exclusively = async (id, work) => {
    if (navigator.locks) return navigator.locks.request(`outbox-${id}`, { ifAvailable: true }, (lock) => lock && work());
    let mine = false;
    await browserStore.change("entries", id, (kept) => {
      if (waits(kept.leased, LEASE) > 0) return undefined;
      mine = true;
      return { ...kept, leased: Date.now() + LEASE };
    });
    return mine ? work() : undefined;
  };

  const opened = ({ content }) => browserStore.unseal(content).catch(() => undefined);

  // What this account's key does not open is kept, and keeps nobody else waiting.
  const judge = async (entry, token) => {
    const content = await opened(entry);
    if (content) return deliver(entry, content, token);
    const who = await session(); // which brings the key
    if (!who || who.account !== account) return unable(who);
    const now = await opened(entry);
    return now ? deliver(entry, now) : { kind: "closed" };
  };

  const BASE = "base-version";

  // The version on which an entry builds: that of its page, and on it what was sent from here before and changed that very
  // version. Where the same form was sent twice, or somebody else came in between, the server shows both.
  const builtOn = async (entry, typed) => {
    const before = (await entries()).filter(({ state, about, action, seq }) => state === "sent" && about === entry.about && action !== entry.action && seq < entry.seq);
    return before.reduce((base, { base: from, version }) => (from === base && version === base + 1 ? version : base), Number(typed));
  };

  const deliver = async (entry, content, token) => {
    const typed = content.fields.find(([name]) => name === BASE);
    const base = typed && (await builtOn(entry, typed[1]));
    const fields = content.fields.map(([name, text]) => (name === BASE ? [name, String(base)] : [name, text]));
    const outcome = await attempt(entry, { ...content, fields }, token);
    await keepLeft(entry, content, outcome.left || []);
    return { ...outcome, base };
  };

  // Photographs that a stored record came without: entries of their own, to be looked at, replaced or deleted.
  const keepLeft = async (entry, { files }, left) => {
    const { title } = await browserStore.readWords(entry.words);
    for (const { field, places, why, action, side, form } of left) {
      const sent = files.filter(([name]) => name === field);
      const own = places.filter((place) => sent[place]).map((place) => ["photos", sent[place][1]]);
      const id = `${entry.id} ${field}`; // the same where an answer was lost, and the record is sent again
      await add({ id, about: id, form, action, page: entry.page, title: `照片：${title}`, shown: [], fields: [["side", side]], files: own, error: why });
    }
  };

  const send = (entry, token) =>
    exclusively(entry.id, async () => {
      const fresh = await browserStore.get("entries", entry.id);
      if (!fresh || fresh.state === "sent") return undefined;
      if (token && (await isHeld(fresh))) {
        flush(true);
        return { kind: "held" };
      }
      const outcome = await judge(fresh, token);
      await settle(fresh, outcome);
      await (flushing ? tell() : schedule());
      return outcome;
    });

  // Whether an entry has to wait for an earlier one. One that was refused is waited for until it is mended, but by nobody who
  // has the server's page open or has filled in its form anew.
  const holds = (earlier, entry, isOpen = false) => {
    if (earlier.about !== entry.about || earlier.seq >= entry.seq) return false;
    return earlier.state === "waiting" || !(isOpen || earlier.action === entry.action);
  };

  const isHeld = async (entry) => {
    const isOpen = !(entry.page || "").startsWith("/field/"); // a pack's pages know nothing of what the server has
    return (await unsent()).some((other) => holds(other, entry, isOpen));
  };

  // All that waits, in order; what is about a record whose earlier entry is not in waits for that.
  const flush = async (hurry) => {
    if (!account || flushing) return;
    flushing = true;
    clearTimeout(timer);
    let stumbled = false;
    try {
      await ready;
      const held = [];
      for (const entry of await unsent()) {
        const due = hurry || waits(entry.next, LONGEST_WAIT) <= 0;
        let { state } = entry;
        if (state === "waiting" && due && !held.some((earlier) => holds(earlier, entry))) {
          const outcome = await send(entry).catch(() => (stumbled = true) && { kind: "closed" });
          if (outcome && outcome.kind === "sent") continue;
          if (outcome && outcome.kind === "signed-out") await handIn();
          if (outcome && !SETTLED.has(outcome.kind) && outcome.kind !== "closed") break; // the next would fare no better
          if (outcome && SETTLED.has(outcome.kind)) state = outcome.kind;
        }
        held.push({ ...entry, state });
      }
      await tidy();
    } catch {
      // The storage cannot be read now; the timer comes again.
    } finally {
      flushing = false;
      stumbles = stumbled ? stumbles + 1 : 0;
      await schedule();
    }
  };

  const schedule = async () => {
    clearTimeout(timer);
    const waiting = (await tell().catch(() => [])).filter((entry) => entry.state === "waiting");
    if (!waiting.length) return;
    const soonest = Math.min(...waiting.map((entry) => Math.max(waits(entry.next, LONGEST_WAIT), waits(entry.leased, LEASE))));
    timer = setTimeout(flush, Math.max(stumbles ? waitOf(stumbles) : 1000, soonest));
  };

  const tidy = async () => {
    const sent = (await entries()).filter((entry) => entry.state === "sent");
    for (const entry of sent.slice(0, -KEPT_RECEIPTS)) await browserStore.drop("entries", entry.id);
  };

  const discard = async (id) => {
    await browserStore.drop("entries", id);
    await tell();
  };

  // Whether a page of the server offers what was typed; an error page does not.
  const hasForm = (html) => Boolean(new DOMParser().parseFromString(html, "text/html").querySelector("form[data-send]"));

  // The server's page about an entry, in place of this one; its form takes the entry's place when it is sent again.
  const show = (html, entry) => {
    history.replaceState({ entry: entry.id }, "", entry.action);
    document.open();
    document.write(html.replace("<html ", "<html data-answer "));
    document.close();
  };

  // What accounts that are disabled by now have not sent: to the office, which decides. `told` per entry that is in.
  const handIn = async () => {
    const left = await browserStore.leftBy();
    const who = left.length && (await session());
    let number = 0;
    for (const of of new Set(who ? left.map((entry) => entry.account) : [])) {
      const own = left.filter((entry) => entry.account === of);
      const headers = { "X-CSRF-Token": who.token, "X-Late-Account": of, "X-Late-Token": own[0].late };
      const asked = await timed("/late/standing", { method: "POST", headers, redirect: "error" }, 15000);
      const standing = asked.response.ok ? JSON.parse(asked.text) : {};
      for (const entry of standing.disabled ? own : []) if (await handInOne(entry, standing.key, headers)) number += 1;
    }
    for (const box of number ? document.querySelectorAll("[data-handed-in]") : []) {
      box.textContent = `账号已停用。存在这台设备上、还没有发送的 ${number} 份已交给办公室，由办公室决定收不收，不用再填。`;
      box.hidden = false;
    }
  };

  const handInOne = async (entry, key, headers) => {
    const { fields, files, words } = await browserStore.openWith(key, entry);
    const content = { fields: [
      ["id", entry.id],
      ["title", new Map(words).get("title")],
      ["action", entry.action],
      ["typed_at", String(entry.at || entry.seq)],
      ["unit", entry.unit || ""],
      ["typed", JSON.stringify(fields.map(([name, text]) => [name, lines(text)]))],
    ], files };
    const { response, text } = await timed("/late/entries", { method: "POST", headers, body: bodyOf(content), redirect: "error" }, 120000);
    if (!response.ok || !JSON.parse(text).done) return false;
    await browserStore.change("entries", entry.id, (kept) => ({ ...kept, content: undefined, state: "sent", done: Date.now() }));
    return true;
  };

  const begin = () => {
    addEventListener("online", () => flush(true));
    addEventListener("pageshow", () => flush(true));
    document.addEventListener("visibilitychange", () => document.hidden || flush(true));
    for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", askBeforeLeaving);
    flush(true);
  };

  const askBeforeLeaving = async (event) => {
    event.preventDefault();
    const form = event.target;
    const [waiting, typed] = await Promise.all([unsent(), browserStore.all("typed")]).catch(() => [[], []]);
    const number = waiting.length + typed.length;
    const after = browserStore.encrypts ? "退出后留在这台设备上，加了密" : "退出后留在这台设备上，没有加密";
    const words = `还有 ${number} 份没有发送或没有填完。${after}，只有用您的账号在这台设备上再登录，才能接着发送。仍然退出？`;
    if (number && !confirm(words)) return;
    await window.fieldPacks.leave().catch(() => {});
    form.submit();
  };

  // An error page knows nobody where the server could not look; who is signed in stays so.
  if (account) begin();
  else if (!("unidentified" in document.documentElement.dataset)) browserStore.forget().then(handIn).catch(() => {});

  return { account, add, attempt, discard, entries, flush, hasForm, holds, ready, send, session, show, tell, unsent, when };
})();
