import { expect, it } from 'vitest';
import { isWebUserName } from '../../../src/domain/web-user.js';

it.each(['a', '7', 'Anna.Berg_2-x', 'x'.repeat(32)])('%s may be a user of the page', (name) => {
  expect(isWebUserName(name)).toBe(true);
});

it.each(['', '.a', '-a', '_a', 'a b', 'a\n', '\na', 'é', 'a:b', 'x'.repeat(33)])(
  '%j may be none: it would end a field or a line of the log',
  (name) => {
    expect(isWebUserName(name)).toBe(false);
  },
);
