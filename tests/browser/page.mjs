// What the tests share: the served release build, one browser, and a page that reports what it must not do.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const dist = process.env.PAGE ?? resolve(root, "dist");

// Quiet: no look-ups of the browser's own, so that every request seen is the page's.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// Server and browser for one test file.
export async function stage() {
  assert.ok(existsSync(resolve(dist, "index.html")), `no page in ${dist}: build it first`);
  const server = await serve(dist);
  const browser = await chromium.launch({ executablePath: process.env.CHROME || "/usr/bin/chromium", args: FLAGS });
  return {
    url: server.url,
    browser,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

// A page in a fresh profile; `page.faults` collects errors, refusals of the security policy and foreign requests.
export async function visit(stage, { language = "ko", both = null, theme = "light", width = 1280, height = 800, touch = false } = {}) {
  const context = await stage.browser.newContext({
    viewport: { width, height },
    locale: language === "ko" ? "ko-KR" : "en-US",
    colorScheme: theme,
    hasTouch: touch,
  });
  await context.grantPermissions([]);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) {
      page.faults.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(stage.url) && !request.url().startsWith("data:")) {
      page.faults.push(`request: ${request.url()}`);
    }
  });
  await page.goto(stage.url);
  if (both !== null) {
    await page.click("[data-language=both]");
  }
  await page.waitForSelector(".cm-content");
  return page;
}

// Puts whole text into the editor, as a paste does.
export async function paste(page, text) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(".cm-content").dispatchEvent(event);
  }, text);
}

// Opens files as if they had been dropped on the page.
export async function drop(page, files) {
  await page.evaluate((dropped) => {
    const data = new DataTransfer();
    for (const { name, text, bytes } of dropped) {
      data.items.add(new File([bytes ? new Uint8Array(bytes) : text], name));
    }
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
  }, files);
}

export async function example(page, id) {
  await page.click(`[data-example=${id}]`);
  await page.waitForSelector(".f-h");
}

// The rows of the list: rule, severity word, places.
export const rows = (page) =>
  page.$$eval(".f", (articles) =>
    articles.map((article) => ({
      rule: article.dataset.rule,
      severity: [...article.querySelector(".sev").classList].find((name) => name !== "sev"),
      where: article.querySelector(".where").textContent,
    })),
  );

export const row = (page, rule) => page.locator(`.f[data-rule=${rule}]`);

// Opens a row if it is shut.
export async function open(page, rule) {
  const button = row(page, rule).locator(".f-h").first();
  if ((await button.getAttribute("aria-expanded")) === "false") {
    await button.click();
  }
  await row(page, rule).locator(".rows").first().waitFor();
}

// The editor's whole text, also what is scrolled out of sight. CodeMirror keeps its view on the element.
export const text = (page) =>
  page.evaluate(() => document.querySelector(".cm-content").cmTile.root.view.state.doc.toString());

// Waits until a condition on the page holds; the timeout is the failure.
export const until = (page, condition, argument) => page.waitForFunction(condition, argument, { timeout: 10_000 });

export async function noFaults(page) {
  assert.deepEqual(page.faults, []);
}
