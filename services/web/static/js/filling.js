// A form of the chain that a client fills in: what hangs on an answer comes and goes with it, what is typed is kept as
// one types, the signature is drawn, and at the end all of it is sent.
const SAVE_AFTER_MS = 1200;
const csrf = () => document.querySelector("meta[name=csrf-token]").content;

for (const form of document.querySelectorAll("[data-fills], [data-looks]")) begin(form);
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-looks]:not([data-begun])").forEach(begin));

async function begin(form) {
  form.dataset.begun = "yes";
  await drawSignatures(form);
  show(form);
  form.addEventListener("input", () => changed(form));
  form.addEventListener("change", () => changed(form));
  if (!form.matches("[data-fills]")) return form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function changed(form) {
  show(form);
  if (!form.matches("[data-fills]")) return;
  clearTimeout(form.waiting);
  form.waiting = setTimeout(() => save(form), SAVE_AFTER_MS);
}

const questions = (form) => [...form.querySelectorAll("[data-question]")];

// What hangs on a hidden question is hidden, too; the questions come in the order in which they hang on each other.
function show(form) {
  const given = {};
  for (const question of questions(form)) {
    const { hangsOn, answer } = question.dataset;
    question.hidden = hangsOn !== undefined && !holds(given[hangsOn], answer);
    if (!question.hidden) given[question.dataset.question] = answerOf(question);
  }
}

function holds(given, wanted) {
  if (typeof given === "boolean") return wanted === (given ? "yes" : "no");
  return Array.isArray(given) ? given.includes(wanted) : given === wanted;
}

function answerOf(question) {
  const ticked = () => [...question.querySelectorAll("input:checked")].map(({ value }) => value);
  const typed = () => question.querySelector("input, textarea").value.trim();
  const read = {
    yes_no: () => (ticked().length ? ticked()[0] === "yes" : null),
    choice: () => ticked()[0] ?? null,
    choices: ticked,
    signature: () => question.querySelector("[data-signature]").dataset.signature || null,
    number: () => (typed() === "" ? null : Number(typed().replace(",", "."))),
    heading: () => null,
    image: () => null,
  };
  return (read[question.dataset.type] ?? (() => typed() || null))();
}

function answers(form) {
  const shown = questions(form).filter((question) => !question.hidden);
  return Object.fromEntries(shown.map((question) => [question.dataset.question, answerOf(question)]).filter(([, answer]) => answer !== null && !Number.isNaN(answer)));
}

async function tell(form, address, method) {
  const body = JSON.stringify({ answers: answers(form), version: form.dataset.version });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf() };
  const answer = await fetch(address, { method, body, headers });
  return { status: answer.status, said: await answer.json().catch(() => ({})) };
}

// One at a time: each needs the version that the one before it was given.
function save(form) {
  form.saving = (form.saving ?? Promise.resolve()).then(() => saveNow(form));
  return form.saving;
}

async function saveNow(form) {
  if (form.sent) return;
  const state = form.querySelector("[data-state]");
  try {
    const { status, said } = await tell(form, form.dataset.draft, "PUT");
    if (status === 412) return complain(form, form.dataset.stale);
    if (status === 200) form.dataset.version = said.version;
    state.textContent = status === 200 ? form.dataset.saved : form.dataset.unsaved;
  } catch {
    state.textContent = form.dataset.unsaved;
  }
}

async function send(form) {
  clearTimeout(form.waiting);
  if (form.getAttribute("aria-busy") === "true" || !isWhole(form)) return;
  busy(form, true);
  try {
    await form.saving;
    const { status, said } = await tell(form, form.dataset.submits, "POST");
    if (status < 300) {
      form.sent = true;
      location.assign(form.dataset.done);
      return;
    }
    if (status === 412) complain(form, form.dataset.stale);
    else if (!point(form, said.errors ?? {})) complain(form, said.detail || form.dataset.failed);
  } catch {
    complain(form, form.dataset.failed);
  }
  busy(form, false);
}

function isWhole(form) {
  const wrong = {};
  for (const question of questions(form).filter((each) => !each.hidden)) {
    const answer = answerOf(question);
    const nothing = answer === null || (Array.isArray(answer) && answer.length === 0);
    const { question: key, type } = question.dataset;
    if (Number.isNaN(answer)) wrong[key] = [form.dataset.number];
    else if (nothing && question.matches("[data-required]")) wrong[key] = [type === "signature" ? form.dataset.sign : form.dataset.needed];
  }
  return !point(form, wrong);
}

// Says what is wrong beside each question, and leads to the first.
function point(form, errors) {
  let first = null;
  for (const question of questions(form)) {
    const texts = errors[question.dataset.question];
    const place = question.querySelector(".error");
    place.hidden = !texts;
    place.textContent = (texts ?? []).join(" ");
    for (const input of question.querySelectorAll("input, textarea, canvas")) {
      if (texts) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (texts) first ??= question;
  }
  first?.querySelector("input, textarea, canvas")?.focus();
  return first !== null;
}

function complain(form, text) {
  const place = form.querySelector("[data-problem]");
  place.textContent = text;
  place.hidden = false;
  place.focus();
}

function busy(form, yes) {
  form.setAttribute("aria-busy", String(yes));
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = yes;
}

async function drawSignatures(form) {
  const places = [...form.querySelectorAll("[data-signature]")];
  if (!places.length) return;
  const { default: SignaturePad } = await import("../vendor/signature_pad/signature_pad.min.js");
  for (const place of places) {
    const canvas = place.querySelector("canvas");
    const scale = Math.max(1, window.devicePixelRatio || 1);
    canvas.width = canvas.offsetWidth * scale;
    canvas.height = canvas.offsetHeight * scale;
    canvas.getContext("2d").scale(scale, scale);
    const pad = new SignaturePad(canvas, { backgroundColor: "rgb(255, 255, 255)" });
    if (place.dataset.signature) pad.fromDataURL(place.dataset.signature, { width: canvas.offsetWidth, height: canvas.offsetHeight });
    const written = place.querySelector("[data-written]");
    pad.addEventListener("beginStroke", () => {
      if (written.value) pad.clear();
      written.value = "";
    });
    pad.addEventListener("endStroke", () => {
      place.dataset.signature = pad.toDataURL("image/png");
      changed(form);
    });
    // For who cannot draw: what is written is drawn for them. The form hears of it afterwards, as of any input.
    written.addEventListener("input", () => {
      pad.clear();
      write(canvas, written.value.trim());
      place.dataset.signature = written.value.trim() ? pad.toDataURL("image/png") : "";
    });
    place.querySelector("[data-clear]").addEventListener("click", () => {
      pad.clear();
      written.value = "";
      place.dataset.signature = "";
      changed(form);
    });
  }
}

function write(canvas, name) {
  const pen = canvas.getContext("2d");
  pen.font = 'italic 40px "Segoe Script", "Bradley Hand", "Snell Roundhand", cursive, serif';
  pen.textBaseline = "middle";
  pen.fillStyle = "rgb(0, 0, 0)";
  pen.fillText(name, 20, canvas.offsetHeight / 2, canvas.offsetWidth - 40);
}
