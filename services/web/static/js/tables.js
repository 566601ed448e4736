// A click anywhere on a row that leads somewhere follows its first link; text can still be selected.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-opens]");
  if (!row || event.target.closest("a, button, input, label, .dropdown-menu") || String(getSelection())) return;
  row.querySelector("a[href]")?.click();
});

// A part that was changed elsewhere is drawn anew by itself, but not under the hand that has a menu of it open.
document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, sourceEvent, target } = event.detail.ctx;
  if (sourceElement !== target || !target.querySelector(".dropdown-menu.show")) return;
  event.preventDefault();
  const again = () => document.dispatchEvent(new CustomEvent(sourceEvent.type));
  target.addEventListener("hidden.bs.dropdown", again, { once: true });
});
