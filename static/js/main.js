// The pages work without any of this; each part adds one comfort. Content that htmx inserts gets the same.
import { fillCountdowns } from "./countdown.js";
import { watchFilters } from "./filters.js";
import { addLocalTimes } from "./local-time.js";
import { watchMore } from "./more.js";
import { readyPlayers } from "./player.js";
import { fillRelative } from "./relative.js";
import { readySharing } from "./share.js";
import { forgetRefusedZone, offerZone, recallZone } from "./zone.js";

function enhance(root) {
  addLocalTimes(root);
  fillRelative(root);
  fillCountdowns(root);
  readyPlayers(root);
  readySharing(root);
  offerZone(root);
}

forgetRefusedZone();
recallZone();
enhance(document);
watchMore();
watchFilters();
document.addEventListener("htmx:after:process", (event) => enhance(event.target));
