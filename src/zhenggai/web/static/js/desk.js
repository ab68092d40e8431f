// Shows the one-page view alone on the whole screen, for the projector.
for (const button of document.querySelectorAll("[data-fullscreen]")) {
  const sheet = document.getElementById(button.dataset.fullscreen);
  if (!sheet?.requestFullscreen) continue;
  button.hidden = false;
  button.addEventListener("click", () => sheet.requestFullscreen());
}
