// The editor as the page's Rust sees it: a few methods and four callbacks. CodeMirror does the editing.
// The texts' truth is the page's; here live the undo histories, one state for each open file.
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { jumpField, marksField, setJump, setMarks, shapeGutter, threadGutter } from "./marks.js";
import { overview } from "./overview.js";

export class Editor {
  // edited(id, version, text), composing(bool), applyFix(finding, fix), leave()
  constructor(parent, edited, composing, applyFix, leave) {
    this.edited = edited;
    this.composing = composing;
    this.applyFix = applyFix;
    this.leave = leave;
    this.files = new Map();
    this.active = null;
    this.label = new Compartment();
    this.language = new Compartment();
    this.comfort = new Compartment();
    this.comforts = null;
    this.marked = null;
    this.labels = { editor: "", phrases: {} };
    const nonce = document.querySelector('meta[name="style-nonce"]')?.content;
    const security = nonce ? EditorView.cspNonce.of(nonce) : [];
    this.extensions = [
      security,
      lineNumbers(),
      shapeGutter,
      threadGutter,
      highlightSpecialChars(),
      EditorView.lineWrapping,
      marksField,
      jumpField,
      overview,
      keymap.of([{ key: "Escape", run: () => this.escape() }]),
      EditorView.domEventHandlers({
        focus: () => this.completed(),
        compositionstart: () => this.composing(true),
        compositionend: () => this.composing(false),
        // Files are the page's to open; without this CodeMirror would insert their text.
        drop: (event) => event.dataTransfer?.types.includes("Files") ?? false,
      }),
      EditorView.updateListener.of((update) => update.docChanged && this.changed(update.state)),
    ];
    // The first view puts CodeMirror's own styles into the document, so it needs the nonce at once.
    this.view = new EditorView({ parent, extensions: [security] });
  }

  // Shows a file; makes its state if it is new.
  open(id, text, kind) {
    if (!this.files.has(id)) {
      const doc = this.state(text, kind);
      this.files.set(id, { state: doc, version: 1, kind, scroll: null });
    }
    if (this.active === id) {
      return;
    }
    this.keep();
    this.active = id;
    const file = this.files.get(id);
    this.view.setState(file.state);
    this.describe(this.labels);
    if (file.scroll) {
      this.view.dispatch({ effects: file.scroll });
    }
  }

  // Files that the page closed.
  retain(ids) {
    for (const id of [...this.files.keys()]) {
      if (!ids.includes(id)) {
        this.files.delete(id);
        if (this.active === id) {
          this.active = null;
        }
      }
    }
  }

  // Colours a file as another kind.
  colour(id, kind) {
    const file = this.files.get(id);
    if (!file || file.kind === kind) {
      return;
    }
    file.kind = kind;
    this.dispatch(id, { effects: this.language.reconfigure(this.languageOf(kind)) });
  }

  // Draws what was found; ignored when the text has moved on, because then a newer answer is on its way.
  mark(id, version, marks) {
    const file = this.files.get(id);
    if (id !== this.active || !file || file.version !== version) {
      return;
    }
    this.marked = { id, version, marks };
    this.view.dispatch({ effects: setMarks.of(marks) });
    this.squiggle();
    if (marks.diagnostics.length > 0 || marks.tags.length > 0) {
      // After the page has drawn what was found.
      setTimeout(() => this.completed());
    }
  }

  squiggle() {
    const file = this.files.get(this.active);
    if (this.comforts && this.marked?.id === this.active && this.marked.version === file?.version) {
      const { diagnosticsOf, setDiagnostics } = this.comforts;
      const diagnostics = diagnosticsOf(this.view.state.doc, this.marked.marks, this.applyFix);
      this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
    }
  }

  // Fetches the comforts, once, and gives them to every file.
  completed() {
    this.coming ??= import("./comforts.js").then(
      (comforts) => {
        this.comforts = comforts;
        for (const [id, { kind }] of this.files) {
          const effects = [this.comfort.reconfigure(comforts.extensions), this.language.reconfigure(this.languageOf(kind))];
          this.dispatch(id, { effects });
        }
        this.squiggle();
      },
      () => {
        // The text can be edited and checked without them; the next occasion tries again.
        this.coming = null;
      },
    );
  }

  languageOf(kind) {
    return this.comforts?.languageOf(kind) ?? [];
  }

  // Applies a fix to the version that was checked, as one step of the undo history; false if the text moved on.
  apply(id, version, changes) {
    const file = this.files.get(id);
    if (!file || file.version !== version) {
      return false;
    }
    this.dispatch(id, { changes, userEvent: "input.fix", annotations: this.comforts ? [this.comforts.oneStep] : [] });
    return true;
  }

  // Takes the reader to a place: selected, in the middle, and with the focus.
  reveal(from, to) {
    const { length } = this.view.state.doc;
    const [anchor, head] = [Math.min(from, length), Math.min(to, length)];
    this.view.dispatch({
      selection: { anchor, head },
      effects: [EditorView.scrollIntoView(anchor, { y: "center" }), setJump.of(anchor)],
    });
    this.view.focus();
  }

  // Brings a place into sight without taking the focus.
  show(from) {
    const position = Math.min(from, this.view.state.doc.length);
    this.view.dispatch({ effects: EditorView.scrollIntoView(position, { y: "nearest", yMargin: 120 }) });
  }

  focus() {
    this.view.focus();
  }

  // Names in the reader's language: { editor, phrases }.
  describe(labels) {
    this.labels = labels;
    this.view.dispatch({ effects: this.label.reconfigure(this.described()) });
  }

  destroy() {
    this.view.destroy();
  }

  state(text, kind) {
    return EditorState.create({
      doc: text,
      extensions: [
        ...this.extensions,
        this.comfort.of(this.comforts?.extensions ?? []),
        this.language.of(this.languageOf(kind)),
        this.label.of(this.described()),
      ],
    });
  }

  described() {
    return [
      EditorView.contentAttributes.of({ "aria-label": this.labels.editor, tabindex: "0" }),
      EditorState.phrases.of(this.labels.phrases),
    ];
  }

  keep() {
    const file = this.files.get(this.active);
    if (file) {
      file.state = this.view.state;
      file.scroll = this.view.scrollSnapshot();
    }
  }

  dispatch(id, transaction) {
    if (id === this.active) {
      this.view.dispatch(transaction);
      return;
    }
    const file = this.files.get(id);
    const next = file.state.update(transaction);
    file.state = next.state;
    if (next.docChanged) {
      file.version += 1;
      this.edited(id, file.version, file.state.doc.toString());
    }
  }

  changed(state) {
    const file = this.files.get(this.active);
    file.version += 1;
    this.edited(this.active, file.version, state.doc.toString());
  }

  // Escape first drops a selection; with nothing selected it leaves the editor.
  escape() {
    if (!this.view.state.selection.main.empty) {
      return false;
    }
    this.leave();
    return true;
  }
}
