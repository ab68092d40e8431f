// The editor of a notice: marks behind the text as it is typed, paragraphs added, and nothing lost on the way to another act.
const editor = document.querySelector("#editor");
const order = editor.elements.order;
let added = 0;

function plain(area) {
  const marks = area.parentElement.querySelector(".marks");
  if (marks.textContent !== area.value) marks.textContent = area.value;
}

function dirty() {
  return [...editor.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
}

editor.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) plain(event.target);
});

// What the server says of the text: marks are put behind it only while it is still what the server looked at.
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll("#rail template[data-marks]").forEach((template) => {
    const area = document.querySelector(`#t-${CSS.escape(template.dataset.marks)}`);
    if (area && template.content.textContent === area.value.trim()) {
      const marks = area.parentElement.querySelector(".marks");
      marks.replaceChildren(template.content.cloneNode(true));
      if (area.value !== area.value.trim()) plain(area);
    }
    template.remove();
  });
});

function write() {
  const blocks = [...editor.querySelectorAll(".block")];
  order.value = blocks.map((block) => `${block.dataset.key || block.id.slice(2)}:${block.dataset.kind}`).join(",");
}

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (!button) return;
  const made = document.querySelector("#new-block").content.firstElementChild.cloneNode(true);
  const key = `new-${++added}`;
  const before = button.closest(".block");
  const kind = made.querySelector("select");
  const wanted = before.dataset.kind === "problem" ? "detail" : before.dataset.kind;
  kind.value = [...kind.options].some((option) => option.value === wanted) ? wanted : "paragraph";
  made.dataset.key = key;
  made.dataset.kind = kind.value;
  made.querySelector("textarea").name = `t-${key}`;
  kind.addEventListener("change", () => {
    made.dataset.kind = kind.value;
    write();
  });
  before.after(made);
  write();
  made.querySelector("textarea").focus();
});

// Acts beside the text look at what is saved: whoever has typed since saves first.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-needs-saved]") || !dirty()) return;
  event.preventDefault();
  editor.querySelector(".unsaved")?.remove();
  const note = document.createElement("p");
  note.className = "unsaved";
  note.textContent = editor.dataset.unsaved;
  editor.prepend(note);
  note.scrollIntoView({ block: "center" });
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    document.querySelector("[data-shortcut-save]").click();
  }
});

editor.querySelectorAll("textarea").forEach((area) => {
  if (area.value !== area.defaultValue) plain(area);
});
