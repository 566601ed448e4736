// A form that sends a file: announced to the console, then sent straight to the service with its progress.
const csrf = () => document.querySelector("meta[name=csrf-token]").content;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-uploads]");
  if (!form) return;
  event.preventDefault();
  const file = form.elements.file.files[0];
  if (!file) return form.elements.file.focus();
  busy(form, true);
  try {
    const announced = await announce(form, file);
    if (!announced) return;
    await send(form, file, announced);
    document.dispatchEvent(new CustomEvent("foyer:done", { detail: { message: form.dataset.added } }));
    document.dispatchEvent(new CustomEvent(form.dataset.changed));
  } catch (error) {
    if (error.name !== "AbortError") complain(form, error.message || form.dataset.failed);
  } finally {
    busy(form, false);
  }
});

async function announce(form, file) {
  const body = new FormData(form);
  body.delete("file");
  body.set("name", body.get("name").trim() || file.name);
  body.set("size", file.size);
  const answer = await fetch(form.dataset.uploads, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  complain(form, Object.values(said.errors ?? {}).flat().join(" ") || said.detail || form.dataset.failed);
  return null;
}

function send(form, file, { address, ticket }) {
  const bar = form.querySelector("[data-sending]");
  bar.hidden = false;
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.setRequestHeader("Upload-Ticket", ticket);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.querySelector("progress").value = (100 * loaded) / total;
    });
    request.addEventListener("load", () => (request.status < 300 ? done() : fail(new Error(reason(request)))));
    request.addEventListener("error", () => fail(new Error("")));
    request.addEventListener("abort", () => fail(new DOMException("stopped", "AbortError")));
    form.sending = request;
    request.send(file);
  });
}

function reason(request) {
  try {
    const said = JSON.parse(request.responseText);
    return Object.values(said.errors ?? {}).flat().join(" ") || said.detail || "";
  } catch {
    return "";
  }
}

function complain(form, text) {
  const place = form.querySelector("[data-problem]");
  place.hidden = false;
  place.textContent = text;
  place.tabIndex = -1;
  place.focus();
  form.querySelector("[data-sending]").hidden = true;
}

function busy(form, yes) {
  form.setAttribute("aria-busy", String(yes));
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = yes;
}

// Cancel stops what is on its way, else it closes the dialog.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-stops]");
  if (!button) return;
  const form = button.closest("form");
  if (form.getAttribute("aria-busy") === "true") form.sending?.abort();
  else button.closest("dialog")?.close();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-drops] input[type=file]")) chosen(target);
});

function chosen(input) {
  const [file] = input.files;
  input.parentElement.querySelector("output").textContent = file ? file.name : "";
  const name = input.form.elements.name;
  if (file && name && !name.value) name.value = file.name;
}

for (const kind of ["dragover", "dragleave", "drop"])
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-drops]");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const input = place.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    chosen(input);
  });
