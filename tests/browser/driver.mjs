// One Chromium for all tests. Reads an order a line from stdin, answers each with a line of JSON on stdout:
//   {"do": "open", "url": ..., ...} -> {"ok": ...} or {"error": "..."}
// Ends, and Chromium with it, when its input ends.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { canvases, painting, scrolling, speaking } from "./looks.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RUN = `axe.run(document, {resultTypes: ["violations"], preload: false}).then(found => found.violations.map(
  ({id, nodes}) => nodes.map(node => id + ": " + node.target.join(" ") + ": " + node.failureSummary)).flat())`;
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const browser = await chromium.launch({ executablePath: process.env.PERFENGINE_CHROMIUM, args: FLAGS });
const pages = new Map();
let opened = 0;

async function open({ url, width, height, scheme, language, script }) {
  const context = await browser.newContext(
    { viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: script, serviceWorkers: "block" });
  const page = await context.newPage();
  const heard = { requests: [], console: [], errors: [], dialogs: 0 };
  page.on("request", request => { if (!request.url().startsWith("data:")) heard.requests.push(request.url()); });
  page.on("console", message => heard.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", error => heard.errors.push(String(error)));
  page.on("dialog", dialog => { heard.dialogs += 1; return dialog.dismiss(); });
  await page.addInitScript(painting);
  if (language) await page.addInitScript(speaking, language);
  await page.goto(url, { waitUntil: "load" });
  pages.set(++opened, { page, context, heard });
  return opened;
}

/** Evaluate in the page as its developer tools would: a content policy does not stop that. */
async function inspect(page, expression) {
  const session = await page.context().newCDPSession(page);
  const { result, exceptionDetails } = await session.send("Runtime.evaluate",
    { expression, awaitPromise: true, returnByValue: true });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value ?? null;
}

async function axe(page) {
  if (await inspect(page, "typeof axe") === "undefined") await inspect(page, `${AXE}; null`);
  return inspect(page, AXE_RUN);
}

const orders = {
  open,
  heard: async ({ heard }) => heard,
  painted_ms: async ({ page }) => inspect(page, "globalThis.paintedAfterMs"),
  canvases: async ({ page }) => inspect(page, `(${canvases})()`),
  scrolling: async ({ page }) => inspect(page, `(${scrolling})()`),
  axe: async ({ page }) => axe(page),
  evaluate: async ({ page }, { expression }) => inspect(page, expression),
  wait: async ({ page }, { expression, timeout_ms }) => {
    const until = Date.now() + timeout_ms;
    while (!await inspect(page, expression)) {
      if (Date.now() > until) throw new Error(`after ${timeout_ms} ms still not true: ${expression}`);
      await page.waitForTimeout(20);
    }
    return true;
  },
  resize: async ({ page }, { width, height }) => page.setViewportSize({ width, height }),
  scheme: async ({ page }, { scheme }) => page.emulateMedia({ colorScheme: scheme }),
  screenshot: async ({ page }, { path, full }) => { await page.screenshot({ path, fullPage: full }); return null; },
  close: async ({ context }, { page }) => { pages.delete(page); await context.close(); },
};

async function obey(order) {
  if (order.do === "open") return open(order);
  const found = pages.get(order.page);
  if (!found) throw new Error(`no page ${order.page}`);
  return orders[order.do](found, order);
}

const answer = value => process.stdout.write(`${JSON.stringify(value)}\n`);
answer({ ok: browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer({ ok: await obey(JSON.parse(line)) ?? null });
  } catch (error) {
    answer({ error: String(error?.stack ?? error) });
  }
}
await browser.close();
