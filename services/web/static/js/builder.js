// The builder of forms: cards that move, show what their kind needs, and know which questions stand before them.
const csrf = () => document.querySelector("meta[name=csrf-token]").content;
const cards = (form) => [...form.querySelectorAll("[data-row]")];
const part = (card, name) => card.querySelector(`[name$="-${name}"]`);

function draw(form) {
  const before = [];
  for (const card of cards(form)) {
    const key = part(card, "key");
    if (!key.value) key.value = `q${Date.now().toString(36)}${card.dataset.row}`;
    card.dataset.kind = part(card, "type").value;
    offer(card, before);
    before.push({ key: key.value, kind: card.dataset.kind, label: label(card), options: choices(card) });
  }
}

const label = (card) => [...card.querySelectorAll("[data-label]")].map(({ value }) => value.trim()).find(Boolean) ?? "…";

function choices(card) {
  const written = [...card.querySelectorAll("[data-options]")].map(({ value }) => value.split("\n"));
  const count = Math.max(...written.map((lines) => lines.length));
  return Array.from({ length: count }, (_, n) => [`o${n + 1}`, (written[0][n] || written[1][n] || "").trim()]).filter(([, text]) => text);
}

// What the card may hang on: questions before it that somebody decides on.
function offer(card, before) {
  const question = card.querySelector("[data-condition]");
  const answer = part(card, "if_answer");
  const deciding = before.filter(({ kind }) => ["yes_no", "choice", "choices"].includes(kind));
  fill(question, [["", question.dataset.always], ...deciding.map(({ key, label }) => [key, label.slice(0, 80)])]);
  const other = deciding.find(({ key }) => key === question.value);
  const known = other?.kind === "yes_no" ? [["yes", answer.dataset.yes], ["no", answer.dataset.no]] : (other?.options ?? []);
  fill(answer, known);
  answer.closest(".field").hidden = !other;
}

function fill(select, options) {
  const chosen = select.dataset.chosen ?? select.value;
  delete select.dataset.chosen;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

function wake() {
  document.querySelectorAll("[data-builds]").forEach(draw);
  document.querySelectorAll("[data-rule]").forEach((rule) => (rule.dataset.on = rule.querySelector("[name=trigger]").value));
}

document.addEventListener("change", async ({ target }) => {
  const form = target.closest("[data-builds]");
  if (form) draw(form);
  if (target.matches("[data-rule] [name=trigger]")) wake();
  if (target.matches("[data-picture]")) await upload(target);
});
document.addEventListener("rows:changed", wake);
document.addEventListener("htmx:after:swap", wake);
wake();

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  if (!button) return;
  const card = button.closest("[data-row]");
  const other = button.dataset.move === "1" ? card.nextElementSibling : card.previousElementSibling;
  if (!other?.matches("[data-row]")) return;
  if (button.dataset.move === "1") other.after(card);
  else other.before(card);
  button.focus();
  card.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
});

async function upload(input) {
  const [file] = input.files;
  if (!file) return;
  const card = input.closest("[data-row]");
  const complaint = input.parentElement.querySelector(".error");
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/octet-stream" };
  const answer = await fetch(input.dataset.picture, { method: "POST", body: file, headers }).catch(() => null);
  const said = await answer?.json().catch(() => ({}));
  complaint.hidden = Boolean(answer?.ok);
  complaint.textContent = answer?.ok ? "" : (said?.detail ?? "");
  if (!answer?.ok) return;
  part(card, "image_id").value = said.id;
  const picture = input.parentElement.querySelector("img");
  picture.src = said.address;
  picture.hidden = false;
}
