// Debounced autosave of drafts on the server. Nothing is stored in the browser: a shared phone must not leak one
// person's input to another.
"use strict";

(() => {
  const form = document.querySelector("[data-draft]");
  if (!form) return;

  const PAUSE = 1200;
  const RETRY = 8000;
  const status = form.querySelector("[data-draft-status]");
  const token = form.elements.namedItem("csrf_token").value;
  let changes = 0;
  let kept = 0;
  let sending = false;
  let over = false;
  let timer;

  const say = (words, late = false) => {
    status.textContent = words;
    status.classList.toggle("draft-late", late);
  };

  const later = (pause) => {
    clearTimeout(timer);
    if (!over && kept !== changes) timer = setTimeout(send, pause);
  };

  const typed = () => {
    const texts = [...new FormData(form)].filter(([, text]) => typeof text === "string");
    return JSON.stringify(Object.fromEntries(texts));
  };

  const post = () =>
    fetch(form.dataset.draft, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: typed(),
      keepalive: document.hidden,
    });

  const understand = async (answer, change) => {
    if (answer.ok) {
      kept = change;
      say(`草稿已保存 ${(await answer.json()).saved}`);
    } else if (answer.status >= 500) {
      throw new Error(answer.status);
    } else {
      over = true;
      say(answer.status === 409 ? "" : "草稿没有存上；请直接提交，填的内容不会丢", answer.status !== 409);
    }
  };

  async function send() {
    if (sending || over || kept === changes) return;
    const change = changes;
    sending = true;
    try {
      await understand(await post(), change);
      later(PAUSE);
    } catch {
      say("网络不通，草稿还没有存上，会自动重试", true);
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
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (!over && kept !== changes) event.preventDefault();
  });
  // Restored from the back/forward cache: enable submission and autosave again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
})();
