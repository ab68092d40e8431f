// Business ledgers: filter menus that load when opened, fields checked as they are left, rows and people found while typing.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.open || !menu.matches?.("[data-loads]")) return;
    menu.querySelector("[data-load]")?.click();
  },
  true,
);

// What the server says about a field marks the field itself too.
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll(".said-line").forEach((line) => {
    const wrong = line.querySelector(".error") !== null;
    const field = line.closest(".field");
    field?.querySelectorAll("input:not([type=hidden]), select, textarea, fieldset").forEach((control) => {
      if (control.type === "radio" || control.type === "checkbox") return;
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
  });
});

// A value typed in the form of a bulk change ticks its field.
document.addEventListener("input", (event) => {
  const wrap = event.target.closest?.(".row-field");
  const tick = wrap && document.querySelector(`[data-tick="${wrap.id}"]`);
  if (tick) tick.checked = true;
});

/* Fields that name a row or a person: a list of what fits, chosen with the arrow keys or the pointer. */

let waiting = 0;

function close(box) {
  const list = box.querySelector("[role=listbox]");
  list.hidden = true;
  box.querySelector("input").setAttribute("aria-expanded", "false");
}

function choose(box, option) {
  const input = box.querySelector("input");
  input.value = option.dataset.value;
  close(box);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function offer(box) {
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const asked = input.value.trim();
  const answer = await fetch(`${list.dataset.source}?q=${encodeURIComponent(asked)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || input.value.trim() !== asked || document.activeElement !== input) return;
  list.innerHTML = await answer.text();
  list.querySelectorAll("[role=option]").forEach((option, index) => (option.id = `${list.id}-${index}`));
  list.hidden = list.children.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
}

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-lookup]");
  if (!box || !event.isTrusted) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => offer(box), 200);
});

document.addEventListener("focusin", (event) => {
  const box = event.target.closest?.("[data-lookup]");
  if (box && event.target.matches("input") && !event.target.value) offer(box);
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-lookup]");
  if (!box) return;
  const list = box.querySelector("[role=listbox]");
  const options = [...list.querySelectorAll("[data-value]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close(box);
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length && !list.hidden) {
    event.preventDefault();
    const next = options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1) + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    event.target.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
    event.preventDefault();
    choose(box, options[at]);
  }
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-lookup] [data-value]");
  if (option) {
    event.preventDefault();
    choose(option.closest("[data-lookup]"), option);
  }
  document.querySelectorAll("[data-lookup]").forEach((box) => {
    if (!box.contains(event.target)) close(box);
  });
});

document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-lookup]");
  if (box && !box.contains(event.relatedTarget)) close(box);
});

/* The text of a declaration: numbered lines, those with mistakes marked. */

function numberLines() {
  const numbers = document.querySelector("[data-line-numbers]");
  const text = document.getElementById("text");
  if (!numbers || !text) return;
  const wrong = new Set([...document.querySelectorAll("#checked [data-line]")].map((each) => Number(each.dataset.line)));
  const count = text.value.split("\n").length;
  numbers.replaceChildren(
    ...Array.from({ length: count }, (_, index) => {
      const line = document.createElement("li");
      line.textContent = index + 1;
      if (wrong.has(index + 1)) line.className = "wrong";
      return line;
    }),
  );
}

document.addEventListener("input", (event) => {
  if (event.target.id === "text") numberLines();
});
document.addEventListener("htmx:after:swap", numberLines);
numberLines();
