/** Cuts a stream of text into lines. A line longer than `LINE_MAX` characters is handed over in pieces, so that a child cannot fill our memory. */
const LINE_MAX = 16_384;

export function lineCutter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      rest += text;
      let start = 0;
      for (let at = rest.indexOf('\n', start); at !== -1; at = rest.indexOf('\n', start)) {
        onLine(rest.slice(start, at).replace(/\r$/, ''));
        start = at + 1;
      }
      rest = rest.slice(start);
      while (rest.length > LINE_MAX) {
        onLine(rest.slice(0, LINE_MAX));
        rest = rest.slice(LINE_MAX);
      }
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
