// Parts of a form that matter only with a certain choice: data-shown-by names the control, data-shown-for its values.
function settle(root = document) {
  for (const part of root.querySelectorAll("[data-shown-by]")) {
    const control = document.getElementById(part.dataset.shownBy);
    const shown = control && part.dataset.shownFor.split(" ").includes(control.value);
    part.hidden = !shown;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
  }
}

// Where somebody else's value is taken, one's own is struck through; it is not sent.
document.addEventListener("change", ({ target }) => {
  const field = target.name?.match(/^choice-(.+)$/)?.[1];
  if (!field) return;
  for (const own of target.form.elements)
    if (own.name === field || own.name.startsWith(`${field}-`)) own.classList.toggle("given-up", target.value === "theirs");
});

// A choice that leads to another page, such as whose rules are shown.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-goes]")) target.form.requestSubmit();
});

settle();
document.addEventListener("change", () => settle());
document.addEventListener("rows:changed", () => settle());
document.addEventListener("htmx:after:swap", () => settle());
