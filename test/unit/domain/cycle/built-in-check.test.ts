import { describe, expect, it } from 'vitest';
import { dependsOnBuiltIn, isPgrepOfName } from '../../../../src/domain/cycle/built-in-check.js';

describe('R27, R29: the verdict is that of the built-in check', () => {
  it('where nothing else is set, or the command is that of the Bash service', () => {
    expect(dependsOnBuiltIn({})).toBe(true);
    expect(dependsOnBuiltIn({ healthCheckCommand: 'pgrep %s' })).toBe(true);
    expect(dependsOnBuiltIn({ healthCheckCommand: ' pgrep %s ' })).toBe(true);
  });

  it.each([
    { healthCheckCommand: 'pgrep -x %s' },
    { healthCheckUrl: 'http://127.0.0.1/' },
    { healthCheckPort: { port: 80 } },
    { healthCheckCommand: 'pgrep %s', healthCheckUrl: 'http://127.0.0.1/' },
    { healthCheckCommand: 'pgrep %s', healthCheckPort: { port: 80 } },
  ])('but not with %j', (settings) => {
    expect(dependsOnBuiltIn(settings)).toBe(false);
  });

  it('only that one command is taken for it', () => {
    expect(['pgrep %s', 'pgrep  %s', 'pgrep %s; true', 'xpgrep %s', ''].map(isPgrepOfName)).toEqual([
      true,
      ...[false, false, false, false],
    ]);
  });
});
