// A text that is being written shows beside itself how it will look: half a second after the last key.
const PAUSE = 500;

for (const form of document.querySelectorAll("form[data-previews]")) {
  const show = () => form.requestSubmit(form.querySelector("[data-preview]"));
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
  show();
}
