// What the editor does not need to show a text: undo, keys, colours, squiggles with their hovers. A third of
// CodeMirror; it is fetched when somebody goes into the editor or when there is something to draw, whichever is first.
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export { diagnosticsOf } from "./diagnostics.js";
export { languageOf } from "./languages.js";
export { setDiagnostics };

// Colours are custom properties, so that a change of theme needs nothing from here.
const colours = HighlightStyle.define([
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--syn-str)" },
  { tag: [tags.keyword, tags.atom, tags.bool, tags.definitionKeyword, tags.meta], color: "var(--syn-key)", fontWeight: "700" },
  { tag: [tags.number, tags.literal], color: "var(--syn-num)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--syn-com)" },
]);

export const extensions = [
  history(),
  bracketMatching(),
  syntaxHighlighting(colours),
  // Tab is not bound: it leaves the editor, as it leaves every other control.
  keymap.of([...lintKeymap.filter(({ key }) => key === "F8"), ...defaultKeymap, ...historyKeymap]),
];

// A fix is one step of the undo history.
export const oneStep = isolateHistory.of("full");
