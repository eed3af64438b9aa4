"use strict";
// A browser under a POSIX locale names a language that it does not know itself, and charts ask for its number format.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US" });
}
