// The shopper's messages on their way: seen at once, and sent again under the same id until the
// server has them. The server answers an id once, so sending twice does no harm.
"use strict";
window.shopclerkOutbox = ({ find, all, words, tell, send, keep, kept, moved }) => {
  const HEALTH_EVERY_MS = 3000; // how soon a server that is back is noticed
  const SLOW_AFTER_MS = 4000; // an answer takes far less; later we look whether the server is there

  // Not answered yet: [{id, text, shown, voice}]. What a reload interrupted goes on after it.
  let waiting = JSON.parse(kept("outbox") || "[]");
  let resumed = waiting.length > 0;
  let trouble = ""; // "lost": the server is away. "failed": it could not do it.
  let timer;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(look, ms);
  }

  // Put what is on its way under what the server has drawn.
  function draw() {
    keep("outbox", waiting.length ? JSON.stringify(waiting) : "");
    all(".typing").forEach((dots) => dots.remove());
    if (!waiting.length) return;
    all(".log > li:not(.greeting) .choices, .greeting .choices, .notice")
      .forEach((e) => e.classList.add("gone"));
    for (const one of waiting) {
      if (find(`[data-waiting="${one.id}"]`)) continue;
      const said = element("li", "said shopper waiting");
      said.dataset.waiting = one.id;
      said.append(element("span", "unseen", `${words().you}:`),
        element("div", "bubble", one.shown));
      find(".log").append(said);
    }
    if (trouble !== "failed") find(".log").append(typing());
  }

  function typing() {
    const item = element("li", "said bot typing");
    const dots = element("div", "bubble dots");
    dots.append(element("i"), element("i"), element("i"));
    dots.setAttribute("aria-label", words().typing);
    dots.setAttribute("role", "img");
    item.append(dots);
    return item;
  }

  function expect(text, shown, voice = false) {
    const one = { id: newId(), text, shown, voice };
    waiting.push(one);
    draw();
    moved();
    later(SLOW_AFTER_MS);
    return one;
  }

  function say(text, shown) {
    const one = expect(text, shown);
    if (trouble) again(); else send().say({ id: one.id, text });
  }

  // The page has been drawn anew: what it shows is on its way no longer. Returns whether it
  // answers anything.
  function settle() {
    const answered = find(".log").dataset.settled;
    const there = new Set(all(".said.shopper[data-id]").map((item) => item.dataset.id));
    const before = waiting;
    waiting = before.filter((one) => one.id !== answered && !there.has(one.id));
    const unheard = waiting.filter((one) => one.asked); // a recording is not kept: speak again
    waiting = waiting.filter((one) => !one.asked);
    if (!waiting.length) {
      clearTimeout(timer);
      trouble = "";
    }
    draw();
    if (unheard.length) tell(words().failed);
    if (trouble === "failed") tell(words().failed, words().retry);
    if (resumed && waiting.length) again();
    resumed = false;
    return waiting.length < before.length;
  }

  async function alive() {
    try {
      return (await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(2500) })).ok;
    } catch { return false; }
  }

  // No answer yet: is the server gone, or only slow? What was lost is sent again by itself.
  async function look() {
    clearTimeout(timer);
    if (!waiting.length) return;
    const there = await alive();
    if (!waiting.length) return;
    if (there && trouble === "lost") return again();
    if (there && trouble === "failed") {
      draw();
      return tell(words().failed, words().retry);
    }
    if (!there) trouble = "lost";
    tell(there ? words().slow : words().lost, there ? null : words().retry);
    later(HEALTH_EVERY_MS);
  }

  // Gradio says that an event came to nothing: the server is away, or could not do it.
  function failed() {
    if (!waiting.length) return tell(words().failed);
    trouble = "failed";
    look();
  }

  function again() {
    trouble = "";
    draw();
    const spoken = waiting.filter((one) => one.voice);
    spoken.forEach((one) => { one.asked = true; });
    if (spoken.length) send().open({});
    waiting.filter((one) => !one.voice).forEach(({ id, text }) => send().say({ id, text }));
    later(SLOW_AFTER_MS);
  }

  return {
    say, expect, settle, failed,
    retry: () => { if (trouble === "failed") again(); else look(); },
    busy: () => waiting.length > 0 && trouble !== "failed",
    has: (text) => waiting.some((one) => one.text === text),
    forget: () => { waiting = []; },
    listening: () => waiting.some((one) => one.voice),
  };
};
