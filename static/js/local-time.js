// Beside every clock time in UTC, the same instant where the viewer is: labelled, and with its own date, because the
// heading above it may stand for another day. Nothing is added for a viewer whose clock shows UTC.
import { pageZone } from "./clock.js";

const seen = new WeakSet();
const parts = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
});

export function addLocalTimes(root) {
  // A page that already tells times in the viewer's zone needs nothing beside them.
  if (pageZone() === Intl.DateTimeFormat().resolvedOptions().timeZone) return;
  for (const time of root.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    if (seen.has(time) || Number.isNaN(moment.getTime()) || moment.getTimezoneOffset() === 0) continue;
    seen.add(time);
    time.after(" ", localTime(time, moment));
  }
}

function localTime(time, moment) {
  const span = document.createElement("span");
  span.className = "local-time";
  span.textContent = (/\babout\b|\bNET\b/.test(time.textContent) ? "about " : "") + words(time, moment);
  return span;
}

function words(time, moment) {
  const of = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
  const seconds = /\d:\d\d:\d\d/.test(time.textContent) ? `:${of.second}` : "";
  return `${of.day} ${of.month}, ${of.hour}:${of.minute}${seconds}\u00a0${of.timeZoneName.replace(/^GMT(?=[+-])/, "UTC")}`;
}
