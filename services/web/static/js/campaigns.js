// A campaign's form shows what its choices need: of the way in, and of each step.
function wake() {
  for (const form of document.querySelectorAll("[data-campaign]")) {
    const way = form.querySelector("[data-on]");
    way.dataset.on = form.elements["entry-on"].value;
    way.dataset.ruleIs = form.elements["entry-rule"].value;
    for (const step of form.querySelectorAll("#steps [data-row]")) step.dataset.does = step.querySelector("[name$='-do']").value;
  }
}

document.addEventListener("change", ({ target }) => target.closest("[data-campaign]") && wake());
document.addEventListener("rows:changed", wake);
document.addEventListener("htmx:after:swap", wake);
wake();
