// What the page's Rust imports. The engine comes first, so that its worker starts before CodeMirror's modules run.
export { startEngine } from "./engine.js";
export { Editor } from "./editor.js";
