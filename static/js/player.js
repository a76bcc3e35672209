// Shows the Play buttons. Only pressing one contacts another host: its player then takes the button's place.
const seen = new WeakSet();

export function readyPlayers(root) {
  for (const button of root.querySelectorAll("button[data-embed]")) {
    if (seen.has(button)) continue;
    seen.add(button);
    button.addEventListener("click", () => play(button));
    button.hidden = false;
  }
}

function play(button) {
  const frame = document.createElement("iframe");
  frame.className = "player";
  frame.title = `Webcast: ${button.dataset.title}`;
  frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = button.dataset.embed;
  button.replaceWith(frame);
  frame.focus();
}
