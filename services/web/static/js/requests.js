// Every request carries the page's CSRF token; what goes wrong on the way is said in a toast and loses nothing.
import { toast } from "./toasts.js";
import { word } from "./words.js";

const csrf = () => document.querySelector("meta[name=csrf-token]").content;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = csrf();
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => busy(ctx.sourceElement, true));
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => busy(ctx.sourceElement, false));

// A form that is on its way cannot be sent again.
function busy(element, yes) {
  if (!element.matches?.("form[hx-post]")) return;
  element.setAttribute("aria-busy", String(yes));
  for (const button of element.querySelectorAll("button:not([type=button])")) button.disabled = yes;
}

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (ctx && !ctx.response && error?.name !== "AbortError") toast(word("unreachable"), "bad");
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if ([500, 502, 504].includes(ctx.response.status) && !ctx.hx?.trigger) toast(word("failed"), "bad");
});

document.addEventListener("foyer:failed", ({ detail }) => toast(detail.message, "bad"));
