// axe-core on every state of the page, in both languages and themes, wide and narrow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { example, open, paste, stage, visit } from "./page.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let set;
before(async () => { set = await stage(); });
after(async () => { await set.close(); });

async function clean(page, when) {
  // Through the debugger, which the page's security policy does not bind.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(violations, [], when);
}

for (const width of [1280, 360]) {
  for (const language of ["ko", "en"]) {
    for (const theme of ["light", "dark"]) {
      test(`axe finds nothing: ${width} px, ${language}, ${theme}`, async () => {
        const page = await visit(set, { width, height: 800, language, theme });
        // A finding fades in; its colours are judged when it is there.
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await clean(page, "first visit");
        await example(page, "notes");
        await open(page, "result-backend-amqp");
        await page.waitForSelector(".rows .docs a");
        await clean(page, "findings");
        await page.click(".picture-h");
        await page.waitForSelector("#picture .scope");
        await clean(page, "the picture");
        if (width === 360) {
          await page.locator(".dock button").last().click();
          await page.click(".parts summary");
          await clean(page, "the text");
        } else {
          await page.click(".parts summary");
          await page.click("[data-language=both]");
          await clean(page, "both languages");
        }
        await paste(page, "CELERY_RESULT_BACKEND = 'rpc://'\nx = 1\n");
        await page.waitForSelector(".clear", { state: "attached" });
        await clean(page, "nothing found");
      });
    }
  }
}
