// A card goes from Stripe's own field to Stripe and nowhere else. We hear that it was done, and memberships asks Stripe.
const STRIPE = "https://js.stripe.com";

// Stripe's script loads more of itself; no other script gets onto this page.
window.trustedTypes?.createPolicy("default", {
  createScriptURL: (address) => (new URL(address, location.href).origin === STRIPE ? address : null),
});

// Module and script are both deferred, and run in the order of the page: Stripe's comes second.
document.addEventListener("DOMContentLoaded", begin);

function begin() {
  const form = document.querySelector("[data-stripe-card]");
  if (!form) return;
  if (!window.Stripe) return complain(form, form.dataset.away);
  const { key, language, secret } = form.dataset;
  const stripe = window.Stripe(key, { locale: language });
  const field = form.querySelector("[data-card-field]");
  const colour = getComputedStyle(field).color;
  const card = stripe.elements().create("card", { hidePostalCode: true, style: { base: { color: colour, fontSize: "16px" } } });
  card.mount(field);
  field.ariaBusy = "false";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish(form, () => stripe.confirmCardSetup(secret, { payment_method: { card } }));
  });
}

async function finish(form, confirm) {
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  const { error } = await confirm().catch(() => ({ error: {} }));
  if (!error) return form.submit();
  button.disabled = false;
  complain(form, error.message || form.dataset.away);
}

function complain(form, text) {
  const alert = form.querySelector("[data-complaint]");
  alert.hidden = false;
  alert.lastElementChild.textContent = text;
}
