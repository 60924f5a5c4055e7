/* sign.js: a field in which a client signs; what was drawn goes into a hidden input as a path of whole numbers. */
(() => {
  "use strict";
  function pad(box) {
    const canvas = box.querySelector("canvas"), input = document.getElementById(box.dataset.sign);
    const clear = box.querySelector("[data-sign-clear]"), pen = canvas.getContext("2d");
    const width = Number(box.dataset.width), height = Number(box.dataset.height);
    let strokes = [], now = null;

    const at = (event) => {
      const edge = canvas.getBoundingClientRect();
      const within = (part, most) => Math.max(0, Math.min(most, Math.round(part * most)));
      return [within((event.clientX - edge.left) / edge.width, width), within((event.clientY - edge.top) / edge.height, height)];
    };
    const told = () => strokes.filter((one) => one.length > 1).map((one) => one.map(([x, y], n) => `${n ? "L" : "M"}${x} ${y}`).join(" ")).join(" ");
    function draw() {
      pen.clearRect(0, 0, width, height);
      pen.lineWidth = 3; pen.lineCap = "round"; pen.lineJoin = "round"; pen.strokeStyle = "#1e2124";
      for (const one of strokes) { pen.beginPath(); one.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y))); pen.stroke(); }
    }
    function choose() {
      const way = box.closest("form").querySelector('input[name="way"][value="drawn"]');
      if (way) way.checked = true;
    }
    canvas.addEventListener("pointerdown", (event) => { event.preventDefault(); canvas.setPointerCapture(event.pointerId); now = [at(event)]; strokes.push(now); choose(); });
    canvas.addEventListener("pointermove", (event) => {
      if (!now) return;
      const [x, y] = at(event), [px, py] = now[now.length - 1];
      if (Math.abs(x - px) + Math.abs(y - py) < 3) return;
      now.push([x, y]); draw();
    });
    const lift = () => { if (now) { now = null; input.value = told(); } };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    clear.addEventListener("click", () => { strokes = []; input.value = ""; draw(); });
    // What could not be saved for another reason is still there.
    strokes = input.value.split("M").filter(Boolean).map((one) => [...one.matchAll(/(\d+) (\d+)/g)].map((found) => [Number(found[1]), Number(found[2])]));
    canvas.hidden = false; clear.closest("p").hidden = false;
    draw();
  }
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-sign]").forEach(pad));
})();
