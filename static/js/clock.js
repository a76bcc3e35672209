// What time it is for this page: the viewer's clock, or the sample's, which runs beside it.
const offset = Number(document.querySelector('meta[name="perigee-clock-offset"]')?.content ?? 0) * 1000;

export function now() {
  return Date.now() + (Number.isFinite(offset) ? offset : 0);
}

// Calls `tick` at once, and again just after every full `period` of that clock, for as long as it answers true.
export function every(period, tick) {
  if (!tick()) return;
  setTimeout(() => every(period, tick), period - (now() % period) + 5);
}
