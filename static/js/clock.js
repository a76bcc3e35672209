// What time it is for this page: the viewer's clock, or the sample's, which runs beside it.
const offset = Number(document.querySelector('meta[name="perigee-clock-offset"]')?.content ?? 0) * 1000;

export function now() {
  return Date.now() + (Number.isFinite(offset) ? offset : 0);
}

// The zone in which the page tells days, by its name in the tz database.
export function pageZone() {
  return document.querySelector("[data-zone]")?.dataset.zone.replaceAll(" ", "_") ?? "UTC";
}

// The day that it is in the page's zone, as a number of days.
export function today() {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: pageZone(), dateStyle: "short" }).format(now());
  return Date.parse(day) / 86400000;
}

// Calls `tick` at once, and again just after every full `period` of that clock, for as long as it answers true.
export function every(period, tick) {
  if (!tick()) return;
  setTimeout(() => every(period, tick), period - (now() % period) + 5);
}
