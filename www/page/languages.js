// Which highlighter goes with which kind of input. The kinds' names are the engine's.
import { StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { python } from "@codemirror/legacy-modes/mode/python";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { yaml } from "@codemirror/legacy-modes/mode/yaml";

const MODES = {
  python,
  "flower-config": python,
  dockerfile: dockerFile,
  compose: yaml,
  kubernetes: yaml,
  "helm-template": yaml,
  "helm-values": yaml,
  command: shell,
  shell,
  procfile: shell,
  launcher: yaml,
  env: properties,
  celeryd: properties,
  systemd: properties,
  supervisord: properties,
  "rabbitmq-conf": properties,
  requirements: properties,
  pyproject: properties,
};

// What people write behind ``` in notes.
const FENCES = {
  py: python, python, python3: python,
  docker: dockerFile, dockerfile: dockerFile,
  yml: yaml, yaml, compose: yaml, k8s: yaml, kubernetes: yaml,
  env: properties, dotenv: properties, ini: properties, conf: properties, toml: properties,
};

const FENCE = /^\s*(`{3,}|~{3,})\s*([\w.-]*)/;

// Notes: each fenced block is coloured by its own highlighter, the prose by none. A block of shell or log
// lines stays plain, because `bash` is also what people write above a log.
const notes = {
  name: "notes",
  startState: () => ({ fence: null, mode: null, inner: null }),
  copyState: (state) => ({
    ...state,
    inner: state.mode?.copyState ? state.mode.copyState(state.inner) : state.inner && { ...state.inner },
  }),
  blankLine(state, unit) {
    state.mode?.blankLine?.(state.inner, unit);
  },
  token(stream, state) {
    if (stream.sol()) {
      const fence = FENCE.exec(stream.string);
      if (fence && !state.fence) {
        state.fence = fence[1];
        state.mode = FENCES[fence[2].toLowerCase()] ?? null;
        state.inner = state.mode?.startState?.(stream.indentUnit) ?? {};
        stream.skipToEnd();
        return "comment";
      }
      if (fence && state.fence && fence[1].startsWith(state.fence) && !fence[2]) {
        state.fence = state.mode = state.inner = null;
        stream.skipToEnd();
        return "comment";
      }
    }
    if (state.mode) {
      return state.mode.token(stream, state.inner);
    }
    stream.skipToEnd();
    return null;
  },
};

const languages = new Map();

// The extension that colours a file of this kind; nothing for logs and what we do not know.
export function languageOf(kind) {
  const mode = kind === "markdown" ? notes : MODES[kind];
  if (!mode) {
    return [];
  }
  if (!languages.has(mode)) {
    languages.set(mode, StreamLanguage.define(mode));
  }
  return languages.get(mode);
}
