// The chat page in the browser. Gradio carries the events and brings back the drawn page; this file
// makes it feel at once: the shopper's bubble before the answer, recording, focus, a lost server.
(() => {
  "use strict";

  const query = new URLSearchParams(location.search);
  const embedded = query.has("embed");
  const root = document.documentElement;
  if (embedded) root.classList.add("embed");

  let page; // Gradio's element with our markup
  let send; // {open, say, hear, rate, fresh}: events to the server
  let outbox; // messages on their way: outbox.js
  let voice; // recording and speaking: voice.js
  let before = { conversation: "", bots: 0, end: 0 }; // of the last drawing
  const rated = new Map(); // message id → "up" | "down"

  const $ = (selector) => page.querySelector(selector);
  const foot = () => $(".foot");
  const box = () => $("#message");
  const words = () => JSON.parse(foot().dataset.words);
  const language = () => foot().dataset.language;
  // Browsers that keep nothing (private windows, some frames) raise; the page then forgets.
  const remember = (where, key, value) => {
    try { window[where].setItem(`shopclerk-${key}`, value); } catch { /* nothing kept */ }
  };
  const recall = (where, key) => {
    try { return window[where].getItem(`shopclerk-${key}`) ?? ""; } catch { return ""; }
  };
  const speaks = () => recall("localStorage", "speak") === "1";

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // ---- talking -------------------------------------------------------------------------------

  function say(text, shown) {
    text = text.trim();
    if (!text || !page.classList.contains("ready")) return false;
    outbox.say(text, shown ?? text);
    return true;
  }

  // The server has drawn the page: after a message, or because somebody said something unasked.
  function drawn() {
    const answers = outbox.settle();
    page.classList.add("ready");
    sync();
    const { conversation } = $(".log").dataset;
    const bots = page.querySelectorAll(".said.bot:not(.typing)").length;
    const unasked = !answers && conversation === before.conversation && bots > before.bots;
    const reading = $(".talk").scrollTop < before.end - 80; // further up: leave it in sight
    if (!unasked || !reading) toEnd(answers);
    before = { conversation, bots, end: $(".talk").scrollHeight - $(".talk").clientHeight };
    if ((answers || unasked) && speaks()) voice.speak(latestReply(unasked), language());
    if (answers && document.activeElement === document.body &&
        matchMedia("(pointer: fine)").matches) {
      box().focus({ preventScroll: true });
    }
    if (unasked && embedded) parent.postMessage({ shopclerk: "news" }, "*");
  }

  function latestReply(unasked) {
    const items = [...page.querySelectorAll(".log > .said:not(.typing)")];
    const from = unasked ? items.length - 1
      : items.findLastIndex((item) => item.matches(".shopper")) + 1;
    return items.slice(from).map((item) => item.querySelector(".bubble")?.innerText ?? "")
      .join("\n").trim().slice(0, 1500);
  }

  // Gradio's redrawing knows nothing of what this script did to the elements; do it again.
  function sync() {
    root.lang = language() === "zh" ? "zh-CN" : "en";
    for (const [id, rating] of rated) {
      const thumbs = $(`.thumbs[data-for="${CSS.escape(id)}"]`);
      thumbs?.querySelectorAll("[data-rate]").forEach((b) =>
        b.setAttribute("aria-pressed", String(b.dataset.rate === rating)));
    }
    $('[data-do="speak"]')?.setAttribute("aria-pressed", String(speaks()));
    if (!outbox.busy()) {
      page.querySelectorAll(".gone").forEach((e) => e.classList.remove("gone"));
    }
    grow();
  }

  function tell(text, retry) {
    let line = $(".notice.local");
    if (!line) {
      line = element("li", "notice local");
      line.setAttribute("role", "status");
      $(".log").append(line);
    }
    line.classList.remove("gone");
    if (line.dataset.text === text) return;
    line.dataset.text = text;
    line.replaceChildren(element("p", "", text));
    if (retry) {
      const button = element("button", "chip", retry);
      button.type = "button";
      button.dataset.do = "retry";
      line.append(button);
    }
    toEnd();
  }

  // A long answer is read from its beginning: the shopper's own bubble stays in sight.
  function toEnd(answers) {
    const talk = $(".talk");
    const last = [...page.querySelectorAll(".said.shopper")].at(-1);
    const smooth = answers !== undefined && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const end = talk.scrollHeight - talk.clientHeight;
    const top = answers && last ? Math.min(end, last.offsetTop - 12) : end;
    talk.scrollTo({ top, behavior: smooth ? "smooth" : "instant" });
  }

  function grow() {
    const area = box();
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
    page.classList.toggle("written", area.value.trim() !== "");
  }

  function sendBox() {
    const area = box();
    if (say(area.value)) { area.value = ""; grow(); }
    area.focus();
  }

  // ---- pressing things -----------------------------------------------------------------------

  async function post(path, body) {
    try {
      const answer = await fetch(path, {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      });
      return answer.ok;
    } catch { return false; }
  }

  const actions = {
    send: sendBox,
    record: () => voice.record(),
    file: () => voice.choose(),
    retry: () => outbox.retry(),
    close: () => parent.postMessage({ shopclerk: "close" }, "*"),
    fresh: () => {
      if (outbox.busy()) return;
      outbox.forget();
      box().value = "";
      send.fresh({});
    },
    language: (button) => { if (!outbox.busy()) send.open({ language: button.dataset.language }); },
    speak: () => { remember("localStorage", "speak", speaks() ? "0" : "1"); sync(); },
    "sign-in": () => $("dialog").showModal(),
    cancel: () => $("dialog").close(),
    "signing-in": async () => {
      const customer = Number($("#customer").value);
      $("dialog").close();
      if (await post("api/sign-in", { customer_id: customer })) send.open({ signed_in: true });
      else tell(words().failed);
    },
    "sign-out": async () => {
      if (await post("api/sign-out")) send.fresh({});
      else tell(words().failed);
    },
  };

  function rate(thumbs, rating, reason) {
    const id = thumbs.dataset.for;
    rated.set(id, rating);
    send.rate({ message: id, rating, reason: reason ?? "" });
    const why = thumbs.closest(".said").querySelector(".why");
    why.hidden = rating !== "down" || reason !== undefined;
    thumbs.querySelector(".noted").textContent = why.hidden ? words().thanks : "";
    sync();
    if (!why.hidden) why.querySelector("button").focus();
  }

  function pressed(event) {
    const button = event.target.closest("button");
    const menu = $(".menu[open]");
    if (menu && (!menu.contains(event.target) || button)) menu.open = false;
    if (!button) return;
    const { say: text, show, rate: rating, reason, do: action } = button.dataset;
    if (text !== undefined) { if (!outbox.has(text)) say(text, show); } // not for a double click
    else if (rating) rate(button.closest(".thumbs"), rating);
    else if (reason) rate(button.closest(".said").querySelector(".thumbs"), "down", reason);
    else actions[action]?.(button);
  }

  function key(event) {
    if (event.key === "Enter" && event.target === box() && !event.shiftKey &&
        !event.isComposing && event.keyCode !== 229) { // 229: choosing a Chinese word ends with Enter
      event.preventDefault();
      sendBox();
    } else if (event.key === "Escape") {
      if ($("dialog")?.open) return;
      const menu = $(".menu[open]");
      if (voice.cancel()) return;
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      else if (embedded) actions.close();
    }
  }

  window.shopclerk = {
    failed: () => outbox.failed(),
    connect(element_, watch, upload, events) {
      page = element_;
      send = events;
      page.classList.add("chat");
      outbox = window.shopclerkOutbox({
        find: $, all: (selector) => [...page.querySelectorAll(selector)], words, tell,
        send: () => send, moved: () => toEnd(),
        keep: (key, value) => remember("sessionStorage", key, value),
        kept: (key) => recall("sessionStorage", key),
      });
      voice = window.shopclerkVoice({
        find: $, words, tell, facts: () => foot().dataset, busy: outbox.listening,
        expect: () => outbox.expect("", words().listening, true),
        marked: (on) => page.classList.toggle("recording", on),
        hand: async (file, { id }) => send.hear({ id, path: (await upload(file)).path }),
        failed: outbox.failed,
      });
      page.addEventListener("click", pressed);
      page.addEventListener("input", (event) => { if (event.target === box()) grow(); });
      page.addEventListener("change", (event) => {
        if (event.target.type === "file") voice.chosen(event.target);
      });
      page.addEventListener("error", (event) => {
        if (event.target.tagName === "IMG") event.target.parentElement.classList.add("broken");
      }, true);
      document.addEventListener("keydown", key);
      addEventListener("message", (event) => {
        if (event.source === parent && event.data?.shopclerk === "opened") box().focus();
      });
      addEventListener("pagehide", () => remember("sessionStorage", "draft", box().value));
      box().value = recall("sessionStorage", "draft"); // what was being written before a reload
      remember("sessionStorage", "draft", "");
      watch("value", drawn);
      window.shopclerkNews({
        place: () => ({ conversation: $(".log").dataset.conversation,
          position: Number($(".log").dataset.position) }),
        busy: outbox.busy, arrived: () => send.open({}),
      });
      document.getElementById("boot")?.remove();
      sync();
      const preferred = (navigator.language || "").startsWith("zh") ? "zh" : "en";
      // In the next task: Gradio has to know the page's events before it can take one.
      setTimeout(() => send.open({ language: query.get("language"), preferred }));
      if ((!embedded || document.hasFocus()) && matchMedia("(pointer: fine)").matches) box().focus();
    },
  };
})();
