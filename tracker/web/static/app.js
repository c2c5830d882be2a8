/* Comfort only: every page works without this. A tooltip for the marks of a timeline,
   and arrow keys from one mark to the next. */
(() => {
  "use strict";
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;

  const show = (mark) => {
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const place = mark.getBoundingClientRect();
    const widest = document.documentElement.clientWidth;
    const left = Math.min(Math.max(8, place.left - 20), Math.max(8, widest - tip.offsetWidth - 8));
    move(left, place);
  };

  /* The policy forbids style attributes, not the object model. */
  const move = (left, place) => {
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = place.bottom + window.scrollY + 6 + "px";
  };

  const hide = () => { tip.hidden = true; };

  const neighbour = (mark, step) => {
    const lane = [...mark.closest("svg.plot").querySelectorAll("a.mk")];
    return lane[lane.indexOf(mark) + step];
  };

  const otherLane = (mark, step) => {
    const lanes = [...document.querySelectorAll(".plotbox")].filter((box) => box.querySelector("a.mk"));
    const lane = lanes[lanes.indexOf(mark.closest(".plotbox")) + step];
    return lane && lane.querySelector("a.mk");
  };

  const keys = {
    ArrowRight: (mark) => neighbour(mark, 1),
    ArrowLeft: (mark) => neighbour(mark, -1),
    ArrowDown: (mark) => otherLane(mark, 1),
    ArrowUp: (mark) => otherLane(mark, -1),
  };

  document.addEventListener("DOMContentLoaded", () => {
    const marks = document.querySelectorAll("a.mk");
    if (!marks.length) return;
    document.body.append(tip);
    let leaving;
    const stay = () => clearTimeout(leaving);
    const leave = () => { leaving = setTimeout(hide, 150); };
    tip.addEventListener("mouseenter", stay);
    tip.addEventListener("mouseleave", leave);
    for (const mark of marks) {
      mark.addEventListener("mouseenter", () => { stay(); show(mark); });
      mark.addEventListener("mouseleave", leave);
      mark.addEventListener("focus", () => show(mark));
      mark.addEventListener("blur", hide);
      mark.addEventListener("keydown", (event) => {
        if (event.key === "Escape") hide();
        const next = keys[event.key] && keys[event.key](mark);
        if (next) { event.preventDefault(); next.focus(); }
      });
    }
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  });
})();
