// The keys of the whole console. A letter counts only where nobody is typing.
import { leaveFor } from "./unsaved.js";

const typing = (element) => element.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const open = () => document.querySelector("dialog[open]:not(.side)");
const seen = (selector) => [...(open() ?? document).querySelectorAll(selector)].find((found) => found.offsetParent);

function save() {
  const form = seen("form[data-saves]");
  form?.requestSubmit();
  return Boolean(form);
}

const keys = {
  "/": () => document.getElementById("find")?.focus() ?? true,
  "?": () => document.getElementById("keys")?.showModal() ?? true,
  n: () => follow(".btn-new"),
  s: save,
  h: () => press("[data-history]"),
  t: () => press("[data-tags]"),
};

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) leaveFor(link.href);
  return Boolean(link);
}

function press(selector) {
  const button = document.querySelector(selector);
  button?.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    if (save()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (open() && event.key !== "s") return;
  const tab = /^[1-9]$/.test(event.key) && document.querySelectorAll(".tabs a")[event.key - 1];
  const did = tab ? (tab.click(), true) : keys[event.key]?.();
  if (did) event.preventDefault();
});
