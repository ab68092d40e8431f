// A notification whose page is opened has been read.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-read]");
  if (!link) return;
  const body = new FormData();
  body.set("id", link.dataset.read);
  const headers = { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf };
  fetch("/notifications/read/", { method: "POST", body, headers, keepalive: true });
  link.closest(".note")?.classList.remove("unread");
});
