// The upload form: files dropped or picked, shown by name, sent with a bar.
function size(bytes) {
  if (bytes >= 1048576) return `${(bytes / 1048576).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

function prepare() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen-files]");

  const show = () =>
    chosen.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("span");
        line.textContent = `${file.name}　${size(file.size)}`;
        return line;
      }),
    );
  input.addEventListener("change", show);

  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function send(form) {
  const bar = form.querySelector("[data-sending-bar]");
  const words = bar.querySelector("p");
  const progress = bar.querySelector("progress");
  const body = new FormData(form);
  const enable = (on) => form.querySelectorAll("button, select, input").forEach((field) => (field.disabled = !on));
  const request = new XMLHttpRequest();
  bar.hidden = false;
  enable(false);
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    const percent = Math.round((100 * step.loaded) / step.total);
    progress.value = percent;
    words.textContent = percent < 100 ? form.dataset.sending.replace("#", `${percent}%`) : form.dataset.waiting;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) location.assign(request.responseURL);
    else refuse(request.responseText);
  });
  request.addEventListener("error", () => {
    enable(true);
    words.textContent = form.dataset.lost;
  });
  request.open("POST", location.pathname);
  request.send(body);
}

// The answer is a whole page that says what was refused; its content takes the place of ours.
function refuse(html) {
  const answer = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (!answer) {
    location.reload();
    return;
  }
  document.querySelector("main").replaceWith(answer);
  window.htmx?.process(answer);
  prepare();
  answer.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
}

prepare();
