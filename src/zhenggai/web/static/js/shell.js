// What every page does: shortcuts, menus, dialogs, the folded navigation, notices that can be closed, drafts of forms.
import { keepDrafts } from "./drafts.js";

const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]") !== null;

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

let afterG = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    if (location.hash === "#navigation") location.hash = "content";
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    openDialog("shortcuts");
    event.preventDefault();
    return;
  }
  if (event.key === "g") {
    afterG = event.timeStamp;
    return;
  }
  if (afterG && event.timeStamp - afterG < 1200) {
    afterG = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (target && target.offsetParent !== null) {
    event.preventDefault();
    if (target.matches("input, select, textarea")) {
      target.focus();
      target.select?.();
    } else {
      target.click();
    }
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    opener.closest("details[data-menu]")?.removeAttribute("open");
    openDialog(opener.dataset.opens);
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog) dialog.close();
    else closer.closest("[data-toast], .notice")?.remove();
  }
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
  const revealer = event.target.closest("[data-reveal]");
  if (revealer) {
    const field = document.getElementById(revealer.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    revealer.setAttribute("aria-pressed", String(!shown));
    revealer.textContent = shown ? revealer.dataset.show : revealer.dataset.hide;
  }
});

document.addEventListener("submit", (event) => {
  const fold = event.submitter?.closest("[data-fold]");
  if (!fold) return;
  event.preventDefault();
  const folded = document.documentElement.classList.toggle("folded");
  const body = new FormData(fold.form);
  body.set("folded", folded ? "1" : "0");
  fold.value = folded ? "0" : "1";
  fetch(fold.form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
});

// Selects marked so act at once; without scripts the button beside them does.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// A button that was pressed once is not pressed twice by an impatient hand.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-get], [hx-post], [data-again]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.body.addEventListener("htmx:error", () => {
  const words = document.body.dataset.offline;
  if (!words || document.querySelector("[data-toast=offline]")) return;
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.dataset.toast = "offline";
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = words;
  notice.append(text);
  document.getElementById("toasts")?.append(notice);
  setTimeout(() => notice.remove(), 6000);
});

/* What browsers say about a field comes in the browser's language; these are the page's own words. */

function complaint(field) {
  const words = document.body.dataset;
  const { validity } = field;
  if (validity.valueMissing) return field.dataset.required ?? (field.type === "file" ? words.needFile : words.needValue);
  if (validity.patternMismatch) return field.title || words.badValue;
  return words.badValue;
}

document.addEventListener(
  "invalid",
  (event) => {
    const field = event.target;
    field.setCustomValidity("");
    if (!field.validity.valid) field.setCustomValidity(complaint(field));
  },
  true,
);

for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => event.target.setCustomValidity?.(""), true);

// A file field shows what was chosen in our words, not the browser's.
document.addEventListener("change", (event) => {
  const shown = event.target.closest?.(".file-field")?.querySelector("[data-file-name]");
  if (shown) shown.textContent = [...event.target.files].map((file) => file.name).join("、") || shown.dataset.fileName;
});

keepDrafts();
