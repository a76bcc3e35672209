// Reads a JSON list of calendars from standard input and writes, for each, what ical.js makes of its events.
const ICAL = require(process.argv[2]);

// It spells a year before 1000 without its noughts, so the parts that it read are told.
function spelled(time) {
  const two = (number) => String(number).padStart(2, "0");
  const day = String(time.year).padStart(4, "0") + two(time.month) + two(time.day);
  if (time.isDate) return day;
  return `${day}T${two(time.hour)}${two(time.minute)}${two(time.second)}${time.zone === ICAL.Timezone.utcTimezone ? "Z" : ""}`;
}

let given = "";
process.stdin.on("data", (piece) => (given += piece));
process.stdin.on("end", () => {
  const read = JSON.parse(given).map((text) => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return calendar.getAllSubcomponents("vevent").map((event) => {
      const value = (name) => {
        const found = event.getFirstPropertyValue(name);
        return found instanceof ICAL.Time ? spelled(found) : (found?.toString() ?? null);
      };
      return Object.fromEntries(
        ["uid", "dtstart", "dtend", "summary", "location", "description"].map((name) => [name, value(name)]),
      );
    });
  });
  process.stdout.write(JSON.stringify(read));
});
