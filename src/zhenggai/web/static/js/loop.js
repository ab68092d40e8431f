// Acts on a finding: folded forms open when an address names them, phrases fill opinions, files are dropped.
function unfold() {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (!target) return;
  const fold = target.closest("details");
  if (fold && !fold.open) fold.open = true;
  for (let outer = fold?.parentElement?.closest("details"); outer; outer = outer.parentElement?.closest("details")) outer.open = true;
  if (fold || target.matches("form")) target.querySelector("textarea, input[type=text]")?.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

// What stays typed in a field is kept: a phrase is put behind it.
function fill(button) {
  const field = document.getElementById(button.closest("[data-phrases]").dataset.phrases);
  if (!field) return;
  field.value = field.value.trim() ? `${field.value.trim()}${button.dataset.phrase}` : button.dataset.phrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.querySelectorAll("[data-phrases]").forEach((line) => {
  line.hidden = false;
});

document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase]");
  if (phrase) fill(phrase);
  const link = event.target.closest("[data-for-measure]");
  if (link) chooseMeasure(event, link);
  const anchor = event.target.closest("a[href^='#']");
  if (anchor && anchor.hash === location.hash) unfold();
});

// The form is on this page already: choosing the measure there spares a new page, and keeps what is typed.
function chooseMeasure(event, link) {
  const form = document.querySelector(link.hash === "#work" ? "#work" : ".upload-form");
  if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const key = link.dataset.forMeasure;
  const select = form.querySelector("select[name=measure]");
  if (select) select.value = key;
  form.querySelectorAll("input[name=measures]").forEach((box) => {
    box.checked = box.value === key;
  });
  form.scrollIntoView({ block: "center" });
  form.querySelector(link.hash === "#work" ? "textarea" : "input[type=file]")?.focus({ preventScroll: true });
}

document.querySelectorAll("[data-drop]").forEach((drop) => {
  const input = drop.querySelector("input[type=file]");
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

window.addEventListener("hashchange", unfold);
if (document.querySelector("[aria-invalid=true]")) document.querySelector("[aria-invalid=true]").focus();
else unfold();
