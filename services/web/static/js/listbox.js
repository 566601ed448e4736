// The keyboard of a search field with a list of results under it (the combobox pattern of ARIA 1.2).
export function listbox(input, list, choose) {
  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  const mark = (option) => {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const show = (yes) => {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) mark(null);
  };

  const step = (by) => {
    const all = options();
    const at = all.indexOf(active());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    if (all.length) mark(all[next]);
  };

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show(true);
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      const option = active() ?? (input.value.trim() ? options()[0] : null);
      event.preventDefault();
      if (option) choose(option);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("focus", () => show(true));
  input.addEventListener("input", () => show(true));
  input.addEventListener("blur", () => show(false));
  list.addEventListener("htmx:after:swap", () => {
    mark(input.value.trim() ? options()[0] : null);
  });
  return { show };
}
