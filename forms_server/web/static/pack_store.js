// Field packs: households and sheets for work without network, encrypted by a key that follows from a PIN, and once more by
// the store's own key, which goes with the session. Every page deletes what is too old or revoked and tells the server what waits.
"use strict";

// On the window: a page that is written into this one runs the script again.
window.fieldPacks = (() => {
  const { account } = browserStore;
  const subtle = window.crypto && crypto.subtle;
  const ROUNDS = 600000; // of PBKDF2: a second on a cheap phone
  const DAY = 86400000;
  const EVERY = 600000;
  const STORE = "packs";

  const keyOf = async (pin, salt, iterations) => {
    const typed = new TextEncoder().encode(pin.normalize("NFKC"));
    const base = await subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };

  // Of the scripts that the pack's pages were made for.
  const version = () => [...document.querySelectorAll("head script[src]")].map((each) => each.getAttribute("src")).join(" ");

  const own = async () => {
    await outdated();
    const row = account && (await browserStore.get(STORE, account));
    return row && row.content ? row : undefined;
  };

  // In days. A clock that is set back makes nothing younger: what it went back by is in `back`.
  const ageOf = ({ made, back = 0 }) => Math.max(0, Math.floor((Date.now() - made + back) / DAY));

  // In place of the one that is there.
  const keep = async (pin, pack) => {
    const old = await own();
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(pack));
    const bytes = await subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(pin, salt, ROUNDS), plain);
    const content = await browserStore.seal([], [["pack", { name: "", type: "", bytes }]]);
    const { id, days, tries: most } = pack;
    const row = { account, id, of: version(), made: Date.now(), back: 0, seen: Date.now(), days, most, tries: 0, salt, iv, rounds: ROUNDS, content };
    if (old) await end(old, "replaced");
    await browserStore.put(STORE, account, row);
  };

  // {pack}, or how many tries are {left}. A try is counted before it is made: closing the page takes none back.
  const unlock = async (pin) => {
    const sealed = await own();
    if (!sealed) return { left: 0 };
    const [[, { bytes }]] = (await browserStore.unseal(sealed.content)).files;
    let row;
    await browserStore.change(STORE, account, (kept) => (row = { ...kept, tries: kept.tries + 1 }));
    if (!row) return { left: 0 };
    const left = row.most - row.tries;
    try {
      if (left < 0) throw new Error("no try is left");
      const plain = await subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await keyOf(pin, row.salt, row.rounds), bytes);
      await browserStore.change(STORE, account, (kept) => ({ ...kept, tries: 0 }));
      return { pack: JSON.parse(new TextDecoder().decode(plain)) };
    } catch {
      if (left <= 0) await end(row, "wrong-pin");
      return { left: Math.max(0, left) };
    }
  };

  // Deletes it; why is told as soon as there is network.
  const end = async (row, why) => {
    await browserStore.put(STORE, row.id, { account: row.account, id: row.id, ended: why });
    await browserStore.drop(STORE, row.account);
    if (why !== "replaced") document.dispatchEvent(new CustomEvent("pack-gone"));
  };

  const leave = async () => {
    const row = await own();
    if (!row) return;
    await end(row, "signed-out");
    await Promise.race([contact(), new Promise((done) => setTimeout(done, 3000))]);
  };

  // Deletes what is too old, and writes down how late it is now.
  const outdated = async () => {
    for (const row of await browserStore.rows(STORE)) {
      if (!row.content) continue;
      const now = Date.now();
      const { seen = row.made, back = 0 } = row;
      const looked = { seen: now, back: back + Math.max(0, seen - now) };
      if (ageOf({ ...row, ...looked }) >= row.days) await end(row, "aged");
      else if (now < seen || now - seen > EVERY) await browserStore.change(STORE, row.account, (kept) => (kept.id === row.id && kept.seen === row.seen ? { ...kept, ...looked } : undefined));
    }
  };

  const tellOne = async (row, waiting, token) => {
    const body = new URLSearchParams({ "pack-id": row.id, ended: row.ended || "", waiting: row.account === account ? waiting : "" });
    const answer = await fetch("/field/contact", { method: "POST", headers: { "X-CSRF-Token": token }, body, redirect: "error" });
    if (!answer.ok) return;
    const { held } = await answer.json();
    if (row.ended) await browserStore.drop(STORE, row.id);
    else if (held) await browserStore.change(STORE, row.account, (kept) => (kept.id === row.id ? { ...kept, told: Date.now(), waiting } : undefined));
    else {
      await browserStore.drop(STORE, row.account);
      document.dispatchEvent(new CustomEvent("pack-gone"));
    }
  };

  const contact = async () => {
    await outdated();
    const rows = await browserStore.rows(STORE);
    if (!rows.length) return;
    const waiting = account ? (await outbox.unsent()).length : 0;
    const isDue = (row) => row.ended || Date.now() - (row.told || 0) > EVERY || (row.account === account && row.waiting !== waiting);
    const due = rows.filter(isDue);
    const who = due.length && (await outbox.session());
    for (const row of who ? due : []) await tellOne(row, waiting, who.token);
  };

  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => contact().catch(() => {}), 1500);
  };
  outbox.ready.then(soon);
  addEventListener("online", soon);
  document.addEventListener("outbox", soon);

  return { ageOf, end, keep, leave, own, unlock, version };
})();
