// Serves the built page on loopback as a static host would: brotli, and names by content cached for good.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

// Gives { url, requests, close }; `requests` are the paths that were asked for.
export async function serve(folder) {
  const compressed = new Map();
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    requests.push(path);
    const file = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
    if (!file.startsWith(folder + sep)) {
      response.writeHead(403).end();
      return;
    }
    try {
      if (!compressed.has(file)) {
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        compressed.set(file, brotliCompressSync(await readFile(file), quality));
      }
    } catch {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-encoding": "br",
      "cache-control": extname(file) === ".html" ? "no-cache" : "public, max-age=31536000, immutable",
    });
    response.end(compressed.get(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () => new Promise((closed) => server.close(closed)),
  };
}
