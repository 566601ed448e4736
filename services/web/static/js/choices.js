// Parts of a form that matter only with a certain choice: data-shown-by names the control, data-shown-for its values.
function settle(root = document) {
  for (const part of root.querySelectorAll("[data-shown-by]")) {
    const control = document.getElementById(part.dataset.shownBy);
    const shown = control && part.dataset.shownFor.split(" ").includes(control.value);
    part.hidden = !shown;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
  }
}

settle();
document.addEventListener("change", () => settle());
document.addEventListener("htmx:after:swap", () => settle());
