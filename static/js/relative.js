// How far off an instant (`<time data-relative>`) or a calendar day (`[data-relative-day]`) is, kept true each minute.
import { every, now, today } from "./clock.js";
import { DAY, relativeDays, relativeWords } from "./format.js";

const MINUTE = 60000;
const seen = new WeakSet();

export function fillRelative(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    if (seen.has(time) || Number.isNaN(Date.parse(time.dateTime))) continue;
    seen.add(time);
    const span = document.createElement("span");
    span.className = "relative";
    time.after(span);
    keep(span, () => ` (${relativeWords(Date.parse(time.dateTime) - now())})`);
  }
  for (const element of root.querySelectorAll("[data-relative-day]")) {
    if (seen.has(element)) continue;
    seen.add(element);
    // Both are days of the heading's own zone.
    const day = Date.parse(element.dataset.relativeDay) / DAY;
    keep(element, () => relativeDays(day - today()));
    element.hidden = false;
  }
}

function keep(element, words) {
  every(MINUTE, () => {
    element.textContent = words();
    return element.isConnected;
  });
}
