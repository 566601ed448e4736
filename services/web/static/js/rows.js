// Repeated rows of a form, such as telephone numbers: added from a template, taken away, one of them the primary one.
document.addEventListener("click", ({ target }) => {
  const add = target.closest("[data-add-row]");
  if (add) return addRow(document.getElementById(add.dataset.addRow));
  const remove = target.closest("[data-remove-row]");
  if (remove) removeRow(remove.closest("[data-row]"));
});

function addRow(rows) {
  const number = Math.max(-1, ...[...rows.children].map((row) => Number(row.dataset.row ?? -1))) + 1;
  const made = rows.querySelector("template").content.cloneNode(true);
  for (const element of made.querySelectorAll("*"))
    for (const attribute of element.attributes)
      if (attribute.value.includes("NEW")) attribute.value = attribute.value.replaceAll("NEW", number);
  rows.append(made);
  const row = rows.lastElementChild;
  if (rows.querySelectorAll("[data-row]").length === 1) row.querySelector("input[type=radio]")?.click();
  row.querySelector("input:not([type=radio]), select")?.focus();
  rows.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
}

function removeRow(row) {
  const rows = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const primary = row.querySelector("input[type=radio]")?.checked;
  row.remove();
  if (primary) rows.querySelector("[data-row] input[type=radio]")?.click();
  (next?.querySelector?.("input:not([type=radio])") ?? document.querySelector(`[data-add-row="${rows.id}"]`))?.focus();
  rows.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
}
