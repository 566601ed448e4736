// The search box of every page: type, arrow keys, Enter.
import { listbox } from "./listbox.js";
import { leaveFor } from "./unsaved.js";
import { word } from "./words.js";

const input = document.getElementById("find");
const list = document.getElementById("found");

if (input) {
  const { show } = listbox(input, list, (option) => {
    show(false);
    leaveFor(option.dataset.go);
  });
  show(false);
  list.addEventListener("htmx:after:swap", () => {
    const count = list.querySelectorAll("[role=option]").length;
    const text = count ? word("results", { n: count }) : word("nothing");
    document.getElementById("find-status").textContent = input.value.trim() ? text : "";
  });
}
