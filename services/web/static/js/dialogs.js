// A part that is loaded into a dialog opens it. A change that worked closes it.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const dialog = ctx?.target?.closest?.("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("foyer:done", () => {
  for (const dialog of document.querySelectorAll("dialog.sheet:not(.side)[open]")) dialog.close();
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-close]")) return dialog?.close();
  // Outside of a side panel: what is in it was only looked at.
  if (dialog?.matches(".side") && event.target === dialog) dialog.close();
});

// What is shown only once is not closed by a slip of the finger: data-stays.
document.addEventListener(
  "cancel",
  (event) => {
    if (event.target.querySelector("[data-stays]")) event.preventDefault();
  },
  true,
);

// Some keep what is in a dialog for the next time; ours never do.
document.addEventListener(
  "close",
  ({ target }) => target.querySelector("#dialog-content, #panel-content")?.replaceChildren(),
  true,
);

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-keys-help]")) document.getElementById("keys").showModal();
});
