// What the console does in the browser. Every module stands for one habit and works by data attributes and events;
// pages hold no script of their own.
import "./requests.js";
import "./toasts.js";
import "./dialogs.js";
import "./session.js";
import "./choices.js";
import "./builder.js"; // before what a form held is remembered
import "./unsaved.js";
import "./errors.js";
import "./dates.js";
import "./rows.js";
import "./find.js";
import "./pick.js";
import "./take.js";
import "./upload.js";
import "./tables.js";
import "./plots.js";
import "./keys.js";
import "./previews.js";
import "./narrow.js";
import "./campaigns.js";
import "./filling.js";
