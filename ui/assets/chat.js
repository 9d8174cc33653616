// The chat page in the browser. Gradio carries the events and brings back the drawn page; this file
// makes it feel at once: the shopper's bubble before the answer, recording, focus, a lost server.
(() => {
  "use strict";

  const HEALTH_EVERY_MS = 3000; // how soon a server that is back is noticed
  const SLOW_AFTER_MS = 4000; // an answer takes far less; later we look whether the server is there
  const query = new URLSearchParams(location.search);
  const embedded = query.has("embed");
  const root = document.documentElement;
  if (embedded) root.classList.add("embed");

  let page; // Gradio's element with our markup
  let send; // {open, say, hear, rate, fresh}: events to the server
  let pending = null; // what was sent and is not answered: {text, shown, voice, before, lost}
  let watching; // the timer that looks after `pending`
  let voice; // recording and speaking: voice.js
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

  // ---- sending -------------------------------------------------------------------------------

  function expect(text, shown, voice) {
    pending = { text, shown, voice, before: page.querySelectorAll("[data-said]").length };
    const said = element("li", "said shopper waiting");
    said.append(element("span", "unseen", `${words().you}:`), element("div", "bubble", shown));
    const typing = element("li", "said bot typing");
    const dots = element("div", "bubble dots");
    dots.append(element("i"), element("i"), element("i"));
    dots.setAttribute("aria-label", words().typing);
    dots.setAttribute("role", "img");
    typing.append(dots);
    page.querySelectorAll(".log > li:not(.greeting) .choices, .greeting .choices, .notice")
      .forEach((e) => e.classList.add("gone"));
    $(".log").append(said, typing);
    page.classList.add("busy");
    toEnd();
    clearTimeout(watching);
    watching = setTimeout(look, SLOW_AFTER_MS);
  }

  function say(text, shown) {
    text = text.trim();
    if (!text || pending || !page.classList.contains("ready")) return false;
    expect(text, shown ?? text, false);
    send.say({ text });
    return true;
  }

  async function alive() {
    try {
      return (await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(2500) })).ok;
    } catch { return false; }
  }

  // No answer yet: is the server gone, or only slow? A lost message is sent again by itself.
  async function look() {
    if (!pending) return;
    const there = await alive();
    if (!pending) return;
    if (there && pending.lost) return again();
    if (there && pending.failed) {
      page.querySelector(".typing")?.remove();
      return tell(words().failed, words().retry);
    }
    if (!there) {
      pending.lost = true;
      remember("sessionStorage", "unsent", JSON.stringify(pending));
    }
    tell(there ? words().slow : words().lost, there ? null : words().retry);
    watching = setTimeout(look, HEALTH_EVERY_MS);
  }

  // Gradio says that the event came to nothing: the server is away, or could not do it.
  function failed() {
    if (!pending) return tell(words().failed);
    clearTimeout(watching);
    pending.failed = true;
    look();
  }

  // The server is back: it may have had the message before it went, so draw first, then compare.
  function again() {
    pending.lost = pending.failed = false;
    pending.checking = true;
    send.open({});
    watching = setTimeout(look, SLOW_AFTER_MS);
  }

  // Gradio reloads the page once a restarted server answers: what was not sent or not finished
  // writing goes on after that.
  function resume() {
    const unsent = recall("sessionStorage", "unsent");
    box().value = recall("sessionStorage", "draft");
    remember("sessionStorage", "unsent", "");
    remember("sessionStorage", "draft", "");
    if (unsent) pending = { ...JSON.parse(unsent), lost: false, failed: false, checking: true };
  }

  function drawn() {
    const open = pending;
    const missing = open?.checking && page.querySelectorAll("[data-said]").length <= open.before;
    if (missing && !open.voice) {
      pending = null;
      expect(open.text, open.shown, false);
      send.say({ text: open.text });
      return sync();
    }
    clearTimeout(watching);
    pending = null;
    remember("sessionStorage", "unsent", "");
    page.classList.remove("busy");
    page.classList.add("ready");
    sync();
    if (missing) tell(words().failed); // a recording is not kept: it has to be spoken again
    toEnd(open);
    if (open && speaks()) voice.speak(latestReply(), language());
    if (open && document.activeElement === document.body && matchMedia("(pointer: fine)").matches) {
      box().focus({ preventScroll: true });
    }
  }

  function latestReply() {
    const items = [...page.querySelectorAll(".log > .said")];
    const asked = items.findLastIndex((item) => item.matches(".shopper"));
    return items.slice(asked + 1).map((item) => item.querySelector(".bubble")?.innerText ?? "")
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
    page.querySelectorAll(".gone").forEach((e) => e.classList.remove("gone"));
    grow();
  }

  function tell(text, retry) {
    let line = $(".notice.local");
    if (!line) {
      line = element("li", "notice local");
      line.setAttribute("role", "status");
      $(".log").append(line);
    }
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
  function toEnd(answered) {
    const talk = $(".talk");
    const mine = page.querySelectorAll(".said.shopper");
    const last = mine[mine.length - 1];
    const smooth = answered !== undefined && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const end = talk.scrollHeight - talk.clientHeight;
    const top = answered && last ? Math.min(end, last.offsetTop - 12) : end;
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
    retry: () => {
      clearTimeout(watching);
      if (pending?.failed) again(); else look();
    },
    close: () => parent.postMessage({ shopclerk: "close" }, "*"),
    fresh: () => { if (!pending) { box().value = ""; send.fresh({}); } },
    language: (button) => { if (!pending) send.open({ language: button.dataset.language }); },
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
    if (text !== undefined) say(text, show);
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
    failed,
    connect(element_, watch, upload, events) {
      page = element_;
      send = events;
      page.classList.add("chat");
      voice = window.shopclerkVoice({
        find: $, words, tell, facts: () => foot().dataset, busy: () => pending !== null,
        expect: () => expect("", words().listening, true),
        marked: (on) => page.classList.toggle("recording", on),
        hand: async (file) => send.hear({ path: (await upload(file)).path }),
        failed,
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
      watch("value", drawn);
      resume();
      document.getElementById("boot")?.remove();
      sync();
      const preferred = (navigator.language || "").startsWith("zh") ? "zh" : "en";
      // In the next task: Gradio has to know the page's events before it can take one.
      setTimeout(() => send.open({ language: query.get("language"), preferred }));
      if ((!embedded || document.hasFocus()) && matchMedia("(pointer: fine)").matches) box().focus();
    },
  };
})();
