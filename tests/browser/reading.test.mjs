// Languages, themes, narrow screens, the keyboard, input methods.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { example, noFaults, open, paste, row, rows, stage, text, until, visit } from "./page.mjs";

let set;
before(async () => { set = await stage(); });
after(async () => { await set.close(); });

test("the language is switched without a reload and remembered", async () => {
  const page = await visit(set, { language: "ko" });
  await example(page, "notes");
  await open(page, "result-backend-amqp");
  await page.evaluate(() => { window.stillTheSame = true; });
  const korean = await row(page, "result-backend-amqp").locator(".title").textContent();

  await page.click("[data-language=en]");
  await until(page, () => document.documentElement.lang === "en");
  const english = await row(page, "result-backend-amqp").locator(".title").textContent();
  assert.notEqual(english, korean);
  assert.doesNotMatch(english, /[가-힣]/);
  assert.match(await page.locator(".foot").textContent(), /stays in this browser/);
  await until(page, () => /[a-z]{4}/.test(document.querySelector("[data-rule=result-backend-amqp] .rows dd:nth-of-type(2)").textContent));

  await page.click("[data-language=both]");
  await until(page, () => document.querySelectorAll("[data-rule=result-backend-amqp] .title .t").length === 2);
  const title = await row(page, "result-backend-amqp").locator(".title").textContent();
  assert.ok(title.includes(korean) && title.includes(english));
  assert.equal(await row(page, "result-backend-amqp").locator(".pair [lang=ko]").count() > 0, true);
  assert.equal(await page.evaluate(() => window.stillTheSame), true, "the page was not loaded again");

  await page.reload();
  await page.waitForSelector(".cm-content");
  assert.equal(await page.getAttribute("[data-language=both]", "aria-pressed"), "true");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await noFaults(page);
});

test("the first visit follows the browser's language and the system's theme", async () => {
  const page = await visit(set, { language: "en", theme: "dark" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.match(await page.locator("h1").textContent(), /Paste your Celery deployment/);
  await page.emulateMedia({ colorScheme: "light" });
  await until(page, () => document.documentElement.dataset.theme === "light");

  await page.getByRole("button", { name: "Dark theme" }).click();
  await until(page, () => document.documentElement.dataset.theme === "dark");
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await noFaults(page);
});

for (const width of [360, 320]) {
  for (const language of ["ko", "en"]) {
    test(`nothing scrolls sideways at ${width} px in ${language}`, async () => {
      const page = await visit(set, { width, height: 740, language, touch: true });
      const fits = async (when) => {
        const wide = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
        assert.ok(Math.max(...wide) <= width, `${when}: ${wide} in ${width}`);
      };
      await fits("first visit");
      await example(page, "notes");
      for (const { rule } of await rows(page)) {
        await open(page, rule);
        await fits(rule);
      }
      await page.locator(".dock button").last().click();
      await page.locator(".cm-content").waitFor({ state: "visible" });
      await fits("the text");
      await noFaults(page);
    });
  }
}

test("on a phone findings come first, with their own lines, and a jump shows the text", async () => {
  const page = await visit(set, { width: 360, height: 740, touch: true });
  await example(page, "notes");
  assert.ok(await page.locator("#findings").isVisible());
  assert.ok(!(await page.locator(".cm-content").isVisible()));
  await open(page, "result-backend-amqp");
  assert.match(await row(page, "result-backend-amqp").locator(".excerpt").textContent(), /CELERY_RESULT_BACKEND/);
  await row(page, "result-backend-amqp").locator(".rows").getByRole("button", { name: /18행/ }).first().click();
  await until(page, () => document.activeElement.classList.contains("cm-content") && getSelection().toString() === "RABBITMQ_URL");
  assert.ok(!(await page.locator("#findings").isVisible()));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.classList.contains("f-h"));
  await noFaults(page);
});

test("the keyboard alone goes all the way", async () => {
  const page = await visit(set);
  const press = (key) => page.keyboard.press(key);
  const here = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 200));
  const tabTo = async (selector) => {
    for (let steps = 0; steps < 60; steps++) {
      await press("Tab");
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
        // Where the focus is can be seen.
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none"
          || document.activeElement.closest(".cm-focused") !== null);
        assert.ok(outline, `focus is visible on ${selector}`);
        return;
      }
    }
    assert.fail(`${selector} cannot be reached; the focus is on ${await here()}`);
  };
  await press("Tab");
  assert.match(await here(), /class="skip"/);
  await tabTo("[data-example=notes]");
  await press("Enter");
  await page.waitForSelector(".f-h");

  await page.locator("body").evaluate(() => document.activeElement.blur());
  await tabTo("[data-rule=result-backend-amqp] .f-h");
  await press("Enter");
  await tabTo("[data-rule=result-backend-amqp] .act .btn.main");
  await tabTo("[data-rule=result-backend-amqp] .jump .link");
  await press("Enter");
  await until(page, () => document.activeElement.classList.contains("cm-content"));

  // Escape drops the selection, then goes back to the open finding; Tab leaves the editor too.
  await press("Escape");
  await press("Escape");
  await until(page, () => document.activeElement.matches("[data-rule=result-backend-amqp] .f-h"));
  await press("Escape");
  await until(page, () => document.activeElement.getAttribute("aria-expanded") === "false");
  await page.locator(".cm-content").focus();
  const before = await text(page);
  await press("Tab");
  assert.ok(!(await page.evaluate(() => document.activeElement.classList.contains("cm-content"))));
  assert.equal(await text(page), before);
  await noFaults(page);
});

test("the counts are announced", async () => {
  const page = await visit(set);
  assert.equal(await page.locator("[role=status]").textContent(), "");
  await example(page, "notes");
  await until(page, () => /진단 결과: 오류 \d+건, 경고 \d+건, 참고 \d+건/.test(document.querySelector("[role=status]").textContent));
  assert.equal(await page.locator("[role=status]").count(), 1);
});

test("Hangul that is being composed is neither checked nor disturbed", async () => {
  const page = await visit(set);
  await paste(page, "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\nx = 1\n");
  await page.waitForSelector("[data-rule=result-backend-amqp]");
  await page.evaluate(() => {
    window.asked = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...message) { window.asked += 1; return post.apply(this, message); };
  });
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# ");
  await until(page, () => window.asked > 0);
  await until(page, () => document.querySelector("[data-rule=result-backend-amqp]"));
  const session = await page.context().newCDPSession(page);
  const compose = (letters) =>
    session.send("Input.imeSetComposition", { text: letters, selectionStart: letters.length, selectionEnd: letters.length });
  const asked = await page.evaluate(() => window.asked);
  for (const step of ["ㅅ", "세", "셀", "셀ㄹ", "셀러", "셀러ㄹ", "셀러리"]) {
    await compose(step);
    await until(page, (letters) => document.querySelector(".cm-content").textContent.includes(letters), step);
  }
  assert.equal(await page.evaluate(() => window.asked), asked, "no check while composing");
  await session.send("Input.insertText", { text: "셀러리" });
  await until(page, (before) => window.asked > before, asked);
  await until(page, () => document.querySelector("[data-rule=result-backend-amqp]"));
  assert.equal(await text(page), "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\nx = 1\n# 셀러리");
});

test("with less motion asked for, a jump leaves a frame and nothing moves", async () => {
  const page = await visit(set);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await example(page, "notes");
  await open(page, "subcommand-unknown");
  await row(page, "subcommand-unknown").locator(".rows").getByRole("button", { name: /22행/ }).first().click();
  const jumped = page.locator(".cm-jumped");
  await jumped.waitFor();
  const style = await jumped.evaluate((line) => {
    const { animationName, outlineStyle } = getComputedStyle(line);
    return { animationName, outlineStyle };
  });
  assert.deepEqual(style, { animationName: "none", outlineStyle: "solid" });
});
