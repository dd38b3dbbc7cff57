import { describe, expect, it } from 'vitest';
import { escapeControlCharacters } from '../../../src/lib/escape-control-characters.js';

describe('escapeControlCharacters', () => {
  it.each([
    ['a new line', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['a tab', 'a\tb', 'a\\tb'],
    ['an escape sequence', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['the one-byte escape sequence', '\x9b31m', '\\x9b31m'],
    ['NUL, backspace and DEL', '\0\b\x7f', '\\x00\\x08\\x7f'],
    ['a line separator', '\u2028\u2029', '\\u2028\\u2029'],
    ['a turned reading direction', '\u202egol.exe', '\\u202egol.exe'],
    ['an invisible character beyond 16 bits', '\u{e0001}', '\\u{e0001}'],
    ['half a surrogate pair', 'a\ud83d', 'a\\ud83d'],
  ])('R14: shows %s', (_what, hostile, shown) => {
    expect(escapeControlCharacters(hostile)).toBe(shown);
  });

  it('leaves what can be read as it is', () => {
    const text = 'naïve Ünïcode 進程 😀 C:\\path "quoted" 100 %';
    expect(escapeControlCharacters(text)).toBe(text);
  });
});
