// A listing can be selected and copied without this; where the browser lets us write to its clipboard, one button does it.
function addButton(listing) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "listing-copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(listing.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Your browser forbids it";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  listing.parentElement.querySelector("figcaption").append(button);
}

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(addButton);
}
