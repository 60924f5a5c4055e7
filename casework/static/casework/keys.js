/* keys.js: one-key shortcuts. Bound to event.code, so that they work while the Hangul input method is on.
   Off inside fields, with Ctrl, Alt or Meta, in dialogs, and for users who switched them off (body data-keys="off").
   Every key has a visible button: [data-key="V"], in the row at hand first; [data-go="T"] in the menu; rows are [data-row]. */
(() => {
  "use strict";
  if (document.body.dataset.keys !== "on") return;
  const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable=true]";
  const help = document.getElementById("keys-help");
  let going = 0;

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const at = () => document.querySelector("[data-row].at");
  const visible = (element) => element && element.getClientRects().length > 0;

  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const now = all.indexOf(at());
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("at", row === next));
    const link = opener(next);
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }
  const opener = (row) => row && (row.querySelector("[data-open]") || row.querySelector("a[href]"));

  function press(selector) {
    const row = at();
    // A key inside a row belongs to that row: with no row at hand it does nothing.
    const found = [...document.querySelectorAll(selector)]
      .filter((element) => !element.closest("[data-row]") || element.closest("[data-row]") === row)
      .sort((one, other) => Boolean(other.closest("[data-row]")) - Boolean(one.closest("[data-row]"))).find(visible);
    if (found) found.click();
    return Boolean(found);
  }
  function tick() {
    const box = at() && at().querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  }
  function find() {
    const field = [...document.querySelectorAll(".find input")].find(visible);
    if (field) { field.focus(); field.select(); }
    return Boolean(field);
  }
  function clear() {
    rows().forEach((row) => row.classList.remove("at"));
    document.querySelectorAll("[data-bulk]").forEach((bar) => bar.closest("form").reset());
    return false;
  }
  function openHelp() { if (help && !help.open) help.showModal(); return Boolean(help); }

  const letter = (code) => (code.startsWith("Key") ? code.slice(3) : "");
  function act(event) {
    const { code, shiftKey } = event;
    if (going && Date.now() - going < 1500 && letter(code)) { going = 0; return press(`[data-go="${letter(code)}"]`); }
    going = 0;
    if (code === "Slash") return shiftKey ? openHelp() : find();
    if (shiftKey) return false;
    if (code === "KeyG") { going = Date.now(); return true; }
    if (code === "KeyJ") return move(1);
    if (code === "KeyK") return move(-1);
    if (code === "KeyX") return tick();
    if (code === "BracketLeft") return press('[data-key="["]');
    if (code === "BracketRight") return press('[data-key="]"]');
    if (code === "Escape") return clear();
    if (code === "Enter" && document.activeElement === document.body && at()) { const link = opener(at()); if (link) link.click(); return Boolean(link); }
    return letter(code) ? press(`[data-key="${letter(code)}"]`) : false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest(FIELDS) || event.target.closest("dialog")) return;
    if (act(event)) event.preventDefault();
  });
  document.querySelectorAll("[data-open-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  });
})();
