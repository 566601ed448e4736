// Short news at the edge of the screen, read out by screen readers. Good news goes by itself, bad news stays.
import { word } from "./words.js";

const SHOWN_MS = 5000;
const KEPT = "foyer-toast";
const place = document.getElementById("toasts");

export function toast(message, kind = "good") {
  const box = document.createElement("div");
  box.className = `news ${kind}`;
  const icon = document.createElement("i");
  icon.className = kind === "good" ? "bi bi-check-circle-fill" : "bi bi-exclamation-triangle-fill";
  icon.setAttribute("aria-hidden", "true");
  const text = document.createElement("span");
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", word("dismiss"));
  close.addEventListener("click", () => box.remove());
  box.append(icon, text, close);
  // A dialog covers everything else, so the news is shown in the one that is open.
  (document.querySelector("dialog[open]") ? toTop() : place).append(box);
  if (kind === "good") setTimeout(() => box.remove(), SHOWN_MS);
}

function toTop() {
  if (!place.matches(":popover-open")) {
    place.popover = "manual";
    place.showPopover();
  }
  return place;
}

document.addEventListener("foyer:done", ({ detail }) => {
  if (!detail.go) return toast(detail.message);
  sessionStorage.setItem(KEPT, detail.message);
});

const waiting = sessionStorage.getItem(KEPT);
if (waiting) {
  sessionStorage.removeItem(KEPT);
  toast(waiting);
}
