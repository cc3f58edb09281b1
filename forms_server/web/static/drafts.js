// Debounced autosave of drafts on the server, so that they can be taken up on another device. What is typed is kept in this
// browser first (form_sending.js); this script only says so.
"use strict";

(() => {
  const form = document.querySelector("[data-draft]");
  if (!form) return;

  const PAUSE = 1200;
  const RETRY = 8000;
  const status = form.querySelector("[data-draft-status]");
  let token = form.elements.namedItem("csrf_token").value;
  let changes = 0;
  let kept = 0;
  let sending = false;
  let over = false;
  let timer;

  const isHere = () => Boolean(form.kept && form.kept.safe);

  const say = (words, late = false) => {
    status.textContent = words;
    status.classList.toggle("draft-late", late);
  };

  const trouble = (words) =>
    isHere() ? say(`${words}，填的内容已存在这台设备的浏览器里`) : say(`${words}，草稿没有存上，请不要关这一页`, true);

  const later = (pause) => {
    clearTimeout(timer);
    if (!over && kept !== changes) timer = setTimeout(send, pause);
  };

  // Several ticked choices are one text, as the server writes it.
  const typed = () => {
    const texts = Object.create(null);
    for (const [name, text] of new FormData(form)) {
      if (typeof text !== "string") continue;
      const ticked = texts[name] && form.querySelector(`[role=group] [name="${CSS.escape(name)}"]`);
      texts[name] = ticked && text ? `${texts[name]}、${text}` : text || texts[name] || "";
    }
    return JSON.stringify(texts);
  };

  const post = () =>
    fetch(form.dataset.draft, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: typed(),
      keepalive: document.hidden,
    });

  // A token ends with its session; whoever signed in again, elsewhere, has another one.
  const postInSession = async () => {
    const answer = await post();
    if (answer.status !== 400 && answer.status !== 401) return answer;
    const who = await outbox.session();
    if (!who || who.account !== outbox.account) return answer;
    token = who.token;
    return post();
  };

  const understand = async (answer, change) => {
    if (answer.ok) {
      kept = change;
      say(`草稿已保存 ${(await answer.json()).saved}`);
    } else if (answer.status >= 500) {
      throw new Error(answer.status);
    } else if (answer.status === 401) {
      trouble("登录已过期");
    } else {
      over = true;
      if (answer.status === 409) say("");
      else trouble("服务器没有收草稿");
    }
  };

  async function send() {
    if (sending || over || kept === changes) return;
    const change = changes;
    sending = true;
    try {
      await understand(await postInSession(), change);
      later(PAUSE);
    } catch {
      trouble("网络不通");
      later(RETRY);
    } finally {
      sending = false;
    }
  }

  form.addEventListener("input", () => {
    changes += 1;
    later(PAUSE);
  });
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(timer);
  });
  form.addEventListener("resumed", () => {
    over = false;
    later(PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (over || kept === changes || isHere()) return;
    event.preventDefault();
    event.returnValue = ""; // Chromium before 119 asks for this one
  });
  // Restored from the back/forward cache: enable submission and autosave again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
})();
