// Fills `<p data-countdown="exact|about" data-at="…">`. Never negative: once the time has come, it says so.
import { every, now } from "./clock.js";
import { DAY, clockParts, hourWords, relativeWords } from "./format.js";

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
  if (distance <= 0) {
    element.replaceChildren(part("countdown-lead", `By the clock, this began ${relativeWords(distance)}.`));
    return distance > -DAY && element.isConnected;
  }
  if (element.dataset.countdown === "about") {
    element.replaceChildren(part("countdown-lead", "Begins in about"), " ", part("countdown-value", hourWords(distance)));
  } else {
    element.replaceChildren(part("countdown-lead", "Begins in"), " ", value(distance));
  }
  return element.isConnected;
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
