// A field over a list of choices shows those that hold what is typed, whatever its case and accents.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", ({ target }) => {
  if (!target.dataset.narrows) return;
  const wanted = plain(target.value.trim());
  for (const choice of document.getElementById(target.dataset.narrows).querySelectorAll("label"))
    choice.hidden = !plain(choice.textContent).includes(wanted) && !choice.querySelector("input").checked;
});
