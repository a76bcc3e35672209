// Asks for the page in the reader's own time zone before anything else of it is loaded. Runs only where the address
// names none; links carry it on from there. What was chosen by hand comes first; a zone that the server refused, never.
(() => {
  const query = new URLSearchParams(location.search);
  if (query.has("tz")) return;
  let [chosen, refused] = [null, null];
  try {
    chosen = localStorage.getItem("perigee-zone");
    refused = sessionStorage.getItem("perigee-refused-zone");
  } catch {
    // Where nothing may be stored, nothing was chosen.
  }
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = chosen ?? (Intl.supportedValuesOf?.("timeZone").includes(own) ? own : "UTC");
  if (zone === "UTC" || zone === refused) return;
  query.set("tz", zone);
  location.replace(`${location.pathname}?${query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",")}${location.hash}`);
})();
