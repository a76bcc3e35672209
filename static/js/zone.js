// The viewer's own zone is one tap away, and remembered; the address names it, so that a link shows the same to all.
const KEY = "perigee-zone";
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function offerZone(root) {
  const note = root.querySelector?.("[data-zone]:not([data-offered])");
  if (!note) return;
  note.dataset.offered = "";
  for (const link of note.querySelectorAll("p a")) link.addEventListener("click", () => remember(null));
  if (!mine || mine === "UTC" || mine.replaceAll("_", " ") === note.dataset.zone) return;
  const link = document.createElement("a");
  link.href = within(mine);
  link.textContent = `Show ${mine.replaceAll("_", " ")}`;
  link.addEventListener("click", () => remember(mine));
  note.querySelector("p").append(" ", link);
}

// A remembered zone is asked for as soon as an address that could name one does not.
export function recallZone() {
  const zone = recalled();
  if (zone === null || !document.querySelector("[data-zone]") || new URLSearchParams(location.search).has("tz")) return;
  location.replace(within(zone));
}

function within(zone) {
  const pairs = new URLSearchParams(location.search);
  pairs.set("tz", zone);
  return `${location.pathname}?${pairs.toString().replaceAll("%2F", "/").replaceAll("%2C", ",")}`;
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
