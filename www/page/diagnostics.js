// Findings as CodeMirror's diagnostics: squiggles, and a hover with title, message and the quick fix.
import { shape } from "./marks.js";

// A sentence arrives as segments; what comes from the paste is text, never markup.
function sentence(segments) {
  const parts = document.createDocumentFragment();
  for (const segment of segments) {
    if ("code" in segment) {
      const code = document.createElement("code");
      code.textContent = segment.code;
      parts.append(code);
    } else {
      parts.append(segment.text);
    }
  }
  return parts;
}

function spoken(element, texts) {
  return texts.map(({ lang, sentence: segments }) => {
    const words = document.createElement(element);
    words.lang = lang;
    words.append(sentence(segments));
    return words;
  });
}

function hover(diagnostic) {
  const box = document.createElement("div");
  box.className = "cm-said";
  const title = document.createElement("div");
  title.className = "cm-said-title";
  const titles = document.createElement("div");
  titles.append(...spoken("b", diagnostic.title));
  title.append(shape(diagnostic.severity), titles);
  box.append(title, ...spoken("p", diagnostic.message));
  return box;
}

export function diagnosticsOf(doc, marks, applyFix) {
  return marks.diagnostics
    .map((one) => ({
      from: Math.min(one.from, doc.length),
      to: Math.min(Math.max(one.to, one.from), doc.length),
      severity: one.severity,
      message: one.plain,
      markClass: `cm-squiggle-${one.severity}`,
      renderMessage: () => hover(one),
      actions: one.fixes.map((name, index) => ({
        name,
        markClass: "btn main",
        apply: () => applyFix(one.finding, index),
      })),
    }))
    .sort((a, b) => a.from - b.from);
}
