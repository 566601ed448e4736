// A form marked data-guard remembers what it held. Who leaves while it holds something else is asked first.
import { word } from "./words.js";

const held = new WeakMap();
const dialog = document.getElementById("unsaved");
let goOn = null;

const written = (form) => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
const guarded = () => [...document.querySelectorAll("form[data-guard]")];
const changed = (form) => form.dataset.guard === "changed" || (held.has(form) && held.get(form) !== written(form));

export const unsaved = () => guarded().some(changed);

const note = () => {
  for (const form of guarded()) {
    if (!held.has(form)) held.set(form, written(form));
    const sign = form.querySelector("[data-unsaved]");
    if (sign) sign.textContent = changed(form) ? word("unsaved") : "";
  }
};

export const forget = () => guarded().forEach((form) => {
  form.dataset.guard = "";
  held.set(form, written(form));
});

note();
document.addEventListener("htmx:after:swap", note);
document.addEventListener("input", note);
document.addEventListener("rows:changed", note);
document.addEventListener("foyer:done", ({ detail }) => {
  if (!detail.go) return;
  forget();
  location.assign(detail.go);
});

addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});

// Runs before htmx hears of the click.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || !unsaved()) return;
    if (link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(() => link.click());
  },
  true,
);

export function leaveFor(address) {
  const leave = () => location.assign(address);
  return unsaved() ? ask(leave) : leave();
}

function ask(next) {
  goOn = next;
  dialog.showModal();
}

dialog?.querySelector("[data-leave]").addEventListener("click", () => {
  dialog.close();
  forget();
  goOn();
});

// These forms leave the page too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-leaves]") || !unsaved()) return;
  event.preventDefault();
  const button = event.submitter;
  ask(() => form.requestSubmit(button));
});
