// What the page says about the engineer's notes and about the other two examples.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { drop, example, noFaults, open, paste, row, rows, stage, text, until, visit } from "./page.mjs";

let set;
before(async () => { set = await stage(); });
after(async () => { await set.close(); });

test("the notes are explained", async () => {
  const page = await visit(set);
  await example(page, "notes");
  const found = await rows(page);
  const by = (rule) => found.find((one) => one.rule === rule);
  assert.match(by("result-backend-amqp").where, /18행/);
  assert.match(by("subcommand-unknown").where, /22행, 59행/);
  assert.equal(by("subcommand-unknown").severity, "error");
  assert.match(by("log-runs-as-root").where, /28행, 45행/);
  assert.match(by("url-part-unset").where, /10행/);

  await open(page, "result-backend-amqp");
  const chart = row(page, "result-backend-amqp");
  await until(page, () => document.querySelector("[data-rule=result-backend-amqp] .rows dd:nth-of-type(2)").textContent.length > 60);
  const labels = await chart.locator(".rows > dt").allTextContents();
  assert.deepEqual(labels.slice(0, 3), ["무엇", "왜", "지금 할 일"]);
  assert.ok(labels.includes("관련 위치") && labels.includes("공식 문서"));
  assert.match(await chart.locator(".rows").textContent(), /10행/);
  assert.match(await chart.locator(".docs a").first().getAttribute("href"), /^https:\/\/docs\.celeryq\.dev\/.*#/);
  assert.ok((await chart.locator(".band li").count()) >= 3);
  assert.equal(await chart.locator(".band .here").count(), 1);
  await noFaults(page);
});

test("the editor shows squiggles, shapes, the string, the kinds of the parts, and a hover with a quick fix", async () => {
  const page = await visit(set);
  await example(page, "notes");
  await open(page, "result-backend-amqp");
  await until(page, () => document.querySelector(".cm-evidence"));
  assert.ok((await page.locator(".cm-lintRange").count()) > 0);
  assert.ok((await page.locator(".cm-shapes .ic").count()) > 0);
  assert.equal(await page.locator(".cm-thread-start").count(), 1);
  assert.equal(await page.locator(".cm-thread-end").count(), 1);
  assert.ok((await page.locator(".cm-tag").allTextContents()).includes("Python"));
  assert.equal(await page.locator(".cm-evidence").first().textContent(), "RABBITMQ_URL");

  await page.locator(".cm-squiggle-warning", { hasText: "RABBITMQ_URL" }).first().hover();
  const hover = page.locator(".cm-tooltip .cm-said").first();
  await hover.waitFor();
  assert.match(await hover.textContent(), /amqp/);
  assert.ok((await page.locator(".cm-diagnosticAction").count()) > 0);
  await page.locator(".cm-diagnosticAction").first().click();
  await until(page, () => !document.querySelector("[data-rule=result-backend-amqp]"));
  assert.match(await text(page), /CELERY_RESULT_BACKEND = "rpc:\/\/"/);
  await noFaults(page);
});

test("the two other examples show what they promise", async () => {
  const page = await visit(set);
  await example(page, "compose");
  const compose = (await rows(page)).map((one) => one.rule);
  assert.ok(compose.includes("result-backend-amqp") && compose.includes("runs-as-root"), compose.join());
  assert.equal(await page.locator(".files .file").count(), 3);

  const second = await visit(set);
  await example(second, "kubernetes");
  const kubernetes = (await rows(second)).map((one) => one.rule);
  assert.ok(kubernetes.includes("url-port-from-service"), kubernetes.join());
  await noFaults(page);
  await noFaults(second);
});

test("a fix changes the text once, and can be undone", async () => {
  const page = await visit(set);
  await example(page, "notes");
  const original = await text(page);
  await open(page, "result-backend-amqp");
  assert.match(await row(page, "result-backend-amqp").locator(".diff .in").first().textContent(), /rpc:\/\//);
  await row(page, "result-backend-amqp").locator(".act .btn.main").click();
  await until(page, () => !document.querySelector("[data-rule=result-backend-amqp]"));
  const fixed = await text(page);
  assert.notEqual(fixed, original);
  assert.match(fixed, /CELERY_RESULT_BACKEND = "rpc:\/\/" # 이 부분이 문제/);

  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+z");
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  assert.equal(await text(page), original);
  await noFaults(page);
});

test("a place is one click away, in the editor and with the focus", async () => {
  const page = await visit(set);
  await example(page, "notes");
  await open(page, "subcommand-unknown");
  await row(page, "subcommand-unknown").locator(".rows").getByRole("button", { name: /59행/ }).first().click();
  await until(page, () => document.activeElement.classList.contains("cm-content") && getSelection().toString() === "worked");
  const seen = await page.evaluate(() => {
    const place = getSelection().getRangeAt(0).getBoundingClientRect();
    const pane = document.querySelector(".cm-scroller").getBoundingClientRect();
    return place.top >= pane.top && place.bottom <= pane.bottom;
  });
  assert.ok(seen, "the place is in sight");
  assert.ok((await page.locator(".cm-jumped").count()) === 1);
});

test("several files are read together; tabs add, show and close", async () => {
  const page = await visit(set);
  await drop(page, [
    { name: "settings.py", text: "import os\nCELERY_RESULT_BACKEND = os.environ['RESULTS']\n" },
    { name: "docker-compose.yml", text: "services:\n  worker:\n    image: shop\n    command: celery -A shop worker\n    environment:\n      RESULTS: amqp://rabbit//\n" },
  ]);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  assert.match(await row(page, "result-backend-amqp").locator(".where").first().textContent(), /settings\.py|docker-compose\.yml/);
  await page.locator(".files .file", { hasText: "docker-compose.yml" }).locator("button").first().click();
  await until(page, () => document.querySelector(".cm-content").textContent.includes("services"));
  await page.getByRole("button", { name: "docker-compose.yml 닫기" }).click();
  await until(page, () => !document.querySelector("[data-rule=result-backend-amqp]"));
  assert.equal(await page.locator(".files .file").count(), 1);
  await noFaults(page);
});

test("files in UTF-16 and CP949 are decoded, and a binary file is refused in words", async () => {
  const page = await visit(set);
  const source = "# 결과\r\nCELERY_RESULT_BACKEND = 'amqp://rabbit//'\r\n";
  const utf16 = [0xff, 0xfe, ...[...source].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8])];
  await drop(page, [{ name: "settings.py", bytes: utf16 }]);
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  assert.match(await row(page, "result-backend-amqp").locator(".where").textContent(), /2행/);
  assert.match(await page.locator(".cm-line").first().textContent(), /# 결과$/);

  const cp949 = [0x23, 0x20, 0xb0, 0xe1, 0xb0, 0xfa, 0x0a, ...Buffer.from("CELERY_RESULT_BACKEND = 'amqp://rabbit//'\n")];
  await drop(page, [{ name: "other.py", bytes: cp949 }]);
  await until(page, () => document.querySelectorAll(".files .file").length === 2);
  await until(page, () => document.querySelector(".cm-line").textContent === "# 결과");

  await drop(page, [{ name: "logo.png", bytes: [0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xff, 0xfe, 0x80, 0, 0, 0x81, 0xff] }]);
  await page.getByRole("alert").filter({ hasText: "logo.png" }).waitFor();
  assert.equal(await page.locator(".files .file").count(), 2);
  await noFaults(page);
});

test("the reader's word on kind and version overrules detection", async () => {
  const page = await visit(set);
  await paste(page, "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\nx = 1\n");
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  const version = page.getByRole("combobox", { name: "Celery 버전" });
  await version.selectOption("3.1.26");
  await until(page, () => !document.querySelector("[data-rule=result-backend-amqp]"));
  await version.selectOption("5.5.3");
  await page.waitForSelector("[data-rule=result-backend-amqp] .sev.error");
  await page.locator(".kind select").selectOption("log");
  await until(page, () => !document.querySelector("[data-rule=result-backend-amqp]"));
  await page.locator(".kind select").selectOption("");
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  await noFaults(page);
});

test("the reader's word on RabbitMQ counts", async () => {
  const page = await visit(set);
  const lines = ["services:", "  worker:", "    image: shop", "    command: celery -A shop worker", "    environment:"];
  await drop(page, [{ name: "compose.yaml", text: `${lines.join("\n")}\n      CELERY_BROKER_URL: amqp://shop@rabbit//\n` }]);
  await page.getByRole("combobox", { name: "Celery 버전" }).selectOption("5.5.3");
  const version = page.getByRole("combobox", { name: "RabbitMQ 버전" });
  await version.selectOption("4.3");
  await page.waitForSelector("[data-rule=rabbitmq-refuses-control-queues] .sev.error");
  await version.selectOption("4.2");
  await until(page, () => !document.querySelector("[data-rule=rabbitmq-refuses-control-queues]"));
  await noFaults(page);
});

test("silence says what was held against the text", async () => {
  const page = await visit(set);
  await paste(page, "CELERY_RESULT_BACKEND = 'redis://redis:6379/1'\nCELERY_TASK_TIME_LIMIT = 60\n");
  const clear = page.locator(".clear");
  await clear.waitFor();
  assert.match(await clear.textContent(), /문제를 찾지 못했습니다.*규칙 \d+개 중 \d+개 적용/);
  assert.deepEqual(await page.locator(".counts .big").allTextContents(), ["0", "0", "0"]);
  await noFaults(page);
});

test("a part of a note can be called another kind", async () => {
  const page = await visit(set);
  await example(page, "notes");
  await page.locator(".parts summary").focus();
  await page.keyboard.press("Enter");
  const choice = page.getByRole("combobox", { name: "2번 부분의 종류" });
  assert.match(await choice.locator("option").first().textContent(), /자동: 명령/);
  await choice.selectOption("log");
  // The mistyped command of line 22 is a log line now; the one of line 59 is still a command.
  await until(page, () => document.querySelector("[data-rule=subcommand-unknown] .where")?.textContent === "59행");
  assert.match(await page.locator(".parts li").nth(1).textContent(), /직접 고른 종류/);
  await choice.selectOption("");
  await until(page, () => document.querySelector("[data-rule=subcommand-unknown] .where")?.textContent === "22행, 59행");
  await noFaults(page);
});

test("what was understood of the deployment is drawn when it is asked for, without secrets", async () => {
  const page = await visit(set, { language: "en" });
  await drop(page, [
    { name: "docker-compose.yml", text: "services:\n  worker:\n    image: shop\n    command: celery -A shop worker\n    environment:\n      CELERY_BROKER_URL: amqp://shop:canaryPic77@rabbit//\n" },
  ]);
  await page.waitForSelector(".picture-h");
  assert.equal(await page.locator("#picture").count(), 0);
  await page.getByRole("button", { name: "What we understood" }).click();
  await page.waitForSelector("#picture .scope");
  const shown = await page.locator("#picture").textContent();
  assert.match(shown, /worker/);
  assert.match(shown, /broker_url/);
  assert.match(shown, /amqp:\/\/shop:\*+@rabbit/);
  assert.doesNotMatch(shown, /canaryPic77/);
  await page.locator("#picture .link").first().click();
  await until(page, () => document.activeElement.classList.contains("cm-content"));
  await page.getByRole("button", { name: "What we understood" }).click();
  await until(page, () => !document.querySelector("#picture"));
  await noFaults(page);
});
