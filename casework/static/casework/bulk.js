/* bulk.js: the bar under a list counts what is ticked and rests while nothing is.
   Boxes belong to the bar's form by their form attribute; without this file the bar is simply always there. */
(() => {
  "use strict";
  function count(bar) {
    const form = bar.closest("form");
    const boxes = [...form.elements].filter((field) => field.type === "checkbox");
    const ticked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => { const row = box.closest("[data-row]"); if (row) row.classList.toggle("picked", box.checked); });
    const say = bar.querySelector("[data-bulk-say]");
    if (ticked.length) say.textContent = say.dataset.bulkSay.replace("{n}", String(ticked.length));
    bar.hidden = ticked.length === 0;
  }
  const all = () => document.querySelectorAll("[data-bulk]").forEach(count);
  document.addEventListener("change", (event) => { if (event.target.type === "checkbox") all(); });
  // Clearing means clearing: a plain reset would bring back the ticks that the server sent.
  document.addEventListener("reset", (event) => setTimeout(() => {
    [...event.target.elements].forEach((field) => { if (field.type === "checkbox" && event.target.querySelector("[data-bulk]")) field.checked = false; });
    all();
  }));
  document.addEventListener("htmx:afterSwap", all);
  document.addEventListener("DOMContentLoaded", all);
  // Back and forward restore ticks after the page has loaded.
  window.addEventListener("pageshow", all);
})();
