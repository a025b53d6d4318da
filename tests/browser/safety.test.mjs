// What must hold whatever is pasted: nothing leaves, nothing is kept, nothing breaks the page.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installReaders } from "./border.mjs";
import { dist, drop, example, noFaults, open, paste, row, rows, stage, text, until, visit } from "./page.mjs";

let set;
before(async () => { set = await stage(); });
after(async () => { await set.close(); });

const AMQP = "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\nx = 1\n";

test("the security policy is there, and holds", async () => {
  const page = await visit(set);
  const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  for (const rule of ["default-src 'none'", "connect-src 'self'", "form-action 'none'", "base-uri 'none'", "'wasm-unsafe-eval'"]) {
    assert.ok(policy.includes(rule), rule);
  }
  assert.ok(!policy.includes("unsafe-inline") && !policy.includes("'unsafe-eval'"));
  await example(page, "notes");
  await noFaults(page);
  const escaped = await page.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused"));
  assert.equal(escaped, "refused");
  assert.ok(page.faults.some((fault) => /Content Security Policy/.test(fault)), "the policy refused it, not the network");
});

test("after the long texts have come, nothing is requested any more", async () => {
  const page = await visit(set);
  await example(page, "notes");
  await open(page, "result-backend-amqp");
  await until(page, () => !/불러오고/.test(document.querySelector(".rows").textContent));
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await paste(page, `\`\`\`python\n${AMQP}\`\`\`\n`);
  await until(page, () => document.querySelector("[data-rule=result-backend-amqp]") && !document.querySelector("[data-rule=subcommand-unknown]"));
  await drop(page, [{ name: "Dockerfile", text: "FROM python:3.12\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n" }]);
  await page.waitForSelector("[data-rule=runs-as-root]");
  assert.deepEqual(requests, []);
});

test("secrets are neither shown outside the editor nor stored", async () => {
  const canaries = ["canaryUrl77", "canaryKey77", "canaryEnv77", "canaryPod77", "canaryTok77", "canaryOpt77"];
  const page = await visit(set, { language: "en" });
  const printed = [];
  page.on("console", (message) => printed.push(message.text()));
  await drop(page, [
    { name: "settings.py", text: "SECRET_KEY = 'canaryKey77'\nCELERY_BROKER_URL = 'amqp://shop:canaryUrl77@rabbit//'\nCELERY_RESULT_BACKEND = 'amqp://shop:canaryUrl77@rabbit//'\n" },
    { name: "docker-compose.yml", text: "services:\n  worker:\n    image: shop\n    user: root\n    command: celery -A shop worked -b amqp://shop:canaryOpt77@rabbit//\n    environment:\n      API_TOKEN: canaryTok77\n      CELERY_RESULT_BACKEND: amqp://shop:canaryEnv77@rabbit//\n" },
    { name: "worker.yaml", text: "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  containers:\n    - name: w\n      image: shop\n      command: [celery, -A, shop, worker]\n      env:\n        - name: CELERY_RESULT_BACKEND\n          value: amqp://shop:canaryPod77@rabbit//\n" },
    { name: ".env", text: "RABBITMQ_PASSWORD=canaryEnv77\nCELERY_RESULT_BACKEND=amqp://shop:canaryEnv77@rabbit//\n" },
    { name: "Dockerfile", text: "FROM python:3.12\nENV CELERY_RESULT_BACKEND=amqp://shop:canaryUrl77@rabbit//\nCMD celery -A shop worker\n" },
    { name: "worker.log", text: "[2026-11-22 02:14:07,812: ERROR/MainProcess] consumer: Cannot connect to amqp://shop:canaryUrl77@rabbit:5672//: [Errno 111] Connection refused.\n" },
  ]);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  // Every row is opened, so that excerpts and diffs are there too.
  const seen = [];
  for (let index = 0; index < (await rows(page)).length; index++) {
    const button = page.locator(".f-h").nth(index);
    if ((await button.getAttribute("aria-expanded")) === "false") {
      await button.click();
    }
    await page.locator(".rows").waitFor();
    seen.push(await page.evaluate(() => {
      const copy = document.documentElement.cloneNode(true);
      copy.querySelector(".editor").remove();
      return copy.outerHTML;
    }));
  }
  assert.ok(seen.length >= 2, "there are rows to look at");
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + location.href);
  for (const canary of canaries) {
    assert.ok(!seen.some((html) => html.includes(canary)), `${canary} is shown`);
    assert.ok(!stored.includes(canary), `${canary} is stored`);
    assert.ok(!printed.some((line) => line.includes(canary)), `${canary} is on the console`);
  }
  assert.deepEqual(Object.keys(await page.evaluate(() => ({ ...localStorage }))).filter((key) => !/^celery-checkup\.(reading|theme)$/.test(key)), []);
});

const HOSTILE = {
  "10 MB of brackets": "[".repeat(10_000_000),
  "deep Python": `x = ${"(".repeat(100_000)}`,
  "deep prefixes": `x = ${"not ".repeat(100_000)}1`,
  "deep YAML": `a: ${"{a: ".repeat(100_000)}`,
  "control letters": "\u0001\u0002\u001b[31m\u202e\ufffe".repeat(2_000),
  "tabs": "\t\t\tservices:\n\t\tworker:\n".repeat(50),
  "one long line": `CELERY = '${"x".repeat(2_000_000)}'`,
};
for (const [name, hostile] of Object.entries(HOSTILE)) {
  test(`the page outlives ${name}, and checks the next paste`, async () => {
    const page = await visit(set);
    await paste(page, hostile);
    // A finding, a note that it could not be read, or word that nothing was found: never nothing at all.
    await page.waitForSelector(".f, .unchecked, .clear", { timeout: 20_000 });
    await paste(page, AMQP);
    await page.waitForSelector("[data-rule=result-backend-amqp]", { timeout: 20_000 });
    assert.equal(await page.locator(".unchecked").count(), 0);
    await noFaults(page);
  });
}

// Long, and right all the same: it is checked within the page's patience of five seconds, not given up.
const each = (count, text) => Array.from({ length: count }, (_, number) => text(number)).join("");
const LONG = {
  "100,000 lines about one broker": ["worker.log", "log-broker-refused",
    each(100_000, (n) => `[2026-11-22 02:14:07,${100 + (n % 900)}: ERROR/MainProcess] consumer: Cannot connect to amqp://shop@rabbit:5672//: [Errno 111] Connection refused.\n`)],
  "5,000 commands in one line": ["notes.md", "subcommand-unknown", "`celery -A shop worked` ".repeat(5_000)],
  "5,000 programs of one name": ["supervisord.conf", "node-name-twice",
    each(5_000, (n) => `[program:worker${n}]\ncommand=celery -A shop worker -n same@host\n`)],
};
for (const [name, [file, rule, long]] of Object.entries(LONG)) {
  test(`${name} are checked`, async () => {
    const page = await visit(set);
    await drop(page, [{ name: file, text: long }, { name: "settings.py", text: AMQP }]);
    await page.waitForSelector(`[data-rule=${rule}]`, { timeout: 20_000 });
    await page.waitForSelector("[data-rule=result-backend-amqp]");
    assert.equal(await page.locator(".unchecked").count(), 0);
    await noFaults(page);
  });
}

// A worker that really traps, hangs or vanishes: the page's own script runs against a double.
async function visitWithDouble(behaviour) {
  const context = await set.browser.newContext({ locale: "ko-KR", viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installReaders);
  await context.addInitScript((script) => {
    const Real = window.Worker;
    window.spawned = 0;
    window.Worker = class extends Real {
      constructor(url) {
        super(url);
        window.spawned += 1;
        window.lastWorker = this;
        window.answers = [];
        this.addEventListener("message", ({ data }) => data instanceof Uint8Array && window.answers.push(data));
      }
      postMessage(message, transfer) {
        const request = window.requestOf(message);
        window.lastRequest = request;
        (window.sent ??= []).push(...request.changed.map((file) => file.name));
        const bad = request.changed.some((file) => file.text.includes("POISON"));
        if (bad && script === "trap") {
          setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "unreachable" })));
        } else if (!(bad && script === "hang") && !window.hold) {
          super.postMessage(message, transfer);
        }
      }
    };
  }, behaviour);
  const page = await context.newPage();
  page.faults = [];
  await page.goto(set.url);
  await page.waitForSelector(".cm-content");
  return page;
}

for (const behaviour of ["trap", "hang"]) {
  test(`after a ${behaviour} the worker is replaced and everything else is checked`, async () => {
    const page = await visitWithDouble(behaviour);
    await drop(page, [{ name: "settings.py", text: AMQP }]);
    await page.waitForSelector("[data-rule=result-backend-amqp]");
    await drop(page, [{ name: "bad.py", text: "POISON = 1\n" }]);
    const note = page.locator(".unchecked li", { hasText: "bad.py" });
    await note.waitFor({ timeout: 15_000 });
    assert.equal(await page.evaluate(() => window.spawned), 2);
    await page.waitForSelector("[data-rule=result-backend-amqp]");
    assert.deepEqual(await page.evaluate(() => window.lastRequest.changed.map((file) => file.name)), ["settings.py"]);

    // Trying again sends it again, and fails again.
    await note.getByRole("button", { name: "다시 시도" }).click();
    await until(page, () => window.sent.filter((name) => name === "bad.py").length === 2);
    await page.waitForFunction(() => window.spawned === 3, null, { timeout: 15_000 });
    await note.waitFor({ timeout: 15_000 });

    // A change of the text is a new text.
    await paste(page, "BETTER = 1\n");
    await until(page, () => !document.querySelector(".unchecked li"));
    await page.waitForSelector("[data-rule=result-backend-amqp]");
  });
}

test("an answer to an older request is dropped", async () => {
  const page = await visitWithDouble("none");
  await drop(page, [{ name: "settings.py", text: AMQP }]);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  await paste(page, "CELERY_RESULT_BACKEND = 'redis://redis:6379/1'\n");
  await page.waitForSelector(".clear");
  await page.evaluate(() => window.lastWorker.dispatchEvent(new MessageEvent("message", { data: window.answers[0] })));
  // The next answer is handled after the old one, so what it shows is the proof.
  await paste(page, "CELERY_RESULT_BACKEND = 'redis://cache'\n");
  await until(page, () => window.seqOf(window.answers.at(-1)) === 3);
  assert.equal(await page.locator("[data-rule=result-backend-amqp]").count(), 0);
});

test("a fix for a text that has moved on is refused, and says so", async () => {
  const page = await visitWithDouble("none");
  await drop(page, [{ name: "settings.py", text: AMQP }]);
  await open(page, "result-backend-amqp");
  const fix = row(page, "result-backend-amqp").locator(".act .btn.main");
  await fix.waitFor();
  // The worker keeps silent, so the findings are of the text before this.
  await page.evaluate(() => {
    window.hold = true;
    document.querySelector("[data-rule=result-backend-amqp] .act .btn.main").id = "stale";
    window.stale = document.getElementById("stale");
  });
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("y = 2\n");
  // What cannot be right any more is not offered.
  await until(page, () => !document.getElementById("stale"));
  assert.match(await text(page), /^y = 2\nCELERY_RESULT_BACKEND = 'amqp:/);
  await page.locator(".cm-squiggle-error, .cm-squiggle-warning").first().hover();
  await page.locator(".cm-diagnosticAction").first().click();
  await page.getByRole("alert").filter({ hasText: "그사이에 글이 바뀌어" }).waitFor();
  assert.match(await text(page), /^y = 2\nCELERY_RESULT_BACKEND = 'amqp:/);
});

test("a worker that has grown is replaced while nothing is asked", async () => {
  const page = await visitWithDouble("none");
  await drop(page, [{ name: "settings.py", text: AMQP }]);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  await page.evaluate(() => window.lastWorker.dispatchEvent(new MessageEvent("message", { data: 300 * 1024 * 1024 })));
  await until(page, () => window.spawned === 2);
  assert.equal(await page.locator("[data-rule=result-backend-amqp]").count(), 1, "what was found stays");
  await drop(page, [{ name: "other.py", text: "x = 1\n" }]);
  await until(page, () => window.lastRequest.changed.length === 2);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
});

test("a checker that does not load is said, and can be tried again", async () => {
  const context = await set.browser.newContext({ locale: "ko-KR" });
  const page = await context.newPage();
  let blocked = true;
  await page.route("**/engine*.js", (route) => (blocked ? route.abort() : route.continue()));
  await page.goto(set.url);
  await page.waitForSelector(".cm-content");
  await drop(page, [{ name: "settings.py", text: AMQP }]);
  const alert = page.getByRole("alert").filter({ hasText: "검사기를 불러오지 못했습니다" });
  await alert.waitFor();
  blocked = false;
  await alert.getByRole("button").click();
  await page.waitForSelector("[data-rule=result-backend-amqp]");
});

test("text packs of another build are refused with a word", async () => {
  const context = await set.browser.newContext({ locale: "ko-KR" });
  const page = await context.newPage();
  await page.route("**/packs/*.json", (route) => route.fulfill({ json: { build: "another", rules: {} } }));
  await page.goto(set.url);
  await page.waitForSelector(".cm-content");
  await example(page, "notes");
  await until(page, () => /새로 고치세요/.test(document.querySelector(".rows").textContent));
});

test("the page's own wasm holds no rule", () => {
  const pack = readdirSync(join(dist, "packs")).find((name) => name.startsWith("en."));
  const rules = Object.keys(JSON.parse(readFileSync(join(dist, "packs", pack), "utf8")).rules);
  const wasm = (part) => readFileSync(join(dist, readdirSync(dist).find((name) => name.startsWith(part) && name.endsWith(".wasm"))));
  const [app, worker] = [wasm("app"), wasm("worker")];
  const telling = rules.filter((rule) => rule.includes("-"));
  assert.ok(telling.length > 5);
  for (const rule of telling) {
    assert.ok(worker.includes(rule), `${rule} is in the worker`);
    assert.ok(!app.includes(rule), `${rule} is in the page`);
  }
  assert.ok(!app.includes("결과 백엔드에 amqp"), "a rule's title is in the page");
});
