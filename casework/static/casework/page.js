/* page.js: says aloud when a swap failed, lets a form with errors swap in, moves to the error summary, closes menus, shows the open room. */
(() => {
  "use strict";
  const live = () => document.getElementById("live");
  const say = (text) => { const box = live(); if (box) box.textContent = text; };

  document.addEventListener("htmx:sendError", () => say(live().dataset.offline));
  document.addEventListener("htmx:timeout", () => say(live().dataset.offline));
  document.addEventListener("htmx:responseError", () => say(live().dataset.refused));
  document.addEventListener("htmx:beforeRequest", () => say(""));
  // On a phone the line of rooms is wider than the screen: the open one is drawn into sight.
  const room = document.querySelector(".rooms [aria-current]");
  if (room) room.parentElement.scrollLeft = room.offsetLeft - 16;
  // 422 is a form that came back with its errors: it belongs on the page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // A region marked data-keep is swapped without losing what was chosen in it while the answer was on its way. What was
  // only proposed (a hidden field says so) gives way to the next proposal.
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const region = event.detail.target;
    const proposed = region.querySelector("[name=proposed]");
    const boxes = region.matches("[data-keep]") ? [...region.querySelectorAll("select")] : [];
    kept = boxes.filter((box) => !proposed || box.value !== proposed.value).map((box) => [box.id, box.value]);
  });
  document.addEventListener("htmx:afterSwap", () => {
    kept.forEach(([id, value]) => {
      const box = document.getElementById(id);
      if (box && value && [...box.options].some((option) => option.value === value)) box.value = value;
    });
    kept = [];
  });

  // The same for a choice in a region that an answer brings along beside its target.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const options = [...fragment.querySelectorAll("input[type=radio]")];
    target.querySelectorAll("input[type=radio]:checked").forEach((chosen) => {
      const same = options.find((option) => option.name === chosen.name && option.value === chosen.value);
      if (same) same.checked = true;
    });
  });

  const focusErrors = (root) => { const box = root.querySelector("[data-focus]"); if (box) box.focus(); };
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.detail.target));
  document.addEventListener("DOMContentLoaded", () => focusErrors(document));

  const menus = "details.who[open], details.menu[open]";
  document.addEventListener("click", (event) => {
    document.querySelectorAll(menus).forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(menus).forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
})();
