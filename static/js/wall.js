// The wall display: a clock, and the page anew each minute. A hidden tab asks nothing, and a new version of the site is
// loaded whole. Words come from the page, as in main.js.
import { announce, clockWords, enhance, every, MINUTE, now, pageFormats, relativeWords, SECOND } from "./main.js";

const PATIENCE = 20 * SECOND; // A server that has not answered by then counts as gone.
const part = (id) => document.getElementById(id);
const zone = pageFormats().zone;
const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "long" });
let etag = null;
let updatedAt = Date.now();

function fill(element, value) {
  if (element === null) return;
  const words = element.dataset.words?.replace("{}", value) ?? value;
  if (element.textContent !== words) element.textContent = words;
  element.hidden = false;
}

// Each second, since a timer of a minute would be late by as long as the machine was asleep.
function tick() {
  fill(part("wall-time"), clockWords(now()));
  fill(part("wall-day"), day.format(now()).replace(",", ""));
  if (zone !== "UTC") fill(part("wall-utc"), new Date(now()).toISOString().slice(11, 16));
  const age = Date.now() - updatedAt;
  const seconds = part("wall-updated").dataset.seconds.replace("{}", Math.max(0, Math.floor(age / SECOND)));
  fill(part("wall-updated"), age < MINUTE ? seconds : relativeWords(-age));
  return true;
}

async function refresh() {
  try {
    // Asks with the ETag of what the browser keeps.
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    if (answer.headers.get("ETag") !== etag) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    etag = answer.headers.get("ETag");
    updatedAt = Date.now();
    part("wall-lost").hidden = true;
  } catch (error) {
    console.info("Not refreshed:", error.message); // What is shown stays, and the next minute tries again.
    fill(part("wall-lost").firstElementChild, clockWords(updatedAt + now() - Date.now()));
    part("wall-lost").hidden = false;
  }
  tick();
}

const styleSheet = (page) => page.querySelector("link[rel=stylesheet]").getAttribute("href");

function show(latest) {
  if (styleSheet(latest) !== styleSheet(document)) {
    location.reload();
    return;
  }
  const before = part("wall-next")?.dataset;
  const focused = document.activeElement?.getAttribute("href");
  for (const old of document.querySelectorAll(".banner")) old.remove();
  document.querySelector(".skip-link").after(...latest.querySelectorAll(".banner"));
  for (const selector of ["main", ".wall-foot"]) {
    document.querySelector(selector).replaceWith(latest.querySelector(selector));
  }
  if (focused) document.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  enhance(document);
  const after = part("wall-next");
  if (after !== null && after.dataset.entry === before?.entry && after.dataset.state !== before.state) {
    announce(after, after.dataset.state);
  }
}

// Keeps a laptop's screen on, where the browser can and may. Where it refuses, as with a low battery, all else works.
async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch (error) {
    console.info("The screen may turn off:", error.message);
  }
}

const isVisible = () => document.visibilityState === "visible";

every(SECOND, document.body, tick);
setInterval(() => {
  if (isVisible()) refresh();
}, MINUTE);
document.addEventListener("visibilitychange", () => {
  if (!isVisible()) return;
  stayAwake();
  if (Date.now() - updatedAt >= MINUTE) refresh();
});
stayAwake();
