// The few words that scripts say, in the page's language.
const kept = document.getElementById("words")?.dataset ?? {};

export const word = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), kept[name] ?? "");
