// What the last check drew into a text: squiggles are @codemirror/lint's, the rest stands here.
// Shapes in the gutter, the string from where a value comes from to where it hurts, the row and the frame of
// the open finding, the kind of each part of a note, and prose that is not checked.
import { RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutter } from "@codemirror/view";

const SVG = "http://www.w3.org/2000/svg";
const RANK = { error: 0, warning: 1, info: 2 };
const NOTHING = { decorations: Decoration.none, shapes: RangeSet.empty, string: RangeSet.empty, points: [] };

export const setMarks = StateEffect.define();
export const setJump = StateEffect.define();

// The page's own drawing of a severity.
export function shape(severity) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${severity}`);
  svg.append(use);
  return svg;
}

class Shape extends GutterMarker {
  constructor(severity) {
    super();
    this.severity = severity;
  }
  eq(other) {
    return other.severity === this.severity;
  }
  toDOM() {
    return shape(this.severity);
  }
}

class Thread extends GutterMarker {
  constructor(part) {
    super();
    this.elementClass = `cm-thread cm-thread-${part}`;
  }
}
const THREADS = { start: new Thread("start"), between: new Thread("between"), end: new Thread("end") };

class Tag extends WidgetType {
  constructor(label) {
    super();
    this.label = label;
  }
  eq(other) {
    return other.label === this.label;
  }
  toDOM() {
    const tag = document.createElement("span");
    tag.className = "cm-tag";
    tag.textContent = this.label;
    return tag;
  }
}

function within(doc, position) {
  return Math.max(0, Math.min(position, doc.length));
}

// `marks` is what the page says: { diagnostics, tags, prose, hits, string }; positions are UTF-16 offsets.
function drawn(doc, marks) {
  const line = (position) => doc.lineAt(within(doc, position));
  const decorations = [];
  for (const [from, to] of marks.prose) {
    for (let number = line(from).number; number <= line(to).number; number++) {
      decorations.push(Decoration.line({ class: "cm-prose" }).range(doc.line(number).from));
    }
  }
  for (const tag of marks.tags) {
    const widget = Decoration.widget({ widget: new Tag(tag.label), side: -1 });
    decorations.push(widget.range(line(tag.from).from));
  }
  for (const hit of marks.hits) {
    decorations.push(Decoration.line({ class: `cm-hit cm-hit-${hit.severity}` }).range(line(hit.from).from));
    const [from, to] = [within(doc, hit.from), within(doc, hit.to)];
    if (to > from) {
      decorations.push(Decoration.mark({ class: `cm-evidence cm-evidence-${hit.severity}` }).range(from, to));
    }
  }

  const worst = new Map();
  for (const { from, severity } of marks.diagnostics) {
    const start = line(from).from;
    if (!worst.has(start) || RANK[severity] < RANK[worst.get(start)]) {
      worst.set(start, severity);
    }
  }
  const shapes = [...worst].map(([start, severity]) => new Shape(severity).range(start));

  const string = new RangeSetBuilder();
  if (marks.string) {
    const [source, hurts] = marks.string.map((position) => line(position).number);
    const [top, bottom] = [Math.min(source, hurts), Math.max(source, hurts)];
    for (let number = top; top < bottom && number <= bottom; number++) {
      const end = number === top ? "start" : number === bottom ? "end" : "between";
      const { from } = doc.line(number);
      string.add(from, from, THREADS[end]);
    }
  }
  return {
    decorations: Decoration.set(decorations, true),
    shapes: RangeSet.of(shapes, true),
    string: string.finish(),
    points: [...worst].map(([start, severity]) => ({ start, severity })),
  };
}

export const marksField = StateField.define({
  create: () => NOTHING,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) {
        return drawn(transaction.state.doc, effect.value);
      }
    }
    if (!transaction.docChanged) {
      return value;
    }
    const { changes } = transaction;
    return {
      decorations: value.decorations.map(changes),
      shapes: value.shapes.map(changes),
      string: value.string.map(changes),
      points: value.points.map((point) => ({ ...point, start: changes.mapPos(point.start) })),
    };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.decorations),
});

// The line that a jump went to: tinted until the next thing that the reader does.
export const jumpField = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setJump)) {
        const { from } = transaction.state.doc.lineAt(within(transaction.state.doc, effect.value));
        return Decoration.set([Decoration.line({ class: "cm-jumped" }).range(from)]);
      }
    }
    return transaction.docChanged || transaction.selection ? Decoration.none : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const shapeGutter = gutter({
  class: "cm-shapes",
  markers: (view) => view.state.field(marksField).shapes,
});

export const threadGutter = gutter({
  class: "cm-threads",
  markers: (view) => view.state.field(marksField).string,
});
