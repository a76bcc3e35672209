// "More events" with htmx: keeps the count true, moves the focus to the first event that came, and falls back to the
// plain link when the fetch fails.
const entries = () => document.querySelectorAll(".entry");
const isMore = (event) => event.detail?.ctx?.sourceElement?.id === "more-link";

export function watchMore() {
  let before = 0;
  let more = null;

  document.addEventListener("htmx:before:request", (event) => {
    if (!isMore(event)) return;
    more = event.detail.ctx.sourceElement;
    before = entries().length;
    more.setAttribute("aria-busy", "true");
  });

  document.addEventListener("htmx:after:swap", () => {
    if (more === null || entries().length <= before) return;
    more = null;
    announce();
    entries()[before].querySelector("a")?.focus({ preventScroll: true });
  });

  for (const failure of ["htmx:response:error", "htmx:error"]) {
    document.addEventListener(failure, (event) => {
      if (more !== null && isMore(event)) location.assign(more.href);
    });
  }
}

function announce() {
  const foot = document.getElementById("timeline-foot");
  const status = document.getElementById("timeline-status");
  if (foot === null || status === null) return;
  status.textContent = status.textContent.replace(/to \d+ of \d+/, `to ${foot.dataset.last} of ${foot.dataset.total}`);
}
