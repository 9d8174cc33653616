// Speaking to the chat and being spoken to.
"use strict";
window.shopclerkVoice = ({ find, words, facts, tell, busy, expect, marked, hand, failed }) => {
  let recorder = null;

  const missing = () => facts().voiceProblem;

  async function record() {
    if (recorder) return recorder.stop();
    if (missing()) return tell(missing());
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch { return tell(words().no_microphone); }
    const started = Date.now();
    const chunks = [];
    let cancelled = false;
    const recording = new MediaRecorder(stream);
    recorder = { stop: () => recording.stop(), cancel: () => { cancelled = true; recording.stop(); } };
    recording.ondataavailable = (event) => chunks.push(event.data);
    const clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      find(".timer").textContent =
        `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= Number(facts().maxSeconds)) recorder?.stop();
    }, 200);
    recording.onstop = () => {
      clearInterval(clock);
      stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      show(false);
      const type = recording.mimeType;
      const ending = type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm";
      if (!cancelled) give(new File(chunks, `recording.${ending}`, { type }));
    };
    recording.start();
    show(true);
  }

  function show(on) {
    marked(on);
    const button = find('[data-do="record"]');
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", on ? words().stop : words().record);
    button.title = on ? words().stop : words().record;
    find(".timer").textContent = on ? "0:00" : "";
  }

  // Recordings and chosen files alike.
  async function give(file) {
    const tooBig = file.size > Number(facts().maxMb) * 1e6;
    const refusal = busy() ? words().slow : missing() || (tooBig ? words().too_big : "");
    if (refusal) return tell(refusal);
    const sent = expect();
    try { await hand(file, sent); } catch { failed(); }
  }

  function chosen(input) {
    const [file] = input.files;
    if (file) give(file);
    input.value = ""; // the same file may be chosen again
  }

  async function speak(text, language) {
    if (!text) return;
    const answer = await fetch("api/speech", {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, language }),
    }).catch(() => null);
    if (!answer?.ok) return;
    const url = URL.createObjectURL(await answer.blob());
    const sound = new Audio(url);
    sound.onended = () => URL.revokeObjectURL(url);
    sound.play().catch(() => URL.revokeObjectURL(url)); // the browser may forbid unasked sound
  }

  return {
    record,
    speak,
    choose: () => (missing() ? tell(missing()) : find('input[type="file"]').click()),
    chosen,
    cancel: () => { const was = recorder !== null; recorder?.cancel(); return was; },
  };
};
