// Puts the shop's chat on a page:
//   <script src="https://chat.shop.example/widget.js" data-language="en" data-position="right" defer></script>
(() => {
  "use strict";
  const shop = "__SHOP__"; // filled in by the server
  const tag = document.currentScript;
  const home = new URL(".", tag.src);
  const asked = tag.dataset.language;
  const language = asked in shop.words ? asked
    : (navigator.language || "").startsWith("zh") ? "zh" : "en";
  const side = tag.dataset.position === "left" ? "left" : "right";
  const words = shop.words[language];

  const looks = `${shop.css.replaceAll(":root", ":host")}
    :host { all: initial; }
    * { box-sizing: border-box; }
    button, iframe { border: 0; }
    button {
      position: fixed; ${side}: max(20px, env(safe-area-inset-${side})); bottom: 20px;
      z-index: 2147483000; width: 60px; height: 60px; border-radius: 50%; cursor: pointer;
      display: grid; place-items: center; background: var(--brand); color: var(--on-brand);
      box-shadow: 0 6px 24px rgb(0 0 0 / 24%); transition: transform .16s;
    }
    button:hover { transform: scale(1.05); }
    button:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; }
    .news::after {
      content: ""; position: absolute; top: 2px; right: 2px; width: 14px; height: 14px;
      border-radius: 50%; background: #d5372b; border: 2px solid #fff;
    }
    .panel {
      position: fixed; ${side}: 20px; bottom: 94px; z-index: 2147483001; display: none;
      width: min(410px, calc(100vw - 40px)); height: min(660px, calc(100dvh - 118px));
      border-radius: 22px; overflow: hidden; background: Canvas;
      box-shadow: 0 18px 60px rgb(0 0 0 / 26%), 0 0 0 1px rgb(0 0 0 / 6%);
    }
    .panel.open { display: block; animation: rise .2s ease-out; }
    iframe { width: 100%; height: 100%; display: block; color-scheme: light dark; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    @media (max-width: 520px) {
      .panel { inset: 0; width: auto; height: 100dvh; border-radius: 0; }
      .panel.open ~ button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
    @media print { :host { display: none; } }`;
  const icon = (paths) => `<svg viewBox="0 0 24 24" width="28" height="28" fill="none"
    stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"
    aria-hidden="true">${paths}</svg>`;
  const BUBBLE = icon('<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/><path d="M8.5 8.8h7M8.5 11.8h4.5"/>');
  const CLOSE = icon('<path d="m6 9 6 6 6-6"/>');

  const host = document.createElement("div");
  host.id = "shopclerk-widget";
  const inside = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = looks;
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.id = "panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.title);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", "panel");
  inside.append(style, panel, button);
  let frame = null;

  const isOpen = () => panel.classList.contains("open");

  let news = false; // something was said while the chat was closed

  function draw() {
    const does = isOpen() ? words.close : news ? words.news : words.open;
    button.innerHTML = isOpen() ? CLOSE : BUBBLE;
    button.classList.toggle("news", news);
    button.setAttribute("aria-expanded", String(isOpen()));
    button.setAttribute("aria-label", does);
    button.title = does;
  }

  function open() {
    if (!frame) { // the chat is loaded only when somebody wants it
      frame = document.createElement("iframe");
      frame.title = words.title;
      frame.allow = "microphone; autoplay";
      frame.src = new URL(`?embed=1&language=${language}`, home);
      frame.addEventListener("load", greet);
      panel.append(frame);
    }
    panel.classList.add("open");
    news = false;
    draw();
    greet();
  }

  function greet() {
    if (!isOpen()) return;
    frame.focus();
    frame.contentWindow?.postMessage({ shopclerk: "opened" }, home.origin);
  }

  function close() {
    if (!isOpen()) return;
    panel.classList.remove("open");
    draw();
    button.focus();
  }

  button.addEventListener("click", () => (isOpen() ? close() : open()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("message", (event) => {
    if (event.source !== frame?.contentWindow || event.origin !== home.origin) return;
    if (event.data?.shopclerk === "close") close();
    if (event.data?.shopclerk === "news" && !isOpen()) {
      news = true;
      draw();
    }
  });
  draw();
  const attach = () => document.body.append(host);
  if (document.body) attach(); else document.addEventListener("DOMContentLoaded", attach);
})();
