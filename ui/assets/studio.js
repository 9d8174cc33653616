// The studio in the browser. Gradio carries the events; this file sends those of our own markup,
// waits until typing rests, keeps what is typed, and asks before anything is dropped.
(() => {
  "use strict";

  const CALM_MS = 350; // typing rests when no key came for so long
  const KEPT = "shopclerk-studio"; // unsaved text, in this browser tab only

  const events = new Map(); // element id → its events to the server
  const timers = new Map();
  let typedCount = 0; // how often something was typed
  let sentCount = -1; // typedCount when it was last sent to be saved
  let dirty = false; // the form holds text that is not in the draft

  const heading = () => document.querySelector("#form-heading .form-head");
  const send = (id, name, data = {}) => events.get(id)?.[name]?.(data);

  function calmly(name, action) {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(action, CALM_MS));
  }

  // Browsers that keep nothing (private windows) raise; then a reload forgets.
  function store(value) {
    try {
      if (value) sessionStorage.setItem(KEPT, JSON.stringify(value));
      else sessionStorage.removeItem(KEPT);
    } catch { /* nothing kept */ }
  }
  function kept() {
    try { return JSON.parse(sessionStorage.getItem(KEPT) ?? "null"); } catch { return null; }
  }

  function setDirty(now) {
    dirty = now;
    document.documentElement.classList.toggle("dirty", now);
    if (!now) store(null);
  }

  // ---- our markup ------------------------------------------------------------------------------

  // Called by Gradio when a piece of our markup is put on the page, maybe again and again.
  function connect(element, watch, sends) {
    const id = element.closest(".block[id]")?.id ?? "";
    events.set(id, sends);
    element.addEventListener("click", (event) => pressed(event, id));
    element.addEventListener("keydown", moved);
    if (id === "form-heading") {
      watch("value", headed);
      headed();
    }
    if ("uploaded" in sends) uploads(element, id);
    if (id === "entries") restore();
  }

  async function pressed(event, id) {
    const pressedOn = event.target.closest("[data-do]");
    const name = pressedOn?.dataset.do;
    if (!name || pressedOn.disabled || !events.get(id)?.[name]) return;
    event.stopPropagation();
    const { do: _, confirm, ...data } = pressedOn.dataset;
    if (confirm && !(await agreed(confirm, pressedOn.textContent))) return;
    const leaves = ["open", "back", "make", "undo", "theirs"].includes(name);
    if (dirty && leaves && !(await agreed(
      "What you typed in the form is not saved. Drop it?", "Drop it"))) return;
    if (name === "save") sentCount = typedCount;
    if (leaves) setDirty(false);
    send(id, name, data);
  }

  // Up and down go from row to row in a list.
  function moved(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = event.target.closest("tr, .versions > li, .rows > li");
    const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    const button = next?.querySelector("button");
    if (button) {
      button.focus();
      event.preventDefault();
    }
  }

  // ---- the form --------------------------------------------------------------------------------

  function typed() {
    typedCount += 1;
    if (!dirty) setDirty(true);
    setTimeout(() => send("form-preview", "keep")); // once Gradio has the new value, too
    calmly("typed", () => send("form-preview", "typed"));
  }

  // Gradio tells of a choice whenever such a field is left, too.
  function chosen(values) {
    const { fields } = JSON.parse(heading()?.dataset.opened ?? "{}");
    const same = ["intent", "tags", "language", "file"].every((name, n) =>
      String(values[n] ?? "") === String(fields?.[name] ?? ""));
    if (dirty || !same) typed();
  }

  function keep(values) {
    const opened = heading()?.dataset.opened;
    if (opened && dirty) store({ ...JSON.parse(opened), typed: values });
  }

  // A new heading: another entry, or the same after an action. What was typed while it was being
  // saved is not saved.
  let headedKey = "";
  function headed() {
    const head = heading();
    if (!head) return;
    banner(""); // the server answers
    const key = JSON.stringify(JSON.parse(head.dataset.opened).key);
    const another = key !== headedKey && sentCount < 0;
    headedKey = key;
    if (head.dataset.unsaved === "1") setDirty(true);
    else if (another || (sentCount >= 0 && typedCount === sentCount)) setDirty(false);
    sentCount = -1;
    // What was pressed is gone from the page: go on from the new title.
    if (another && document.activeElement === document.body) head.querySelector("h2").focus();
  }

  let restored = false;
  function restore() {
    if (restored) return;
    restored = true;
    const found = kept();
    if (found) setTimeout(() => send("entries", "restore", found), 300);
  }

  const SEARCHES = { search: "entries", "product-search": "products" };

  document.addEventListener("input", ({ target }) => {
    if (target.closest("#form-fields")) typed();
    const list = SEARCHES[target.closest("#search, #product-search")?.id];
    if (list) calmly(list, () => send(list, "search"));
  });

  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // ---- keys ------------------------------------------------------------------------------------

  const seen = (selector) => [...document.querySelectorAll(selector)]
    .find((found) => found.offsetParent !== null);

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      seen('[data-do="save"]')?.click();
    } else if (event.key === "Escape" && !event.defaultPrevented && !listOpen(event.target)) {
      const back = seen('[data-do="back"]');
      setTimeout(() => back?.click()); // after this key, which would close the question again
    } else if (event.key === "/" && !event.target.closest("input, textarea, [contenteditable]")) {
      const box = seen(":is(#search, #product-search) :is(input, textarea)");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
  });
  const listOpen = (target) => target.closest(".block")?.querySelector('[role="listbox"]');

  // Left and right go from tab to tab; Enter opens one.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const tabs = [...document.querySelectorAll('#pages [role="tab"]')];
    const at = tabs.indexOf(event.target);
    if (step && at >= 0) tabs[(at + step + tabs.length) % tabs.length].focus();
  });

  // ---- waiting ---------------------------------------------------------------------------------

  const WAITS = "#draft, #publishing, #disk, #versions, #version, #return";
  let focused = null; // what had the focus when the waiting began: inert, it loses it
  function busy(now) {
    if (now) focused = document.activeElement;
    document.querySelectorAll(WAITS).forEach((part) => { part.inert = now; });
    if (!now && focused?.isConnected && document.activeElement === document.body) focused.focus();
  }

  // ---- questions -------------------------------------------------------------------------------

  function agreed(question, label) {
    const dialog = document.createElement("dialog");
    dialog.className = "sure";
    const text = document.createElement("p");
    text.textContent = question;
    const row = document.createElement("div");
    row.className = "actions";
    const no = Object.assign(document.createElement("button"),
      { className: "quiet", textContent: "Cancel" });
    const yes = Object.assign(document.createElement("button"),
      { className: "solid", textContent: label.trim() });
    row.append(no, yes);
    dialog.append(text, row);
    document.body.append(dialog);
    return new Promise((resolve) => {
      const done = (answer) => () => {
        dialog.remove();
        resolve(answer);
      };
      no.addEventListener("click", done(false));
      yes.addEventListener("click", done(true));
      dialog.addEventListener("close", done(false));
      dialog.showModal();
    });
  }

  // ---- uploads ---------------------------------------------------------------------------------

  function uploads(element, id) {
    element.addEventListener("change", (event) => {
      const [file] = event.target.files ?? [];
      event.target.value = "";
      if (file) uploaded(element, id, file);
    });
    element.addEventListener("dragover", (event) => event.preventDefault());
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) uploaded(element, id, file);
    });
  }

  async function uploaded(element, id, file) {
    const box = element.querySelector(".upload");
    const say = (text) => { box.querySelector("[role=status]").textContent = text; };
    const most = Number(box.dataset.maxMb);
    if (file.size > most * 1e6) {
      return say(`${file.name} is too large: at most ${most} MB are taken.`);
    }
    box.classList.add("busy");
    say(`Uploading ${file.name} …`);
    try {
      const { path } = await events.get(id).upload(file);
      say(`${file.name} is uploaded.`);
      send(id, "uploaded", { path, name: file.name });
    } catch {
      say(`${file.name} could not be uploaded: it is too large, or the connection was lost.`);
      failed();
    } finally {
      box.classList.remove("busy");
    }
  }

  // ---- trouble ---------------------------------------------------------------------------------

  // An event came to nothing. Refusals are told by Gradio; the rest is told here.
  async function failed() {
    let status = 0;
    try {
      status = (await fetch("config", { cache: "no-store" })).status;
    } catch { /* no server */ }
    if (status === 200) return banner("");
    if (status === 401) {
      banner("You are signed out. Sign in again in another tab, then go on here: what you typed " +
        "is still in this page.", "Sign in");
    } else {
      banner("The server does not answer. What you typed is still in this page; try again in a " +
        "moment.");
    }
  }

  function banner(text, link) {
    const bar = document.getElementById("banner");
    if (!bar) return;
    bar.hidden = !text;
    bar.textContent = text;
    if (!link) return;
    const anchor = Object.assign(document.createElement("a"),
      { href: "sign-in", target: "_blank", textContent: link });
    anchor.addEventListener("click", () => addEventListener("focus", failed, { once: true }));
    bar.append(" ", anchor);
  }

  window.studio = { connect, chosen, keep, failed, busy };
})();
