// The check page: source and draft side by side. Corrections are sent one after the other; the server answers with the draft.
import { Source } from "./source.js";

const area = document.querySelector("[data-check]");
const draft = document.querySelector("[data-draft]");
const source = new Source(document.querySelector("[data-source]"));
const spanOf = (element) => element?.dataset.span?.split(",").map(Number);
const opened = () => draft.querySelector(".finding.open")?.dataset.key ?? "";

/* Sending corrections */

let queue = Promise.resolve();

function send(fields) {
  queue = queue.then(() => post(fields)).catch((error) => console.error(error));
  return queue;
}

async function post(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("version", draft.querySelector("[data-version]").dataset.version);
  body.set("open", openAfter(fields));
  area.classList.add("busy");
  try {
    const answer = await fetch(draft.dataset.edit, { method: "POST", body, headers: headers() });
    await take(answer, showDraft);
  } finally {
    area.classList.remove("busy");
  }
}

// Which finding stands open afterwards: the one there is, or the one that takes in what was merged.
function openAfter(fields) {
  if (fields.act === "merge") return fields.keys.split(",")[0];
  return fields.act === "delete" ? "" : opened();
}

function headers() {
  return { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": document.body.dataset.csrf };
}

async function take(answer, use) {
  const redirect = answer.headers.get("HX-Redirect");
  if (redirect) {
    location.assign(redirect);
    return;
  }
  const html = await answer.text();
  if (answer.ok) use(html);
  else document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
}

function showDraft(html) {
  const pane = draft.querySelector(".draft-pane");
  const top = pane.scrollTop;
  const active = document.activeElement;
  const focus = draft.contains(active) ? { id: active.id, start: active.selectionStart, end: active.selectionEnd } : null;
  const folds = new Map([...draft.querySelectorAll("[data-fold-name]")].map((fold) => [fold.dataset.foldName, fold.open]));
  const compared = [...(draft.querySelector("[data-matches]")?.childNodes ?? [])];
  draft.innerHTML = html;
  if (draft.querySelector("[data-stale]")) {
    draft.querySelector("[data-matches]").replaceChildren(...compared);
    compareSoon();
  }
  draft.querySelectorAll("[data-fold-name]").forEach((fold) => {
    if (folds.has(fold.dataset.foldName)) fold.open = folds.get(fold.dataset.foldName);
  });
  draft.querySelector(".draft-pane").scrollTop = top;
  renewConfirm(draft);
  if (focus?.id) {
    const field = document.getElementById(focus.id);
    field?.focus({ preventScroll: true });
    if (typeof focus.start === "number" && field?.setSelectionRange) field.setSelectionRange(focus.start, focus.end);
  }
  refresh();
}

// The dialog counts what the matches say; until they are known again it only learns the new version.
function renewConfirm(root) {
  const dialog = document.querySelector("[data-confirm]");
  const fresh = root.querySelector("[data-confirm-fresh]");
  if (fresh) dialog.replaceChildren(fresh.content);
  else dialog.querySelector("[name=version]").value = draft.querySelector("[data-version]").dataset.version;
}

let comparing = 0;

function compareSoon() {
  clearTimeout(comparing);
  comparing = setTimeout(compare, 500);
}

async function compare() {
  const version = draft.querySelector("[data-version]").dataset.version;
  const answer = await fetch(`${draft.dataset.compare}?open=${encodeURIComponent(opened())}`, { headers: headers() });
  if (!answer.ok || version !== draft.querySelector("[data-version]").dataset.version) return;
  const place = draft.querySelector("[data-matches]");
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const top = place.querySelector(".matches")?.scrollTop ?? 0;
  place.innerHTML = await answer.text();
  renewConfirm(place);
  place.querySelector(".matches")?.scrollTo(0, top);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

draft.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-act]");
  if (!form) return;
  event.preventDefault();
  send(Object.fromEntries(new FormData(form)));
});

draft.addEventListener("change", (event) => {
  const form = event.target.closest("[data-on-change]");
  if (form) send(Object.fromEntries(new FormData(form)));
});

// The findings of the ledger that a match can be linked to are listed once, and given to a choice when it is opened.
draft.addEventListener("focusin", (event) => {
  const select = event.target.closest("[data-link]");
  if (!select || select.dataset.filled) return;
  select.dataset.filled = "1";
  select.append(draft.querySelector("[data-link-options]").content.cloneNode(true));
});

// Enter in a one-line field of a form that sends on change must not send twice.
draft.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-on-change] input")) {
    event.preventDefault();
    event.target.blur();
  }
});

/* Selecting a finding */

async function open(key, { focus = true, scroll = true } = {}) {
  await queue;
  const item = draft.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!item) return;
  close();
  const answer = await fetch(draft.dataset.finding.replace("KEY", key), { headers: headers() });
  await take(answer, (html) => {
    item.outerHTML = html;
    const fresh = document.getElementById(key);
    if (focus) fresh.querySelector("[data-select]").focus({ preventScroll: true });
    if (scroll) reveal(fresh);
    refresh();
    source.show(spanOf(fresh));
  });
}

// Brings a finding below the heading that stays at the top of the pane, without moving the page itself.
function reveal(item) {
  const pane = draft.querySelector(".draft-pane");
  const head = item.closest(".aspect")?.querySelector(".aspect-head")?.offsetHeight ?? 0;
  const box = pane.getBoundingClientRect();
  const at = item.getBoundingClientRect();
  if (at.top >= box.top + head && at.bottom <= box.bottom) return;
  pane.scrollTop += at.top - box.top - head - 4;
}

function close() {
  const item = draft.querySelector(".finding.open");
  if (!item) return;
  item.classList.remove("open");
  item.querySelector(".editor")?.remove();
  item.querySelector("[data-select]").setAttribute("aria-expanded", "false");
  source.clear();
}

draft.addEventListener("click", (event) => {
  const select = event.target.closest("[data-select], [data-select-key]");
  if (select) {
    event.preventDefault();
    const key = select.dataset.selectKey ?? select.closest("[data-key]").dataset.key;
    if (key === opened() && !select.dataset.selectKey) close();
    else open(key);
    return;
  }
  const jump = event.target.closest("[data-jump]");
  if (jump) {
    source.show(jump.dataset.jump.split(",").map(Number));
    pane("source");
    return;
  }
  const split = event.target.closest("[data-split-measure]");
  if (split) {
    const text = document.getElementById(`${split.dataset.splitMeasure}-text`);
    const at = [...text.value.slice(0, text.selectionStart)].length;
    if (at > 0 && text.selectionStart < text.value.length) send({ act: "split_measure", key: split.dataset.splitMeasure, at });
    else {
      text.focus();
      split.title = draft.dataset.splitWords;
    }
    return;
  }
  const row = event.target.closest(".finding > .row");
  if (row && !event.target.closest("[data-drag]")) row.querySelector("[data-select]").click();
});

draft.addEventListener("focusin", (event) => {
  const measure = event.target.closest("[data-measure]");
  if (measure) source.showExact(spanOf(measure));
});

source.onPick((offset) => {
  let best = null;
  for (const item of draft.querySelectorAll(".finding[data-span]")) {
    const [start, end] = spanOf(item);
    if (start <= offset && offset < end && (!best || end - start < best.size)) best = { key: item.dataset.key, size: end - start };
  }
  if (!best) return;
  pane("draft");
  if (best.key === opened()) reveal(document.getElementById(best.key));
  else open(best.key, { focus: false });
});

/* Keyboard */

document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, textarea, select");
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !inField) {
    event.preventDefault();
    const name = event.shiftKey ? "redo" : "undo";
    if (draft.querySelector(`[data-act] [name=act][value=${name}]`)) send({ act: name });
    return;
  }
  const items = [...draft.querySelectorAll(".finding")];
  const here = event.target.closest(".finding");
  if (event.altKey && here && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(here, event.key === "ArrowUp" ? -1 : 1);
    return;
  }
  if (inField || event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  const at = items.indexOf(here ?? draft.querySelector(".finding.open"));
  const next = items[Math.max(0, Math.min(items.length - 1, at + (event.key === "j" ? 1 : -1)))];
  if (next) {
    event.preventDefault();
    open(next.dataset.key);
  }
});

function move(item, step) {
  const place = Number(item.dataset.place) + step;
  const count = item.parentElement.children.length;
  const key = item.dataset.key;
  let fields = null;
  if (place >= 0 && place < count) fields = { aspect: item.dataset.aspect, position: place };
  else {
    const lists = [...draft.querySelectorAll("[data-findings]")];
    const other = lists[lists.indexOf(item.parentElement) + step];
    if (other) fields = { aspect: other.dataset.findings, position: step < 0 ? other.children.length : 0 };
  }
  if (fields) send({ act: "move", key, ...fields }).then(() => document.getElementById(key)?.querySelector("[data-select]").focus());
}

/* Dragging */

let dragged = null;

draft.addEventListener("dragstart", (event) => {
  const grip = event.target.closest("[data-drag]");
  if (!grip) return;
  const item = grip.closest(grip.dataset.drag === "finding" ? "[data-key]" : "[data-measure]");
  dragged = { kind: grip.dataset.drag, item };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  event.dataTransfer.setDragImage(item, 10, 10);
});

function landing(target) {
  if (!dragged) return null;
  if (dragged.kind === "finding") {
    const item = target.closest(".finding");
    if (item && item !== dragged.item) return { element: item, style: "over-before", fields: { aspect: item.dataset.aspect, position: place(item) } };
    const head = target.closest(".aspect-head");
    return head && { element: head, style: "over-into", fields: { aspect: head.dataset.aspect, position: 0 } };
  }
  const measure = target.closest("[data-measure]");
  if (measure && measure !== dragged.item)
    return { element: measure, style: "over-before", fields: { finding: measure.closest("[data-key]").dataset.key, position: Number(measure.dataset.place) } };
  const item = target.closest(".finding");
  if (item && !item.contains(dragged.item)) return { element: item, style: "over-into", fields: { finding: item.dataset.key, position: 9999 } };
  return null;
}

// Taking the finding out first shifts everything behind it in the same list.
function place(item) {
  const target = Number(item.dataset.place);
  const from = dragged.item;
  return from.parentElement === item.parentElement && Number(from.dataset.place) < target ? target - 1 : target;
}

function unmark() {
  draft.querySelectorAll(".over-before, .over-into").forEach((element) => element.classList.remove("over-before", "over-into"));
}

draft.addEventListener("dragover", (event) => {
  const spot = landing(event.target);
  unmark();
  if (!spot) return;
  event.preventDefault();
  spot.element.classList.add(spot.style);
});

draft.addEventListener("drop", (event) => {
  const spot = landing(event.target);
  unmark();
  if (!spot) return;
  event.preventDefault();
  if (dragged.kind === "finding") send({ act: "move", key: dragged.item.dataset.key, ...spot.fields });
  else send({ act: "move_measure", key: dragged.item.dataset.measure, ...spot.fields });
  dragged = null;
});

draft.addEventListener("dragend", () => {
  unmark();
  dragged = null;
});

/* Panes on small screens */

function pane(name) {
  area.dataset.show = name;
  document.querySelectorAll("[data-pane]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.pane === name)));
}

document.querySelectorAll("[data-pane]").forEach((button) => button.addEventListener("click", () => pane(button.dataset.pane)));

function refresh() {
  source.markAnomalies([...draft.querySelectorAll("[data-jump]")].map((jump) => jump.dataset.jump.split(",").map(Number)));
  const item = draft.querySelector(".finding.open");
  if (item) source.mark(spanOf(item));
  else source.clear();
}

refresh();
const first = draft.querySelector(".finding.open");
if (first) {
  reveal(first);
  source.show(spanOf(first));
}
