// A click anywhere on a row that leads somewhere follows its first link; text can still be selected.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-opens]");
  if (!row || event.target.closest("a, button, input, label, .dropdown-menu") || String(getSelection())) return;
  row.querySelector("a[href]")?.click();
});
