// After the Rust build: Trunk's staging folder becomes the page.
// Scripts for the page and one for the worker, names by content, the text packs, the security policy.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { parse } from "yaml";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const dist = process.env.TRUNK_STAGING_DIR ?? join(root, "dist");
const profile = process.env.TRUNK_PROFILE ?? "release";
const here = (name) => join(dist, name);

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const policyHash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// Gives a file of the staging folder a name that changes with its content.
function named(name) {
  const [, stem, ending] = /^(.*?)(\.[^.]+)$/.exec(name);
  const better = `${stem}.${digest(readFileSync(here(name)))}${ending}`;
  renameSync(here(name), here(better));
  return better;
}

// The texts that belong to this worker: several builds may have left theirs in the target folder.
function copyPacks(worker) {
  const builds = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wasm32-unknown-unknown", profile, "build");
  const found = readdirSync(builds)
    .filter((folder) => folder.startsWith("celery-checkup-"))
    .map((folder) => join(builds, folder, "out"))
    .filter((out) => existsSync(join(out, "pack.id")) && worker.includes(readFileSync(join(out, "pack.id"))))
    .sort((a, b) => statSync(join(b, "pack.id")).mtimeMs - statSync(join(a, "pack.id")).mtimeMs);
  if (found.length === 0) {
    throw new Error(`no text pack in ${builds} belongs to the worker that was built`);
  }
  const id = readFileSync(join(found[0], "pack.id"), "utf8").trim();
  mkdirSync(here("packs"), { recursive: true });
  for (const language of ["ko", "en"]) {
    copyFileSync(join(found[0], `pack.${language}.json`), here(`packs/${language}.${id}.json`));
  }
}

// wasm-bindgen's glue for a classic worker, with the one line that starts it.
async function engineScript(wasm) {
  const glue = `${readFileSync(here("worker.js"), "utf8")}\nwasm_bindgen({ module_or_path: ${JSON.stringify(`./${wasm}`)} });\n`;
  const { code } = await transform(glue, { minify: profile === "release", legalComments: "none" });
  writeFileSync(here("engine.js"), code);
  rmSync(here("worker.js"));
  return named("engine.js");
}

// The page's glue and its scripts: one module to start with, the modules that it shares with what comes later, and
// what comes later. Gives the names of the first two.
async function startScripts(wasm) {
  const { metafile } = await build({
    stdin: {
      contents: `
        import init from "./app.js";
        init({ module_or_path: new URL(${JSON.stringify(`./${wasm}`)}, import.meta.url) }).catch((error) => {
          document.getElementById("start-failed").hidden = false;
          throw error;
        });`,
      resolveDir: dist,
    },
    plugins: [
      {
        name: "the page's own scripts",
        setup: ({ onResolve }) => onResolve({ filter: /\/www\/built\/page\.js$/ }, () => ({ path: join(root, "www/page/index.js") })),
      },
    ],
    outdir: dist,
    entryNames: "start",
    chunkNames: "[name].[hash]",
    splitting: true,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: profile === "release",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  rmSync(here("app.js"));
  rmSync(here("snippets"), { recursive: true, force: true });
  const [, output] = Object.entries(metafile.outputs).find(([name]) => name.endsWith("start.js"));
  const shared = output.imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => basename(path));
  return { start: named("start.js"), shared };
}

// `trunk serve` fills its reloading script in while it serves, when no hash of it can be in the policy any more.
// So it becomes a file that finds out by itself what would have been filled in.
function reloadScript(html) {
  return html.replace(/<script>((?:(?!<\/script>)[\s\S])*__TRUNK_ADDRESS__[\s\S]*?)<\/script>/, (_, script) => {
    writeFileSync(
      here("reload.js"),
      script
        .replace("'{{__TRUNK_ADDRESS__}}'", "location.host")
        .replace("'{{__TRUNK_WS_BASE__}}'", "'/'")
        .replace("'{{__TRUNK_WS_PROTOCOL__}}'", "''"),
    );
    return '<script src="./reload.js"></script>';
  });
}

function policy(html, nonce) {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => policyHash(text));
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inline].join(" "),
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "worker-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const words = parse(readFileSync(join(root, "src/app/words.yaml"), "utf8"));
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);

const worker = readFileSync(here("worker_bg.wasm"));
copyPacks(worker);
const engine = await engineScript(named("worker_bg.wasm"));
const app = named("app_bg.wasm");
const { start, shared } = await startScripts(app);
const style = named("style.css");

let html = readFileSync(here("index.html"), "utf8");
const nonce = digest(style + start + engine);
html = html
  .replace(/<!-- www\/build.*?-->\n/, "")
  .replace("style.css", style)
  .replaceAll("%nonce%", nonce)
  .replace("%engine%", `./${engine}`)
  .replace(/%(ko|en):(\w+)%/g, (_, language, key) => escaped(words[key][language]))
  .replace("%start%", `<script type="module" src="./${start}"></script>`)
  .replace("</title>", `</title>${shared.map((name) => `\n<link rel="modulepreload" href="./${name}">`).join("")}\n<link rel="preload" href="./${app}" as="fetch" type="application/wasm" crossorigin>`);
html = reloadScript(html);
html = html.replace("%policy%", () => `<meta http-equiv="Content-Security-Policy" content="${policy(html, nonce)}">`);
const left = html.match(/%[a-z:_]+%/);
if (left) {
  throw new Error(`index.html: nothing is known for ${left[0]}`);
}
writeFileSync(here("index.html"), html);
