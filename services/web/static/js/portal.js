// What the portal does in the browser: less than the console, by the same habits.
import "./requests.js";
import "./toasts.js";
import "./rows.js";
import "./filling.js";
