// What every page gains with scripts; without them it works all the same. Words come from the page: texts with a place
// for a value (`{}`) stand in data attributes, lengths of time are the browser's own.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let seen = new WeakSet();
const clocks = new WeakMap();

// The viewer's clock, or that of the sample or the demo, which runs beside it.
const offset = Number(document.querySelector('meta[name="perigee-clock-offset"]')?.content ?? 0) * SECOND;
export const now = () => Date.now() + (Number.isFinite(offset) ? offset : 0);

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isRealZone = (zone) => Intl.supportedValuesOf?.("timeZone").includes(zone) ?? false;
// How days and clock times are written in a zone of the tz database; in UTC where the browser does not know it. To make
// what formats them takes long: it is made once for each zone.
const formats = new Map();

function formatsIn(zone) {
  if (!formats.has(zone)) formats.set(zone, makeFormats(zone));
  return formats.get(zone);
}

function makeFormats(zone) {
  try {
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" });
    return { day, clock, zone: day.resolvedOptions().timeZone };
  } catch {
    return makeFormats("UTC");
  }
}

// Those of the zone in which the page tells days and times.
export const pageFormats = () => formatsIn(document.querySelector("[data-zone]")?.dataset.zone ?? "UTC");

export function enhance(root) {
  fillRelative(root);
  fillCountdowns(root);
  drawNowLine();
  readyPlayers(root);
  readySharing(root);
  readyZoneMenu(root);
}

// The same once a swap has given elements that stay the attributes and contents that the server wrote.
export function enhanceAgain(root) {
  seen = new WeakSet();
  enhance(root);
}

// Gives those elements that it has not given before.
function* fresh(root, selector) {
  for (const element of root.querySelectorAll(selector)) {
    if (seen.has(element)) continue;
    seen.add(element);
    yield element;
  }
}

// Calls `tick` for an element at once, and again just after every full `period` of that clock: for as long as it answers
// true, the element is on the page, and nothing else is called for it.
export function every(period, element, tick) {
  const mine = {};
  clocks.set(element, mine);
  const go = () => {
    if (clocks.get(element) === mine && element.isConnected && tick()) setTimeout(go, period - (now() % period) + 5);
  };
  go();
}

// Times: how far off an instant or a day is, and what the clock says.

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

// "in 14 days", "2 hours ago", or the page's words for less than a minute: cut down, never rounded up.
export function relativeWords(distance) {
  const steps = [[365.25 * DAY, "year"], [30.44 * DAY, "month"], [DAY, "day"], [HOUR, "hour"], [MINUTE, "minute"]];
  const step = steps.find(([size]) => Math.abs(distance) >= size);
  return step ? relative.format(Math.trunc(distance / step[0]), step[1]) : document.body.dataset.justNow;
}

function fillRelative(root) {
  for (const time of fresh(root, "time[data-relative]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    if (time.nextElementSibling?.className === "relative") time.nextElementSibling.remove();
    const span = document.createElement("span");
    span.className = "relative";
    time.after(" ", span);
    // What was seen never lies in the future, whatever the viewer's clock says.
    keep(span, () => `(${relativeWords(time.dataset.relative === "past" ? Math.min(at - now(), 0) : at - now())})`);
  }
  for (const element of fresh(root, "[data-relative-day]")) {
    // Both are days of the heading's own zone.
    const day = Date.parse(element.dataset.relativeDay) / DAY;
    keep(element, () => relative.format(day - Date.parse(dayWords(now())) / DAY, "day"));
    element.hidden = false;
  }
}

function keep(element, words) {
  every(MINUTE, element, () => {
    element.textContent = words();
    return true;
  });
}

const dayWords = (moment) => pageFormats().day.format(moment);
export const clockWords = (moment) => pageFormats().clock.format(moment);

// A hairline through today's list, between what has begun and what is to come.
function drawNowLine() {
  document.querySelector(".now-line")?.remove();
  const group = document.querySelector(`.group[data-day="${dayWords(now())}"] .group-entries`);
  if (group === null) return;
  const line = document.createElement("li");
  line.className = "now-line";
  group.prepend(line);
  every(MINUTE, line, () => {
    line.textContent = document.body.dataset.now.replace("{}", clockWords(now()));
    const times = [...group.querySelectorAll(".entry time")];
    const last = times.findLast((time) => Date.parse(time.dateTime) <= now());
    if (last === undefined) group.prepend(line);
    else last.closest(".entry").after(line);
    return true;
  });
}

// Countdowns: never negative, and no finer than what is known.

function fillCountdowns(root) {
  for (const element of fresh(root, "[data-countdown]")) {
    const at = Date.parse(element.dataset.at);
    if (Number.isNaN(at)) continue;
    every(SECOND, element, () => {
      const distance = at - now();
      element.replaceChildren(...countdownWords(element.dataset, distance));
      return distance > -DAY;
    });
    element.hidden = false;
  }
}

function countdownWords(words, distance) {
  const isAbout = words.countdown === "about";
  if (distance > 0) {
    if (words.state === "on_air") return filled(words.onAir, countdownValue(distance));
    if (!isAbout) return filled(words.before, countdownValue(distance));
    return filled(distance < HOUR ? words.before : words.beforeAbout, part("countdown-value", hourWords(distance, words)));
  }
  const since = relativeWords(distance);
  if (words.state === "live") return filled(words.startedLive, since);
  if (!isAbout) return filled(words.started, since);
  return distance > -HOUR ? [words.within] : filled(words.due, since);
}

// Puts a value, an element or words, into its place in a text.
function filled(text, value) {
  const [before, after] = text.split("{}");
  return [part("countdown-lead", before), value, part("countdown-lead", after)];
}

function countdownValue(distance) {
  const whole = part("countdown-value", "");
  const sizes = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]];
  const first = sizes.findIndex(([size]) => distance >= size);
  let rest = distance;
  for (const [index, [size, unit]] of sizes.slice(first < 0 ? sizes.length - 1 : first).entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    const digits = String(count).padStart(index === 0 || unit === "d" ? 1 : 2, "0");
    whole.append(part("countdown-count", digits), "\u00a0", part("countdown-unit", unit), " ");
  }
  return whole;
}

// As fine as an hour that is known allows.
function hourWords(distance, words) {
  const days = Math.floor(distance / DAY);
  const hours = Math.floor((distance % DAY) / HOUR);
  const of = (count, unit) => new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(count);
  return [[days, "day"], [hours, "hour"]].filter(([count]) => count > 0).map((one) => of(...one)).join(" ") || words.hour;
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

// Players: only pressing Play contacts another host, whose player then takes the button's place.

function readyPlayers(root) {
  for (const button of fresh(root, "button[data-embed]")) {
    button.onclick = () => {
      const frame = document.createElement("iframe");
      frame.className = "player";
      frame.title = button.dataset.title;
      frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
      frame.allowFullscreen = true;
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.src = button.dataset.embed;
      button.replaceWith(frame);
      frame.focus();
    };
    button.hidden = false;
  }
}

// Sharing: to what the device shares with, or else to the clipboard; what is only copied has no words for the first.

function readySharing(root) {
  for (const button of fresh(root, "button[data-copy]")) {
    const shares = navigator.share && "share" in button.dataset;
    if (!shares && !navigator.clipboard) continue;
    const words = button.querySelector("[aria-live]");
    const usual = shares ? button.dataset.share : button.dataset.copy;
    words.textContent = usual;
    button.onclick = async () => {
      try {
        if (shares) await navigator.share({ title: button.dataset.title, url: shared(button) });
        else await navigator.clipboard.writeText(shared(button));
        words.textContent = shares ? usual : button.dataset.copied;
      } catch (error) {
        words.textContent = error.name === "AbortError" ? usual : button.dataset.failed;
      }
      setTimeout(() => (words.textContent = usual), 2500);
    };
    button.closest("[hidden]")?.removeAttribute("hidden");
  }
}

// What a button copies: the text of an element, or an address, which names a zone only where that was chosen by hand.
function shared({ dataset }) {
  if (dataset.from !== undefined) return document.getElementById(dataset.from).textContent;
  const zone = recalled();
  if (zone === null || zone === "UTC" || !("isPage" in dataset)) return dataset.address;
  return `${dataset.address}${dataset.address.includes("?") ? "&" : "?"}tz=${zone}`;
}

// Zones: see templates/_zone.js. What is chosen by hand is remembered, once the server has shown it.

function readyZoneMenu(root) {
  for (const menu of fresh(root, ".zone-menu")) {
    const own = menu.querySelector("[data-own-zone]");
    if (ownZone !== pageFormats().zone && isRealZone(ownZone)) {
      own.href = addressIn(ownZone);
      own.parentElement.hidden = false;
    }
    own.onclick = () => store(localStorage, "perigee-zone", null);
    const utc = menu.querySelector("[data-zone-choice]");
    if (utc !== null) utc.onclick = () => store(localStorage, "perigee-zone", utc.dataset.zoneChoice);
    menu.querySelector("form").onsubmit = () => store(sessionStorage, "perigee-asked-zone", "yes");
  }
}

// Escape closes an open menu, and leaves the focus on what opens it.
function closeMenu(event) {
  const menu = event.key === "Escape" ? event.target.closest("details[data-menu][open]") : null;
  if (menu === null) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function settleZone() {
  const asked = new URLSearchParams(location.search).get("tz");
  if (document.querySelector('[data-refused="tz"]') !== null) {
    if (asked !== recalled() && asked !== ownZone) return;
    // What is refused would lock the viewer out of every page.
    if (recalled() !== null) store(localStorage, "perigee-zone", null);
    if (store(sessionStorage, "perigee-refused-zone", asked)) location.replace(addressIn(null));
  } else if (recalled(sessionStorage, "perigee-asked-zone") !== null) {
    store(localStorage, "perigee-zone", asked ?? "UTC");
    store(sessionStorage, "perigee-asked-zone", null);
  }
}

function addressIn(zone) {
  const pairs = new URLSearchParams(location.search);
  if (zone === null) pairs.delete("tz");
  else pairs.set("tz", zone);
  const query = pairs.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return location.pathname + (query && `?${query}`);
}

// Where storage is refused, nothing is remembered, and nothing else changes.
function store(where, key, value) {
  try {
    if (value === null) where.removeItem(key);
    else where.setItem(key, value);
    return true;
  } catch (error) {
    console.info("Not remembered:", error.message);
    return false;
  }
}

function recalled(where = localStorage, key = "perigee-zone") {
  try {
    return where.getItem(key);
  } catch {
    return null;
  }
}

// While something on the page is under way, or less than a day off, the page asks for itself again each minute, and
// takes over what has changed of each entry. A new state is announced once.

const announcer = document.getElementById("announcer");
let etag = null;

function keepFresh() {
  // A wall display asks by itself, whatever it shows.
  if (document.querySelector("[data-entry]") === null || document.getElementById("wall") !== null) return;
  setInterval(() => {
    if (document.visibilityState === "visible" && isNear()) refresh();
  }, MINUTE);
}

function isNear() {
  const times = [...document.querySelectorAll("[data-entry] time")].map((time) => Date.parse(time.dateTime) - now());
  const isUnderWay = document.querySelector('[data-state="live"], [data-state="on_air"], [data-state="due"]') !== null;
  return isUnderWay || times.some((distance) => Math.abs(distance) < DAY);
}

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache" }); // Asks with the ETag of what the browser keeps.
    if (!answer.ok || answer.headers.get("ETag") === etag) return;
    etag = answer.headers.get("ETag");
    takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    console.info("Not refreshed:", error.message); // The next minute tries again.
  }
}

function takeOver(latest) {
  for (const old of document.querySelectorAll("[data-entry]")) {
    const same = latest.querySelector(old.id ? `#${old.id}` : `[data-entry="${old.dataset.entry}"]:not([id])`);
    if (old.contains(document.activeElement) || same?.dataset.state === old.dataset.state) continue;
    announce(same ?? old, same === null ? "ended" : same.dataset.state);
    if (same === null) old.remove();
    else old.replaceWith(same);
  }
  enhance(document);
}

export function announce(entry, state) {
  const words = announcer?.dataset[state.replace(/_[a-z]/, (letter) => letter[1].toUpperCase())];
  if (words !== undefined) announcer.textContent = words.replace("{}", entry.querySelector("h1, h2, h3").textContent);
}

settleZone();
document.addEventListener("keydown", closeMenu);
enhance(document);
keepFresh();
