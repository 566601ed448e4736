// What one takes along from a page: copied to the clipboard, or printed alone.
import { toast } from "./toasts.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copies).textContent.trim();
  try {
    await navigator.clipboard.writeText(text);  // browsers offer it on safe addresses only
    toast(button.dataset.copied);
  } catch {
    toast(button.dataset.failed, "bad");
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-prints]")) window.print();
});
