// The pages work without any of this; each part adds one comfort. Content that htmx inserts gets the same.
import { fillCountdowns } from "./countdown.js";
import { addLocalTimes } from "./local-time.js";
import { watchMore } from "./more.js";
import { readyPlayers } from "./player.js";
import { fillRelative } from "./relative.js";

function enhance(root) {
  addLocalTimes(root);
  fillRelative(root);
  fillCountdowns(root);
  readyPlayers(root);
}

enhance(document);
watchMore();
document.addEventListener("htmx:after:process", (event) => enhance(event.target));
