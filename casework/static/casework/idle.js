/* idle.js: warns two minutes before the log-out (body data-idle="minutes"), after saving what is being written.
   The server logs out; this file only says so in time. A request that a person starts counts as activity, polling does not. */
(() => {
  "use strict";
  const minutes = Number(document.body.dataset.idle || 0);
  const dialog = document.getElementById("idle");
  if (!minutes || !dialog) return;
  const WARN = 2 * 60 * 1000;
  let warning = 0, end = 0;

  function start() {
    clearTimeout(warning);
    clearTimeout(end);
    warning = setTimeout(warn, Math.max(minutes * 60000 - WARN, 0));
    // The server has ended the session by then: loading the page again leads to the log-in and back here.
    end = setTimeout(() => location.reload(), minutes * 60000 + 2000);
  }
  async function warn() {
    const form = document.querySelector("form[data-draft]");
    if (!dialog.open) dialog.showModal();
    if (!form || !form.saveDraft) return;
    const saved = await form.saveDraft();
    dialog.querySelector("[data-idle-say]").textContent = saved ? dialog.dataset.saved : dialog.dataset.unsaved;
  }
  async function stay(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) { location.reload(); return; }
    dialog.close();
    start();
  }
  dialog.querySelector("form").addEventListener("submit", stay);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // Swaps that somebody started reach the server too; those that only the clock started (data-poll) do not count.
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && !event.detail.elt.closest("[data-poll]")) start(); });
  start();
})();
