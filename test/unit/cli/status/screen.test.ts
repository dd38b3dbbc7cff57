import { describe, expect, it } from 'vitest';
import { openScreen } from '../../../../src/cli/status/screen.js';

describe('the screen', () => {
  it('is drawn in place, cut to what fits, and leaves the terminal as it was', () => {
    let written = '';
    const terminal = { rows: 3, write: (text: string) => (written += text) };
    const screen = openScreen(terminal);
    expect(written).toBe('\x1b[?1049h\x1b[?25l\x1b[?7l');
    written = '';
    screen.show(['one', 'two', 'three', 'four']);
    expect(written).toBe('\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J');
    written = '';
    screen.close();
    screen.close();
    expect(written).toBe('\x1b[?7h\x1b[?25h\x1b[?1049l');
  });
});
