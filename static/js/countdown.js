// Fills `<p data-countdown="exact|about" data-at="…">`. Never negative: once the time has come, it says so.
import { every, now } from "./clock.js";
import { DAY, HOUR, clockParts, hourWords, relativeWords } from "./format.js";

const seen = new WeakSet();

export function fillCountdowns(root) {
  for (const element of root.querySelectorAll("[data-countdown]")) {
    const at = Date.parse(element.dataset.at);
    if (seen.has(element) || Number.isNaN(at)) continue;
    seen.add(element);
    every(1000, () => tick(element, at));
    element.hidden = false;
  }
}

function tick(element, at) {
  const distance = at - now();
  const words = element.dataset.countdown === "about" ? aboutWords(distance) : exactWords(distance);
  element.replaceChildren(...words);
  return distance > -DAY && element.isConnected;
}

function exactWords(distance) {
  if (distance <= 0) return [part("countdown-lead", `By the clock, this began ${relativeWords(distance)}.`)];
  return [part("countdown-lead", "Begins in"), " ", value(distance)];
}

// The hour is known, the minute is not: while it lasts, nobody can say more.
function aboutWords(distance) {
  if (distance <= -HOUR) return [part("countdown-lead", `The hour given has passed, ${relativeWords(distance)}.`)];
  if (distance <= 0) return [part("countdown-lead", "It may begin within this hour.")];
  const lead = distance < HOUR ? "Begins in" : "Begins in about";
  return [part("countdown-lead", lead), " ", part("countdown-value", hourWords(distance))];
}

function value(distance) {
  const whole = part("countdown-value", "");
  for (const [count, unit] of clockParts(distance)) {
    whole.append(part("countdown-count", count), "\u00a0", part("countdown-unit", unit), " ");
  }
  return whole;
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}
