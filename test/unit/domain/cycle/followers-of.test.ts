import { expect, it } from 'vitest';
import { followersOf } from '../../../../src/domain/cycle/followers-of.js';

it('R35: those follow a process that name it under restart_with, in the order of the configuration', () => {
  const byName = new Map([
    ['web', { restartWith: ['cache', 'db'] }],
    ['cache', {}],
    ['report', { restartWith: ['db'] }],
    ['lonely', { restartWith: [] }],
  ]);
  expect(followersOf('db', byName)).toEqual(['web', 'report']);
  expect(followersOf('cache', byName)).toEqual(['web']);
  expect(followersOf('lonely', byName)).toEqual([]);
});
