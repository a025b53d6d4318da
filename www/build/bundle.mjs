// Before the Rust build: the style sheets as one file, and a stand-in for the page's scripts. wasm-bindgen only wants
// to know that there is such a module; finish.mjs puts the scripts themselves in its place.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const www = resolve(dirname(fileURLToPath(import.meta.url)), "..");

mkdirSync(resolve(www, "built"), { recursive: true });
writeFileSync(resolve(www, "built/page.js"), "// See www/page/index.js.\n");
await build({
  entryPoints: { style: resolve(www, "css/index.css") },
  outdir: resolve(www, "built"),
  bundle: true,
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
