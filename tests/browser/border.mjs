// Reads and writes what crosses the border between page and worker, as src/present/border.rs writes it: field after field,
// whole numbers in groups of seven bits, a length before every text and list, 0 or 1 before what may be absent.
// The functions run inside the page, so they may use nothing from out here.

export function installReaders() {
  function reader(bytes) {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * shift;
        if (byte < 128) return value;
      }
    };
    const text = () => {
      const length = number();
      at += length;
      return new TextDecoder().decode(bytes.slice(at - length, at));
    };
    const list = (item) => Array.from({ length: number() }, item);
    const maybe = (item) => (number() === 1 ? item() : null);
    return { number, text, list, maybe };
  }
  window.requestOf = (bytes) => {
    const { number, text, list, maybe } = reader(bytes);
    return {
      seq: number(),
      changed: list(() => ({
        id: number(), version: number(), name: text(), text: text(), kind: maybe(text),
        partKinds: list(() => [number(), text()]),
      })),
      removed: list(number),
    };
  };
  // A request with one changed file.
  window.bytesOf = ({ id, version, name, text }) => {
    const bytes = [];
    const number = (value) => {
      for (; value > 127; value = Math.floor(value / 128)) {
        bytes.push((value % 128) + 128);
      }
      bytes.push(value);
    };
    const string = (value) => {
      const encoded = new TextEncoder().encode(value);
      number(encoded.length);
      for (const byte of encoded) bytes.push(byte);
    };
    number(version);
    number(1);
    [id, version].forEach(number);
    [name, text].forEach(string);
    // No kind, no kinds of parts; nothing removed, no options, no picture.
    bytes.push(0, 0, 0, 0, 0, 0);
    return new Uint8Array(bytes);
  };
  window.seqOf = (bytes) => reader(bytes).number();
}
