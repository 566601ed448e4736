// A date field is written in the order of the browser's language. Below it the day is said in the page's, so that
// 03/04 misleads nobody.
const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });

document.addEventListener("input", ({ target }) => {
  const place = document.getElementById(target.dataset?.saidIn);
  if (place) place.textContent = target.valueAsDate ? words.format(target.valueAsDate) : "";
});
