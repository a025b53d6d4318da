// What the page's Rust imports.
export { startEngine } from "./engine.js";
export { Editor } from "./editor.js";
