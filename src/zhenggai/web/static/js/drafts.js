// Forms marked data-draft="key" keep what is typed in this browser until it is sent, and ask before the page is left.
const prefix = "zhenggai:draft:";

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function restore(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.multiple) [...field.options].forEach((option) => (option.selected = value.includes(option.value)));
  else field.value = value;
}

function snapshot(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    const key = field.type === "radio" || field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
    values[key] = valueOf(field);
  }
  return values;
}

function watch(form) {
  const key = prefix + form.dataset.draft;
  const clean = JSON.stringify(snapshot(form));
  const kept = localStorage.getItem(key);
  const note = form.querySelector("[data-draft-note]");
  if (kept && kept !== clean && !form.hasAttribute("data-refused")) {
    const values = JSON.parse(kept);
    for (const field of fieldsOf(form)) {
      const name = field.type === "radio" || field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
      if (name in values) restore(field, values[name]);
    }
    if (note) {
      note.hidden = false;
      note.querySelector("button")?.addEventListener("click", () => {
        localStorage.removeItem(key);
        form.dataset.leaving = "1";
        location.reload();
      });
    }
  }
  form.addEventListener("input", () => {
    const now = JSON.stringify(snapshot(form));
    if (now === clean) localStorage.removeItem(key);
    else localStorage.setItem(key, now);
  });
  form.addEventListener("submit", () => {
    form.dataset.leaving = "1";
    localStorage.removeItem(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!form.dataset.leaving && form.isConnected && JSON.stringify(snapshot(form)) !== clean) event.preventDefault();
  });
}

export function keepDrafts(root = document) {
  root.querySelectorAll("form[data-draft]").forEach(watch);
}
