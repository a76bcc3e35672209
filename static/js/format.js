// Spans of time in words.
const SECOND = 1000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

// "in 14 days", "2 hours ago", "just now": cut down, never rounded up.
export function relativeWords(distance) {
  const steps = [[365.25 * DAY, "year"], [30.44 * DAY, "month"], [DAY, "day"], [HOUR, "hour"], [MINUTE, "minute"]];
  const step = steps.find(([size]) => Math.abs(distance) >= size);
  return step ? relative.format(Math.trunc(distance / step[0]), step[1]) : "just now";
}

// "today", "tomorrow", "in 14 days": whole calendar days.
export function relativeDays(days) {
  return relative.format(days, "day");
}

// [["13", "d"], ["19", "h"], ["12", "min"], ["53", "s"]], from the largest unit that is not nought.
export function clockParts(distance) {
  const sizes = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]];
  const first = sizes.findIndex(([size]) => distance >= size);
  let rest = distance;
  return sizes.slice(first < 0 ? sizes.length - 1 : first).map(([size, unit], index) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return [String(count).padStart(index === 0 || unit === "d" ? 1 : 2, "0"), unit];
  });
}

// "13 days 19 hours", "5 hours", "less than an hour": as fine as an hour that is known allows.
export function hourWords(distance) {
  const days = Math.floor(distance / DAY);
  const hours = Math.floor((distance % DAY) / HOUR);
  const words = [[days, "day"], [hours, "hour"]].filter(([count]) => count > 0);
  return words.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ") || "less than an hour";
}
