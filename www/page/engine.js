// Starts the checker's worker. The document has started the first one while the browser still loads these scripts
// (see index.html); what it said before the page listens is kept for it.

let first = window.firstEngine;

// hear(data), lose(). Gives the worker.
export function startEngine(hear, lose) {
  const { worker, said, lost } = first ?? { worker: new Worker(document.querySelector('meta[name="engine"]').content), said: [] };
  first = null;
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    // The browser has said it on the console already.
    event.preventDefault();
    lose();
  };
  // Not at once: the caller has to hold the worker before it hears of it.
  setTimeout(() => {
    said.forEach((data) => hear(data));
    if (lost) {
      lose();
    }
  });
  return worker;
}
