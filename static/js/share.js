// Shows the button that hands an event on: to what the device shares with, or else its address to the clipboard.
const SAID_FOR = 2500;

export function readySharing(root) {
  if (!navigator.share && !navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-share]")) {
    if (!button.parentElement.hidden) continue;
    button.parentElement.hidden = false;
    const words = button.querySelector("span");
    const shares = navigator.share && !("copies" in button.dataset);
    const usual = shares || "copies" in button.dataset ? words.textContent : "Copy its address";
    words.textContent = usual;
    button.addEventListener("click", async () => {
      words.textContent = await handOn(button.dataset.share, button.dataset.title, shares);
      setTimeout(() => (words.textContent = usual), SAID_FOR);
    });
  }
}

async function handOn(url, title, shares) {
  try {
    if (shares) {
      await navigator.share({ title, url });
      return "Shared";
    }
    await navigator.clipboard.writeText(url);
    return "Copied";
  } catch (error) {
    return error.name === "AbortError" ? "Not shared" : "Your browser forbids it";
  }
}
