/* draft.js: a form with data-draft="address" is kept on the server while it is written.
   It says "saved" only after the server has answered; nothing about a person is kept in the browser's storage. */
(() => {
  "use strict";
  const WAIT = 1200, RETRY = 5000;

  function watch(form) {
    const box = document.querySelector("[data-saved]");
    let timer = 0, changed = false, sending = null;

    function show(state, time) {
      if (!box) return;
      const words = { saving: box.dataset.saving, saved: box.dataset.done.replace("{time}", time), failed: box.dataset.failed };
      box.querySelector("[data-saved-say]").textContent = words[state];
      box.querySelector("use").setAttribute("href", state === "failed" ? "#i-warn" : "#i-save");
      box.classList.toggle("saved-no", state === "failed");
    }
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

    async function send() {
      changed = false;
      show("saving");
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { Accept: "application/json" } });
        // A log-in page in place of an answer means that nothing was kept.
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const said = answer.status === 204 ? {} : await answer.json();
        if (said.draft && form.elements.draft) form.elements.draft.value = said.draft;
        show("saved", said.at || "");
      } catch {
        changed = true;
        show("failed");
        later(RETRY);
      }
    }
    async function save() {
      clearTimeout(timer);
      if (sending) await sending;
      if (changed) { sending = send(); await sending; sending = null; }
      return !changed;
    }
    const note = () => { changed = true; later(WAIT); };

    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
    window.addEventListener("online", () => { if (changed) save(); });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
    form.saveDraft = save;
  }
  const all = (root) => root.querySelectorAll("form[data-draft]").forEach((form) => { if (!form.saveDraft) watch(form); });
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:afterSwap", (event) => all(event.detail.target));
})();
