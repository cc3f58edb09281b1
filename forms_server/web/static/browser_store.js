// What the browser keeps, in IndexedDB: what is being typed, photographs, what waits to be sent. Of one account at a time;
// encrypted where the browser can (https): the key comes from the server with a session and goes with it.
"use strict";

// On the window: a page that is written into this one runs the script again.
window.browserStore = (() => {
  const NAME = "huitoukan";
  const account = document.documentElement.dataset.account || "";
  const subtle = window.crypto && crypto.subtle;
  let opened;
  let key;

  const open = () =>
    (opened = opened || new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 2);
      asked.onupgradeneeded = () => {
        const there = asked.result.objectStoreNames;
        for (const name of ["typed", "entries", "keys", "packs"]) if (!there.contains(name)) asked.result.createObjectStore(name);
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        asked.result.onclose = () => (opened = undefined);
        done(asked.result);
      };
      asked.onerror = asked.onblocked = () => {
        opened = undefined;
        failed(asked.error || new Error("blocked"));
      };
    }));

  // One transaction; strict, so that a power cut right after it loses nothing. `work` returns a request.
  const run = async (name, mode, work) => {
    const database = await open();
    return new Promise((done, failed) => {
      const transaction = database.transaction(name, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(name));
      transaction.oncomplete = () => done(asked && asked.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error || new Error("not stored"));
    });
  };

  const get = (name, id) => run(name, "readonly", (store) => store.get(id));
  const drop = (name, id) => run(name, "readwrite", (store) => store.delete(id));

  // Bytes that are kept for when the room runs out, which newer browsers tell nobody: what is typed then gets theirs.
  const RESERVE = 10000000;

  const hasReserve = async () => Boolean(await run("keys", "readonly", (store) => store.getKey("reserve")));

  // Whether it is there, or there is room for it.
  const reserve = async () => {
    if (await hasReserve()) return true;
    const bytes = new Uint8Array(RESERVE); // random, since browsers compress what they store
    for (let at = 0; at < RESERVE; at += 50000) crypto.getRandomValues(bytes.subarray(at, at + 50000));
    const made = run("keys", "readwrite", (store) => store.put({ bytes }, "reserve"));
    return made.then(() => true, () => false);
  };

  // A write, once more in the place of the reserve where the room runs out.
  const written = async (write) => {
    try {
      return await write();
    } catch (error) {
      if (!(await hasReserve())) throw error;
      await drop("keys", "reserve");
      document.dispatchEvent(new CustomEvent("room"));
      return write();
    }
  };

  const put = (name, id, value) => written(() => run(name, "readwrite", (store) => store.put(value, id)));

  // Reads and writes in one transaction, so that of two pages only one gets a thing. Undefined leaves it as it is.
  const change = (name, id, judge) =>
    written(() =>
      run(name, "readwrite", (store) => {
        const asked = store.get(id);
        asked.onsuccess = () => {
          const value = asked.result && judge(asked.result);
          if (value) store.put(value, id);
        };
        return asked;
      }),
    );

  const rows = (name) => run(name, "readonly", (store) => store.getAll());

  // Of this account, with what people read of each (`words`: title, error) opened.
  const all = async (name) => {
    const own = (await rows(name)).filter((value) => value.account === account);
    return Promise.all(own.map(async (value) => ({ ...value, ...(await readWords(value.words)) })));
  };

  const imported = (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  };

  // The server's key for this account, kept while it is signed in, for pages that are opened without network.
  const unlock = async (fresh) => {
    if (!subtle || key) return;
    key = await get("keys", account);
    if (key || !fresh) return;
    key = await imported(fresh);
    await put("keys", account, key).catch(() => {}); // what waits is sent from a full phone, too
  };

  const forget = () => run("keys", "readwrite", (store) => store.clear());

  // What other accounts have left here, closed: handed in for those that were disabled.
  const leftBy = async () => (await rows("entries")).filter((each) => each.content && each.late && each.action);

  const openWith = async (fresh, { content, words }) => {
    if (!content.iv) return { ...unpack(content.bytes), words: unpack(words.bytes).fields };
    const own = await imported(fresh);
    const plain = async ({ iv, bytes }) => unpack(await subtle.decrypt({ name: "AES-GCM", iv }, own, bytes));
    return { ...(await plain(content)), words: (await plain(words)).fields };
  };

  // Fields [[name, text]] and files [[name, {name, type, bytes}]] as one sequence of bytes.
  const pack = (fields, files) => {
    const sizes = files.map(([name, file]) => [name, file.name, file.type, file.bytes.byteLength]);
    const head = new TextEncoder().encode(JSON.stringify({ fields, files: sizes }));
    const all = new Uint8Array(4 + head.length + files.reduce((sum, [, file]) => sum + file.bytes.byteLength, 0));
    new DataView(all.buffer).setUint32(0, head.length);
    all.set(head, 4);
    let at = 4 + head.length;
    for (const [, file] of files) {
      all.set(new Uint8Array(file.bytes), at);
      at += file.bytes.byteLength;
    }
    return all;
  };

  const unpack = (buffer) => {
    let at = 4 + new DataView(buffer).getUint32(0);
    const { fields, files } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, at - 4)));
    const taken = files.map(([field, name, type, size]) => {
      const bytes = buffer.slice(at, at + size);
      at += size;
      return [field, { name, type, bytes }];
    });
    return { fields, files: taken };
  };

  const seal = async (fields, files = []) => {
    const plain = pack(fields, files);
    if (!subtle) return { bytes: plain.buffer };
    if (!key) throw new Error("no key yet");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  };

  const unseal = async ({ iv, bytes }) => {
    if (!iv) return unpack(bytes);
    return unpack(await subtle.decrypt({ name: "AES-GCM", iv }, key, bytes));
  };

  // Names of householders stand in titles and errors, too.
  const sealWords = (words) => seal(Object.entries(words));
  const readWords = async (sealed) => {
    try {
      return Object.fromEntries((await unseal(sealed)).fields);
    } catch {
      return { title: "（登录后才能看）", error: "" };
    }
  };

  // crypto.randomUUID needs https, and Chromium 92.
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  return { account, all, change, drop, encrypts: Boolean(subtle), forget, get, leftBy, newId, openWith, put, readWords, reserve, rows, seal, sealWords, unlock, unseal };
})();
