import { describe, expect, it } from 'vitest';
import { StandingPage } from '../../../../src/domain/alarm/standing-page.js';

const alarms = [3, 5].map((processId) => ({ processId, processName: `p${processId}`, notes: null }));

describe('a page of the raised alarms', () => {
  it.each([
    ['the whole table', undefined, undefined, [1, 2, 4, 6, 9_007_199_254_740_991]],
    ['its first page', undefined, 5, [1, 2, 4]],
    ['a page in its middle', 2, 5, [4]],
    ['its last page', 2, undefined, [4, 6, 9_007_199_254_740_991]],
    ['behind ids that no number can hold exactly', '-9007199254740999', 5, [1, 2, 4]],
    ['up to ids that no number can hold exactly', 2, '18446744073709551615', [4, 6, 9_007_199_254_740_991]],
  ])('%s: what it lacks is gone only within its range', (_, after, upTo, gone) => {
    const page = new StandingPage(alarms, { after, upTo });
    const asked = [1, 2, 3, 4, 5, 6, 9_007_199_254_740_991];
    expect(asked.filter((id) => page.isGone(id))).toEqual(gone);
  });
});
