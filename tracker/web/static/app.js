/* Comfort only: every page works without this. A tooltip for the marks of a timeline, arrow keys
   from one mark to the next, and a slider for the day that a timeline looks at. */
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

  /* Months from one day to another; the last step is always the last day. */
  const steps = (first, last) =>
    (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth() + 1;

  const dayAt = (first, last, step) => {
    const day = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + step, 0));
    return day < last ? day : last;
  };

  const showAsOf = (day, last) => {
    const address = new URL(location.href);
    if (day < last) address.searchParams.set("as_of", day.toISOString().slice(0, 10));
    else address.searchParams.delete("as_of");
    address.hash = "tl";
    location.assign(address);
  };

  const slider = (grid, form) => {
    const [first, last, now] = ["first", "last", "day"].map((name) => new Date(grid.dataset[name]));
    const range = document.createElement("input");
    Object.assign(range, { type: "range", min: 1, max: steps(first, last), value: steps(first, now) });
    range.setAttribute("aria-label", grid.dataset.asOf);
    const language = document.documentElement.lang;
    const words = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
    });
    const day = () => dayAt(first, last, range.valueAsNumber);
    const say = (chosen) => range.setAttribute("aria-valuetext", words.format(chosen));
    say(now);
    range.addEventListener("input", () => {
      say(day());
      form.elements.as_of.value = day().toISOString().slice(0, 10);
    });
    range.addEventListener("change", () => showAsOf(day(), last));
    form.querySelector("label").after(range);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const grid = document.querySelector(".grid[data-first]");
    const form = document.querySelector(".asof");
    if (grid && form) slider(grid, form);
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

/* Keys for those who review much: the letter that stands beside a button or link presses it. They
   can be switched off, and are never heard while somebody writes (WCAG 2.1.4). */
(() => {
  "use strict";
  const KEPT = "keys-off";
  const writes = (target) => target.closest("input:not([type=checkbox]), textarea, select");

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("#keys");
    if (!box) return;
    const show = () => document.documentElement.classList.toggle("no-keys", !box.checked);
    box.closest("[hidden]").hidden = false;
    box.checked = localStorage.getItem(KEPT) === null;
    show();
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "1");
      show();
    });
    document.addEventListener("keydown", (event) => {
      if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
      const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!wanted) return;
      event.preventDefault();
      if (wanted.matches("input, select, textarea, summary")) wanted.focus();
      else wanted.click();
    });
  });
})();
