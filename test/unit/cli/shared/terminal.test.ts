import { describe, expect, it } from 'vitest';
import { createPaint, formatTable, wantsColour } from '../../../../src/cli/shared/terminal.js';

const plain = createPaint(false);
const coloured = createPaint(true);

describe('the terminal', () => {
  it('has colour only where there is one, without NO_COLOR', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour({}, {})).toBe(false);
    expect(coloured({ text: 'open', colour: 'red' })).toBe('\x1b[31mopen\x1b[39m');
    expect(plain({ text: 'open', colour: 'red' })).toBe('open');
  });

  it('R14: is sent no control character of a name', () => {
    expect(coloured('a\x1b[2Jb\nc\u202e')).toBe('a\\x1b[2Jb\\nc\\u202e');
  });

  it('aligns columns by what is seen, not by what colours add', () => {
    const rows = [
      ['httpd', { text: 'open', colour: 'red' as const }, 'until 13:40'],
      ['a\n', '', 'x'],
      ['é', { text: 'half-open', colour: 'yellow' as const }],
    ];
    expect(formatTable(rows, plain)).toEqual([
      'httpd  open       until 13:40',
      'a\\n               x',
      'é      half-open',
    ]);
    expect(formatTable(rows, coloured)[0]).toBe('httpd  \x1b[31mopen\x1b[39m       until 13:40');
    expect(formatTable([], plain)).toEqual([]);
  });
});
