// A field that takes a client: what is typed is searched, what is chosen is kept by its id.
import { listbox } from "./listbox.js";

function make(picker) {
  const input = picker.querySelector("[role=combobox]");
  const kept = picker.querySelector("input[type=hidden]");
  const list = picker.querySelector("[role=listbox]");
  let name = input.value;
  const take = (id, text) => {
    kept.value = id;
    name = input.value = text;
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const { show } = listbox(input, list, (option) => {
    take(option.dataset.id, option.dataset.name);
    show(false);
  });
  show(false);
  // Half a name is no client: what was not chosen falls back to what was.
  input.addEventListener("blur", () => {
    if (!input.value.trim()) take("", "");
    else input.value = name;
  });
  picker.dataset.pick = "ready";
}

const wake = () => document.querySelectorAll("[data-pick='']").forEach(make);
wake();
document.addEventListener("htmx:after:swap", wake);
