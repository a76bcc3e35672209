// The filter with htmx: each change fetches the page's own address and takes its content in place. What has the focus
// keeps it, the address bar follows, and going back fetches what stood there.
const WAIT = 350;
const form = () => document.getElementById("filter-form");
let timer = 0;
let latest = 0;
const here = () => location.pathname + location.search;
let shown = here();

export function watchFilters() {
  if (form() === null || typeof globalThis.htmx?.ajax !== "function") return;
  readyForm();
  document.addEventListener("input", (event) => {
    if (!inForm(event) || event.target.type === "checkbox") return;
    clearTimeout(timer);
    timer = setTimeout(go, WAIT, address());
  });
  document.addEventListener("change", (event) => {
    if (inForm(event) && event.target.type !== "search" && event.target.type !== "text") go(address());
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    go(address());
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(link.getAttribute("href"), link.id === "" ? { focus: "filter" } : {});
  });
  addEventListener("popstate", () => {
    if (here() === shown) return; // A jump within the page, as by the skip link, fetches nothing.
    shown = here();
    take(shown);
  });
}

// What the head offers to subscribe to is what the page now shows.
function moveHeadLinks() {
  for (const link of document.head.querySelectorAll("link[rel=alternate]")) {
    const offered = document.querySelector(`#subscribe a[type="${link.type}"]`);
    if (offered !== null) link.href = offered.href;
  }
}

const inForm = (event) => event.target.form === form() && form() !== null;

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

async function go(path, { focus } = {}) {
  clearTimeout(timer);
  if (!(await take(path))) return;
  history.pushState(null, "", path);
  shown = here();
  if (focus !== undefined) document.querySelector(`#${focus} > summary`)?.focus({ preventScroll: true });
}

// Takes the content of an address in place; answers whether that was still what was wanted when it came.
async function take(path) {
  const mine = ++latest;
  let hasFailed = false;
  const fail = () => {
    hasFailed = true;
  };
  document.addEventListener("htmx:response:error", fail);
  document.addEventListener("htmx:error", fail);
  let open = [];
  const noteOpen = () => {
    open = [...document.querySelectorAll("#page details[open]")].map((part) => part.id);
  };
  document.addEventListener("htmx:before:swap", noteOpen);
  await globalThis.htmx.ajax("GET", path, { target: "#page", select: "#page", swap: "outerMorph" });
  document.removeEventListener("htmx:response:error", fail);
  document.removeEventListener("htmx:error", fail);
  document.removeEventListener("htmx:before:swap", noteOpen);
  if (hasFailed) location.assign(path); // The browser says better than we could what is wrong.
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  moveHeadLinks();
  readyForm();
  return !hasFailed && mine === latest;
}
