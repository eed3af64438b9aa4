// Functions that run in the page.

/** Before the page's own scripts: note when it is loaded, and every chart in sight is on the screen. */
export function painting() {
  globalThis.paintedAfterMs = null;
  const isWaited = place => place.getBoundingClientRect().top < innerHeight && !place.querySelector("canvas");
  const look = () => setTimeout(() => {
    if ([...document.querySelectorAll("[data-chart]")].some(isWaited)) requestAnimationFrame(look);
    else globalThis.paintedAfterMs = performance.now();
  });
  addEventListener("load", () => requestAnimationFrame(look));
}

/** Before the page's own scripts: say that the reader's language is this one. */
export function speaking(language) {
  Object.defineProperty(Navigator.prototype, "language", { get: () => language, configurable: true });
}

/** Bring every chart into sight, as a reader would; return how much of each canvas carries ink. */
export async function canvases() {
  const inked = canvas => {
    const { width, height } = canvas;
    let pixels = 0;
    if (width && height) {
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      for (let at = 3; at < data.length; at += 4) pixels += data[at] > 0;
    }
    const where = canvas.closest("[aria-label], figure, section");
    return { share: pixels / (width * height || 1), width, height, where: where?.ariaLabel || where?.id || "" };
  };
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const found = [];
  const places = [...document.querySelectorAll("[data-chart], canvas")].filter(place => !place.parentElement.closest("[data-chart]"));
  for (const place of places) {
    place.scrollIntoView({ block: "center", behavior: "instant" });
    for (let waited = 0; waited < 5 && !(place.matches("canvas") || place.querySelector("canvas")); waited++) await frame();
    await frame();
    found.push(...[place, ...place.querySelectorAll("canvas")].filter(one => one.matches("canvas")).map(inked));
  }
  scrollTo({ top: 0, behavior: "instant" });
  return found;
}

/** Return whether the page can be moved sideways, and what sticks out. */
export function scrolling() {
  scrollTo({ left: 10_000, behavior: "instant" });
  const moved = scrollX;
  scrollTo({ left: 0, behavior: "instant" });
  const edge = document.documentElement.clientWidth;
  const outside = moved ? [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > edge + 1)
    .slice(0, 5).map(element => element.outerHTML.slice(0, 120)) : [];
  return { moved, outside };
}
