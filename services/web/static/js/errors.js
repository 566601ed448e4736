// A form that comes back with messages puts the person at the first of them.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx?.response || ctx.response.status < 400) return;
  const place = ctx.target?.isConnected ? ctx.target : document;
  const first = place.querySelector("[aria-invalid=true]") ?? place.querySelector("[data-conflict] input");
  if (first) return first.focus();
  const alert = place.querySelector("[role=alert]");
  alert?.setAttribute("tabindex", "-1");
  alert?.focus();
});
