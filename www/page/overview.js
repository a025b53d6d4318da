// The strip at the right edge: where in the whole text the findings are.
import { ViewPlugin } from "@codemirror/view";
import { marksField } from "./marks.js";

const SVG = "http://www.w3.org/2000/svg";

export const overview = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.svg = document.createElementNS(SVG, "svg");
      this.svg.setAttribute("class", "cm-overview");
      this.svg.setAttribute("aria-hidden", "true");
      view.dom.append(this.svg);
      this.plan(view);
    }
    update(update) {
      if (update.geometryChanged || update.docChanged || update.transactions.some((one) => one.effects.length)) {
        this.plan(update.view);
      }
    }
    // Heights are known only after layout, so the strip is drawn in the view's measuring phase.
    plan(view) {
      view.requestMeasure({
        key: this,
        read: () =>
          view.state.field(marksField).points.map(({ start, severity }) => ({
            severity,
            share: view.lineBlockAt(Math.min(start, view.state.doc.length)).top / Math.max(view.contentHeight, view.dom.clientHeight, 1),
          })),
        write: (points) => {
          this.svg.replaceChildren(
            ...points.map(({ severity, share }) => {
              const bar = document.createElementNS(SVG, "rect");
              bar.setAttribute("class", `cm-point-${severity}`);
              bar.setAttribute("x", "2");
              bar.setAttribute("width", "8");
              bar.setAttribute("height", "4");
              bar.setAttribute("y", `${(share * 100).toFixed(2)}%`);
              return bar;
            }),
          );
        },
      });
    }
    destroy() {
      this.svg.remove();
    }
  },
);
