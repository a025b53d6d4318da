// Prints sizes and first-finding times of the release build beside their budgets; fails if one is not held.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { dist, stage } from "./page.mjs";

const BUDGETS = { beforeFirstFinding: 600, all: 1500, newBrowser: 800, reload: 250 };

const files = readdirSync(dist, { recursive: true })
  .map(String)
  .filter((name) => statSync(join(dist, name)).isFile())
  .map((name) => {
    const bytes = readFileSync(join(dist, name));
    return { name, raw: bytes.length, brotli: brotliCompressSync(bytes).length };
  });
const kilobytes = (bytes) => Math.round(bytes / 100) / 10;
const sum = (some) => kilobytes(some.reduce((total, { brotli }) => total + brotli, 0));
for (const { name, raw, brotli } of files) {
  console.log(`${String(kilobytes(raw)).padStart(9)} KB ${String(kilobytes(brotli)).padStart(8)} KB br  ${name}`);
}

// From the start of the navigation to the first row of the list, with the notes opened as soon as the page stands.
const scene = await stage();
const times = { newBrowser: [], reload: [] };
for (let round = 0; round < 5; round++) {
  const context = await scene.browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const example = document.querySelector("[data-example=notes]");
      if (example && !window.clicked && document.querySelector(".cm-content")) {
        window.clicked = true;
        example.click();
      }
      if (document.querySelector(".f-h")) {
        observer.disconnect();
        window.firstFinding = performance.now();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  const first = async () => (await page.waitForFunction(() => window.firstFinding)).jsonValue();
  await page.goto(scene.url);
  const cold = await first();
  await page.reload();
  const warm = await first();
  // The first round warms the server's own compression.
  if (round > 0) {
    times.newBrowser.push(cold);
    times.reload.push(warm);
  }
  await context.close();
}
await scene.close();

const middle = (list) => Math.round([...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]);
const lines = [
  ["before the first finding, brotli KB", sum(files.filter(({ name }) => !name.startsWith("packs"))), BUDGETS.beforeFirstFinding],
  ["everything, both languages, brotli KB", sum(files), BUDGETS.all],
  ["first finding in a new browser, ms (median of 4)", middle(times.newBrowser), BUDGETS.newBrowser],
  ["first finding after a reload, ms (median of 4)", middle(times.reload), BUDGETS.reload],
];
for (const [what, measured, budget] of lines) {
  console.log(`${what.padEnd(50)} ${String(measured).padStart(8)}  budget ${budget}`);
}
// Times depend on what else the machine does; sizes do not, so only they can fail.
if (lines.slice(0, 2).some(([, measured, budget]) => measured > budget)) {
  console.error("A size budget is not held.");
  process.exit(1);
}
process.exit(0);
