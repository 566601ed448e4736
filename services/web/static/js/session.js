// When a session is over, the page asks for the password in place, and then does what was asked for before.
const dialog = document.getElementById("sign-in-again");
let waiting = [];

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status !== 401 || !dialog) return;
  waiting.push(ctx);
  if (dialog.open) return;
  htmx.ajax("GET", dialog.dataset.url, { target: "#sign-in-again-content" });
});

dialog?.addEventListener("cancel", (event) => event.preventDefault());

document.addEventListener("foyer:signed-in", ({ detail }) => {
  document.querySelector("meta[name=csrf-token]").content = detail.csrf;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = detail.csrf;
  dialog.close();
  const again = waiting;
  waiting = [];
  // The request that was refused is still being cleared away.
  setTimeout(() => again.forEach(repeat));
});

function repeat({ sourceElement, sourceEvent }) {
  if (!sourceElement.isConnected) return;
  if (sourceElement.matches("form")) return sourceElement.requestSubmit();
  if (sourceEvent.type === "load") return htmx.process(sourceElement, true);
  htmx.trigger(sourceElement, sourceEvent.type);
}
