// What is said without being asked for: by the bot after a silence, by a person, in another window.
// The page asks for it: that works behind every proxy and in every frame.
"use strict";
window.shopclerkNews = ({ place, busy, arrived }) => {
  const EVERY_MS = 2000;
  const IDLE_EVERY_MS = 15000;
  const IDLE_AFTER_MS = 180000;

  let lively = Date.now(); // when anything happened last
  let seen = { conversation: "", position: 0 }; // up to here there is nothing new to draw
  let timer;

  async function look() {
    clearTimeout(timer);
    let wait = Date.now() - lively > IDLE_AFTER_MS ? IDLE_EVERY_MS : EVERY_MS;
    const { conversation, position } = place();
    // A conversation that has not begun is asked nothing; the answer to a message brings the rest.
    if (position > 0 && !document.hidden && !busy()) {
      if (seen.conversation !== conversation || seen.position < position) {
        seen = { conversation, position };
      }
      const told = await ask(conversation, seen.position);
      if (told === null) wait = IDLE_EVERY_MS;
      else if (place().conversation === conversation && place().position === position && !busy()) {
        if (told.messages.length) {
          lively = Date.now();
          arrived();
        } else {
          seen = { conversation, position: told.position };
        }
      }
    }
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }

  // Null where the server cannot be asked.
  async function ask(conversation, after) {
    try {
      const answer = await fetch(`api/conversations/${conversation}?after=${after}`,
        { cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (answer.status === 403) return { messages: [{}] }; // signed out elsewhere: draw that
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }

  function stir() {
    const idle = Date.now() - lively > IDLE_AFTER_MS;
    lively = Date.now();
    if (idle) look();
  }

  for (const kind of ["keydown", "pointerdown", "focus"]) addEventListener(kind, stir, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  timer = setTimeout(look, EVERY_MS);
};
