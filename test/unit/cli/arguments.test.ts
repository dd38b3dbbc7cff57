import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { callerName } from '../../../src/cli/shared/caller-name.js';
import { parseDurationOption } from '../../../src/cli/shared/parse-duration-option.js';

describe('a time span', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['366d', 366 * 86_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationOption(text)).toBe(ms);
  });

  it.each(['', '5', 's', '1x', '1.5h', '-1h', '0s', '1h 30m', '367d', `${'9'.repeat(400)}d`, '1h;'])(
    '%j is none',
    (text) => {
      expect(() => parseDurationOption(text)).toThrow(/Allowed: a time such as/);
    },
  );
});

describe('who runs a command', () => {
  it('is the person behind sudo, else who logged in, else the user', () => {
    expect(callerName({ SUDO_USER: 'alice', LOGNAME: 'root' })).toBe('alice');
    expect(callerName({ LOGNAME: 'root' })).toBe('root');
    expect(callerName({})).toBe(userInfo().username);
    expect(callerName({ SUDO_USER: 'a'.repeat(300) })).toHaveLength(100);
  });
});
