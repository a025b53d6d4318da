// Before the Rust build: the page's scripts and its style sheets, each as one file, into www/built.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const www = resolve(dirname(fileURLToPath(import.meta.url)), "..");

await build({
  entryPoints: { page: resolve(www, "page/index.js"), style: resolve(www, "css/index.css") },
  outdir: resolve(www, "built"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
