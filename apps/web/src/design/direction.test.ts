import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

const SOURCES = path.join(import.meta.dirname, '..');

/** Declarations that would stay on their side when the page is read from right to left. */
function physicalSides(css: string): string[] {
  const declarations = css.replaceAll(/\/\*[^]*?\*\//g, '').matchAll(/([^{};]*)\{([^{}]*)\}/g);
  return [...declarations].flatMap(([, selector = '', body = '']) =>
    body
      .split(';')
      .map((each) => each.trim())
      .filter((each) => PHYSICAL.test(each))
      .map((each) => `${selector.trim()}: ${each}`),
  );
}

const PHYSICAL = /^(?:left|right|(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|float)\b/;
/** What moves in time, and stays where it is: time runs from left to right. */
const IN_TIME = /^\.seek-(?:preview|flash)/;

it('the page can be read from right to left: nothing but time has a left and a right', () => {
  const files = globSync('**/*.css', { cwd: SOURCES });
  assert.ok(files.length >= 5);
  const found = files.flatMap((file) => physicalSides(readFileSync(path.join(SOURCES, file), 'utf8')));
  assert.deepEqual(
    found.filter((each) => !IN_TIME.test(each)),
    [],
  );
  assert.ok(found.some((each) => IN_TIME.test(each)));
  assert.deepEqual(physicalSides('.a { color: red; margin-left: 1px } @media (x) { .b { /* left: 0 */ left: 0; padding-inline: 1px } }'), [
    '.a: margin-left: 1px',
    '.b: left: 0',
  ]);
});
