// Turns notices on and off in this browser. What it asks of the server stands in the heads of requests, which have no body.

const page = document.getElementById("notices");
const state = document.getElementById("notices-state");
const form = document.getElementById("notices-form");
const stop = document.getElementById("notices-stop");
const others = document.getElementById("notices-others");
const { base } = page.dataset;
const WORKER = `${base}service-worker.js`;
const SUBSCRIPTIONS = `${base}push/subscriptions`;
const ENDPOINT = `${base}push/endpoint`;
const LOOK_EVERY = 5000;
const isDemo = page.dataset.delivery === "demo";

function say(name, detail = "") {
  state.textContent = name && state.dataset[name].replace("{}", detail);
}

// Why this browser cannot show notices, if it cannot.
function obstacle() {
  if (!window.isSecureContext) return "insecure";
  const has = "serviceWorker" in navigator && "Notification" in window && (isDemo || "PushManager" in window);
  if (!has) return navigator.standalone === false ? "homeScreen" : "unsupported"; // Which only Safari on a phone knows.
  return Notification.permission === "denied" ? "denied" : "";
}

const registered = () => navigator.serviceWorker.getRegistration(WORKER);
const current = async () => (await registered())?.pushManager.getSubscription();

function head({ endpoint, keys, expirationTime }) {
  const headers = { "Perigee-Endpoint": endpoint, "Perigee-Keys": `${keys.p256dh} ${keys.auth}` };
  if (expirationTime) headers["Perigee-Expires"] = String(Math.floor(expirationTime / 1000));
  return headers;
}

async function ask(method, path, headers = {}) {
  const answer = await fetch(path, { method, headers, cache: "no-store" });
  const words = await answer.text();
  if (!answer.ok) throw new Error(words.trim());
  return words && JSON.parse(words);
}

function chosen() {
  const fields = new FormData(form);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const choices = { kinds: fields.getAll("kinds").join(), lead: fields.get("lead"), zone: timeZone };
  return String(new URLSearchParams({ ...choices, quiet: fields.get("quiet") ?? "" }));
}

function show({ kinds, lead, quiet }) {
  for (const box of form.querySelectorAll('[name="kinds"]')) box.checked = kinds.includes(box.value);
  form.elements.namedItem("lead").value = lead;
  form.elements.namedItem("quiet").checked = quiet !== "";
}

function showWhetherOn(isOn) {
  const button = form.querySelector('[type="submit"]');
  button.querySelector("span").textContent = isOn ? button.dataset.on : button.dataset.off;
  stop.hidden = !isOn;
}

function listItem(address, words) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  item.append(link);
  return item;
}

// What this browser is told of elsewhere on this site, under the names that it remembers.
function showOthers(list) {
  const names = remembered();
  const links = list.map(({ query }) => listItem(`${base}notices${query}`, names[query] ?? (query || "/")));
  others.querySelector("ul").replaceChildren(...links);
  others.hidden = links.length === 0;
}

async function refresh() {
  const subscription = await current();
  const { subscriptions } = subscription
    ? await ask("GET", SUBSCRIPTIONS, head(subscription.toJSON()))
    : { subscriptions: [] };
  const mine = subscriptions.find(({ query }) => query === page.dataset.query);
  if (mine) show(mine);
  showWhetherOn(mine !== undefined);
  showOthers(subscriptions.filter((one) => one !== mine));
  return { subscription, subscriptions, isOn: mine !== undefined };
}

// Subscribes this browser, anew where the server has other keys than at the last time.
async function subscribed() {
  const { key } = await ask("GET", `${base}push/key`);
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (known !== null && spelled(known.options.applicationServerKey) === key) return known;
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function spelled(buffer) {
  const letters = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    say(Notification.permission === "denied" ? "denied" : "dismissed");
    return;
  }
  if (isDemo) {
    await watchDemo();
    return;
  }
  const wasOn = !stop.hidden;
  const headers = { ...head((await subscribed()).toJSON()), "Perigee-Choices": chosen() };
  await ask("PUT", SUBSCRIPTIONS + page.dataset.query, headers);
  remember(page.querySelector(".page-lede a").textContent);
  await refresh();
  say(wasOn ? "saved" : "on");
}

async function turnOff() {
  const { subscription, subscriptions } = await refresh();
  if (subscription) await ask("DELETE", SUBSCRIPTIONS + page.dataset.query, head(subscription.toJSON()));
  if (subscriptions.every(({ query }) => query === page.dataset.query)) await subscription?.unsubscribe();
  await refresh();
  say("stopped");
}

async function turnAllOff() {
  const subscription = await current();
  if (subscription) await ask("DELETE", ENDPOINT, head(subscription.toJSON()));
  await subscription?.unsubscribe();
  await refresh();
  say("stoppedAll");
}

// A subscription that would end within a week is taken anew, in all its places.
async function renewIfNeeded() {
  const old = await current();
  if (!old?.expirationTime || old.expirationTime > Date.now() + 7 * 24 * 3600 * 1000) return;
  const { pushManager } = await registered();
  await old.unsubscribe();
  const fresh = await pushManager.subscribe(old.options);
  await ask("PUT", ENDPOINT, { ...head(fresh.toJSON()), "Perigee-Old-Endpoint": old.endpoint });
}

// The demo needs no push service: while the page is open it looks for changes, and its own worker shows them.

let looking = 0;

async function watchDemo() {
  await navigator.serviceWorker.register(WORKER);
  const registration = await navigator.serviceWorker.ready;
  const feed = new URL(page.dataset.feed, location);
  const changes = [...form.querySelectorAll("[data-changes]:checked")].map((box) => box.dataset.changes);
  feed.searchParams.set("change", changes.join());
  const seen = new Set((await ask("GET", feed)).items.map(({ id }) => id));
  clearInterval(looking);
  looking = setInterval(() => lookForChanges(registration, feed, seen).catch(quietly), LOOK_EVERY);
  showWhetherOn(true);
  say("onDemo");
}

async function lookForChanges(registration, feed, seen) {
  const { items } = await ask("GET", feed);
  const fresh = items.filter(({ id }) => !seen.has(id));
  for (const item of fresh) {
    seen.add(item.id);
    listShown(item);
  }
  await Promise.all(
    fresh.map(({ title, content_html: html, url }) =>
      registration.showNotification(title, { body: whenOf(html), tag: url, renotify: true, data: { navigate: url } }),
    ),
  );
}

// What was shown stays to be read, also where the device shows no notices just now.
function listShown({ title, url }) {
  const list = document.getElementById("notices-shown");
  list.querySelector("ul").prepend(listItem(url, title));
  list.hidden = false;
}

// The line of an item that says when its entry is.
function whenOf(html) {
  const labels = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("b")];
  return labels.find((label) => label.textContent === "When:")?.nextSibling.textContent.trim() ?? "";
}

function quietly(error) {
  console.info("Not looked for changes:", error.message); // The next time tries again.
}

function stopDemo() {
  clearInterval(looking);
  showWhetherOn(false);
  say("stopped");
}

// Names are for this page alone; where storage is refused, it shows what the address asks for.

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("perigee-notices")) ?? {};
  } catch {
    return {};
  }
}

function remember(name) {
  try {
    localStorage.setItem("perigee-notices", JSON.stringify({ ...remembered(), [page.dataset.query]: name }));
  } catch (error) {
    console.info("Not remembered:", error.message);
  }
}

// What a button does takes a while: meanwhile nothing can be pressed.
async function during(work) {
  form.setAttribute("aria-busy", "true");
  const buttons = page.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    say("failed", error.message);
  } finally {
    for (const button of buttons) button.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

async function begin() {
  const why = obstacle();
  if (why) {
    say(why);
    return;
  }
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    during(turnOn);
  };
  stop.onclick = () => during(isDemo ? stopDemo : turnOff);
  document.getElementById("notices-stop-all").onclick = () => during(turnAllOff);
  if (isDemo) return;
  await during(async () => {
    await renewIfNeeded();
    if ((await refresh()).isOn) say("on");
  });
}

if (form !== null) begin();
