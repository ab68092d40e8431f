// The findings ledger: choosing rows, moving by keyboard, menus that stay open while filters are ticked.
let openMenu = "";

const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
const checks = () => [...document.querySelectorAll("[data-check]")];

function count() {
  const ledger = document.getElementById("ledger");
  const chosen = checks().filter((box) => box.checked).length;
  const words = ledger?.querySelector("[data-chosen]");
  if (words) words.textContent = ledger.dataset.chosenWords.replace("#", chosen);
  const all = ledger?.querySelector("[data-check-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === checks().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
}

let lastTicked = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-check]");
  if (box) {
    const boxes = checks();
    if (event.shiftKey && lastTicked && boxes.includes(lastTicked)) {
      const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((other) => (other.checked = box.checked));
    }
    lastTicked = box;
    count();
  }
  if (event.target.closest("[data-check-none]")) {
    checks().forEach((other) => (other.checked = false));
    count();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    checks().forEach((box) => (box.checked = event.target.checked));
    count();
  }
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  const wanted = event.target.value.trim();
  event.target.parentElement.querySelectorAll(".options li").forEach((item) => {
    item.hidden = wanted !== "" && !item.querySelector(".words").textContent.includes(wanted);
  });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const option = event.target.closest('[role="checkbox"], [role="button"]');
  if (option && event.key === " ") {
    event.preventDefault();
    option.click();
    return;
  }
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  if (!["j", "k", "x"].includes(event.key)) return;
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "x") {
    all[at]?.querySelector("[data-check]")?.click();
    return;
  }
  const next = all[Math.max(0, Math.min(all.length - 1, at + (event.key === "j" ? 1 : at < 0 ? 1 : -1)))];
  next?.querySelector(".row-link")?.focus();
  next?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
});

document.addEventListener("htmx:before:swap", () => {
  openMenu = document.querySelector("#ledger details[open]")?.dataset.name ?? "";
});

document.addEventListener("htmx:after:swap", () => {
  if (openMenu) {
    const menu = document.querySelector(`#ledger details[data-name="${openMenu}"]`);
    if (menu) {
      menu.open = true;
      menu.querySelector("summary").focus();
    }
    openMenu = "";
  }
  const ledger = document.getElementById("ledger");
  if (ledger) document.querySelectorAll("[data-with-query]").forEach((link) => (link.search = location.search));
  count();
});

count();
