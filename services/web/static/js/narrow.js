// A field over a list of choices shows those that hold what is typed, whatever its case and accents. Enter ticks the
// first of them, or takes its tick away; in an empty field it saves.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const choices = (field) => [...document.getElementById(field.dataset.narrows).querySelectorAll("label")];
const fits = (choice, wanted) => plain(choice.textContent).includes(wanted);

document.addEventListener("input", ({ target }) => {
  if (!target.dataset.narrows) return;
  const wanted = plain(target.value.trim());
  for (const choice of choices(target)) choice.hidden = !fits(choice, wanted) && !choice.querySelector("input").checked;
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key !== "Enter" || !target.dataset?.narrows) return;
  event.preventDefault();
  const wanted = plain(target.value.trim());
  if (!wanted) return target.closest("form").requestSubmit();
  choices(target).find((choice) => fits(choice, wanted))?.querySelector("input").click();
  target.value = "";
  target.dispatchEvent(new Event("input", { bubbles: true }));
});
