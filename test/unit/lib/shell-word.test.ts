import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../../src/lib/shell-word.js';

describe('a word of a command that a person types', () => {
  it('is quoted only if it needs it', () => {
    expect(shellWord('nginx@a.service')).toBe('nginx@a.service');
    expect(shellWord('my gateway')).toBe("'my gateway'");
    expect(shellWord('')).toBe("''");
  });

  it.each(['my gateway', "it's; touch /x", '$(id)', 'a\nb', '-', '~root', '*'])(
    'is one word for a shell: %j',
    (text) => {
      const words = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${shellWord(text)}`], {
        encoding: 'utf8',
      });
      expect(words).toBe(`${text}\0`);
    },
  );
});
