// Starts the checker's worker. The first one starts with this script, while the browser still compiles the page's
// own wasm; what it says before the page listens is kept for it.

function spawn() {
  const worker = new Worker(document.querySelector('meta[name="engine"]').content);
  const early = { said: [], lost: false };
  worker.onmessage = ({ data }) => early.said.push(data);
  worker.onerror = (event) => {
    event.preventDefault();
    early.lost = true;
  };
  return { worker, early };
}

let first = spawn();

// hear(data), lose(). Gives the worker.
export function startEngine(hear, lose) {
  const { worker, early } = first ?? spawn();
  first = null;
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    // The browser has said it on the console already.
    event.preventDefault();
    lose();
  };
  // Not at once: the caller has to hold the worker before it hears of it.
  setTimeout(() => {
    early.said.forEach((data) => hear(data));
    if (early.lost) {
      lose();
    }
  });
  return worker;
}
