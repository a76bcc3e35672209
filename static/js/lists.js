// What pages with a list gain: the filter, "more" and fresh states in place, with htmx or a fetch of the same address.
import { enhance, enhanceAgain } from "./main.js";

const PATIENCE = 300; // Milliseconds before a wait is shown.
const TYPING = 350;
const page = () => document.getElementById("page");
const form = () => document.getElementById("filter-form");
const here = () => location.pathname + location.search;

// htmx comes once the page has: before that it would keep the style sheet waiting on a slow line. Whoever is quicker
// waits for it; where it does not come, links lead on as they are.

let htmx = null;

function loadHtmx() {
  htmx ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = document.querySelector('meta[name="perigee-htmx"]').content;
    script.addEventListener("load", () => resolve(globalThis.htmx));
    script.addEventListener("error", () => resolve(null));
    document.head.append(script);
  });
  return htmx;
}

// The filter: each change fetches the page's own address and takes its content in place. What has the focus keeps it,
// the address bar follows, going back fetches what stood there; if that fails, the page stays as it was.

let timer = 0;
let latest = 0;
let shown = here();

function watchFilter() {
  readyForm();
  document.addEventListener("input", (event) => {
    if (!inForm(event) || event.target.type === "checkbox") return;
    clearTimeout(timer);
    timer = setTimeout(() => go(address()), TYPING);
  });
  document.addEventListener("change", (event) => {
    if (inForm(event) && event.target.type !== "search" && event.target.type !== "text") go(address());
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    document.getElementById("filter").open = false;
    document.getElementById("list-status")?.scrollIntoView({ block: "start" });
    go(address());
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#try-again") !== null) go(tried);
    const link = event.target.closest("a[data-swap]");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(link.getAttribute("href"), link.id || "filter-q");
  });
  addEventListener("popstate", () => {
    if (here() === shown) return; // A jump within the page, as by the skip link, fetches nothing.
    shown = here();
    take(shown);
  });
}

const inForm = (event) => event.target.form === form() && form() !== null;

// With scripts every change shows at once.
function readyForm() {
  form()?.classList.add("is-live-form");
}

// The canonical spelling: nothing that is empty, and several values of one name as one.
function address() {
  const values = new Map();
  for (const [name, value] of new FormData(form())) {
    if (value.trim() !== "") values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  }
  const pairs = [...values].map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return form().getAttribute("action") + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
}

let tried = "";

async function go(path, focus) {
  clearTimeout(timer);
  tried = path;
  if (!(await take(path))) return;
  history.pushState(null, "", path);
  shown = here();
  if (focus !== undefined) document.getElementById(focus)?.focus({ preventScroll: true });
}

// Takes the content of an address in place; answers whether that was still what was wanted when it came.
async function take(path) {
  const mine = ++latest;
  const waiting = setTimeout(() => page().setAttribute("aria-busy", "true"), PATIENCE);
  document.getElementById("failure")?.setAttribute("hidden", "");
  const loaded = await loadHtmx();
  if (loaded === null) {
    location.assign(path);
    return false;
  }
  let hasFailed = false;
  const fail = () => {
    hasFailed = true;
  };
  let open = [];
  const noteOpen = () => {
    open = [...document.querySelectorAll("#page details[open]")].map((one) => one.id);
  };
  const events = [["htmx:response:error", fail], ["htmx:error", fail], ["htmx:before:swap", noteOpen]];
  for (const [name, listener] of events) document.addEventListener(name, listener);
  await loaded.ajax("GET", path, { target: "#page", select: "#page", swap: "outerMorph" });
  clearTimeout(waiting);
  for (const [name, listener] of events) document.removeEventListener(name, listener);
  page().removeAttribute("aria-busy");
  if (hasFailed) {
    if (mine === latest) tellOfFailure();
    return false;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  moveLinks();
  readyForm();
  if (mine === latest) resetForm();
  enhanceAgain(page());
  return mine === latest;
}

// The page stands as it was: so do its fields.
function tellOfFailure() {
  document.getElementById("failure")?.removeAttribute("hidden");
  resetForm();
}

// Puts the fields to what the page says, but for one in which somebody is typing.
function resetForm() {
  const focused = document.activeElement;
  const typed = focused?.form === form() && ["search", "text"].includes(focused?.type) ? focused.value : null;
  form()?.reset();
  if (typed !== null) focused.value = typed;
}

// What the head and the navigation offer to subscribe to is what the page now shows.
function moveLinks() {
  const { feedQuery, subscribePath } = page().dataset;
  if (feedQuery === undefined) return;
  for (const link of document.head.querySelectorAll("link[rel=alternate]")) {
    link.href = link.href.split("?")[0] + feedQuery;
  }
  document.querySelector(".masthead-nav a[data-subscribe]")?.setAttribute("href", subscribePath);
}

// "More" is told by attributes, and so is what opens a period; what remains is to move the focus to the first entry that
// came, or to what closes the period again, and to fall back to the plain link when the fetch fails.

function watchMore() {
  const entries = () => document.querySelectorAll(".entry");
  const isMore = (event) => event.detail?.ctx?.sourceElement?.matches("#more-link, .planned-link") ?? false;
  let before = 0;
  let more = null;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#more-link, .planned-link");
    if (link === null || globalThis.htmx !== undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ((await loadHtmx()) === null) location.assign(link.href);
    else link.click();
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (!isMore(event)) return;
    more = event.detail.ctx.sourceElement;
    before = entries().length;
    more.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:after:swap", () => {
    if (more === null || entries().length <= before) return;
    const planned = more.classList.contains("planned-link") ? document.getElementById(more.dataset.opens) : null;
    more = null;
    (planned ?? entries()[before]).querySelector("summary, a")?.focus({ preventScroll: true });
  });
  for (const failure of ["htmx:response:error", "htmx:error"]) {
    document.addEventListener(failure, (event) => {
      if (more !== null && isMore(event)) location.assign(more.href);
    });
  }
}

if (form() !== null) watchFilter();
watchMore();
document.addEventListener("htmx:after:process", (event) => enhance(event.target));
if (document.readyState === "complete") loadHtmx();
else addEventListener("load", loadHtmx);
