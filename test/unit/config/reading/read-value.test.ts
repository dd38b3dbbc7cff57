import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readValue } from '../../../../src/config/reading/read-value.js';

const TEXT = { commentAllowed: false, shellQuotes: false };
const COMMAND = { commentAllowed: false, shellQuotes: true };
const NUMBER = { commentAllowed: true, shellQuotes: false };

describe('R23: a value is read as it is written', () => {
  it.each([
    ['pa55', 'pa55'],
    ['', ''],
    ['a=b', 'a=b'],
    ['a"b\'c', 'a"b\'c'],
    ['a\\b', 'a\\b'],
    ['a\\;b\\#c', 'a;b#c'],
    ['"a;b#c"', 'a;b#c'],
    ['"  a  "', '  a  '],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ["'a;b#c'", 'a;b#c'],
    ["'a\\b\"c'", 'a\\b"c'],
    ["'123'", '123'],
    ['true', 'true'],
    ['null', 'null'],
    ['""', ''],
    ["''", ''],
  ])('%s', (raw, text) => {
    expect(readValue(raw, TEXT)).toEqual({ text });
  });

  it.each([
    'initctl status x | grep -q running',
    '"/opt/my app/bin" --flag',
    '"/opt/my app/bin" "%s"',
    "'/opt/my app/bin' --flag",
    'systemctl is-active "%s" && test -e /run/x.pid',
    '[ -e /run/x ]',
  ])('a command goes to the shell untouched: %s', (raw) => {
    expect(readValue(raw, COMMAND)).toEqual({ text: raw });
  });

  it.each([
    ['300 ; five minutes', '300'],
    ['300;five', '300'],
    ['yes # so', 'yes'],
    ['"300"', '300'],
  ])('a comment may follow a number or a word: %s', (raw, text) => {
    expect(readValue(raw, NUMBER)).toEqual({ text });
  });

  it.each([
    // JSON would make another number, another text, or a structure of it.
    "'12345678901234567890'",
    "'1e3'",
    "'1.0'",
    '\'"a"\'',
    "'[1]'",
    'a\\\\b',
    '"a\\nb"',
    '"a\tb"',
    '"C:\\temp"',
    '"a"b"',
    "'a'b'",
    '"',
    "'",
    '"a\\"',
  ])('%s is refused, not changed', (raw) => {
    expect(readValue(raw, TEXT)).toHaveProperty('problem');
  });

  it('any text can be written in double quotes', () => {
    fc.assert(
      fc.property(printable(), (text) => {
        expect(readValue(`"${text.replace(/["\\]/g, '\\$&')}"`, TEXT)).toEqual({ text });
      }),
    );
  });

  it('any value is what it plainly says, or refused', () => {
    fc.assert(
      fc.property(printable(), fc.constantFrom(TEXT, COMMAND), (value, rules) => {
        const raw = value.trim();
        const reading = readValue(raw, rules);
        if ('problem' in reading) return;
        const quoted = /^(["'])(.*)\1$/.exec(raw);
        const written = quoted?.[2] ?? raw;
        const plain =
          quoted?.[1] === "'" ? written : written.replace(quoted ? /\\(["\\])/g : /\\([;#])/g, '$1');
        const shellText = rules.shellQuotes ? raw : plain;
        expect([plain, shellText]).toContain(reading.text);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Any printable text, with what matters to the reader much more often than by chance. */
function printable(): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.constantFrom(';', '#', '"', "'", '\\', '=', ' ', '[', ']', '%', '1', 'e', 'ñ'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }),
  );
  return fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
}
