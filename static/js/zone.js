// The viewer's own zone is one tap away, and remembered; the address names it, so that a link shows the same to all.
const KEY = "perigee-zone";
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function offerZone(root) {
  const note = root.querySelector?.("[data-zone]:not([data-offered])");
  if (!note) return;
  note.dataset.offered = "";
  for (const link of note.querySelectorAll("p a")) link.addEventListener("click", () => remember(null));
  if (!isReal(mine) || mine.replaceAll("_", " ") === note.dataset.zone) return;
  const link = document.createElement("a");
  link.href = within(mine);
  link.textContent = `Show ${mine.replaceAll("_", " ")}`;
  link.addEventListener("click", () => remember(mine));
  note.querySelector("p").append(" ", link);
}

// A browser that cannot tell where it is says so with a zone that is in no list, not even its own.
function isReal(zone) {
  return Intl.supportedValuesOf?.("timeZone").includes(zone) ?? false;
}

// What was remembered and is refused would lock the viewer out of every page that could name it.
export function forgetRefusedZone() {
  const zone = recalled();
  if (zone === null || zone !== asked().get("tz") || !document.querySelector('[data-refused="tz"]')) return;
  remember(null);
  if (recalled() === null) location.replace(within(null));
}

// A remembered zone is asked for as soon as an address that could name one does not.
export function recallZone() {
  const zone = recalled();
  if (zone === null || !document.querySelector("[data-zone]") || asked().has("tz")) return;
  location.replace(within(zone));
}

function asked() {
  return new URLSearchParams(location.search);
}

function within(zone) {
  const pairs = asked();
  if (zone === null) pairs.delete("tz");
  else pairs.set("tz", zone);
  const query = pairs.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return location.pathname + (query && `?${query}`);
}

// Where storage is refused, nothing is remembered, and nothing else changes.
function remember(zone) {
  try {
    if (zone === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, zone);
  } catch (error) {
    console.info("The zone is not remembered:", error.message);
  }
}

function recalled() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
