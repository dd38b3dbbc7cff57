import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Breaker } from '../../../src/domain/cycle/circuit-breaker.js';
import { EMPTY_STATE, formatState, parseState } from '../../../src/state/saved-state.js';

const whole = fc.nat();
const breaker: fc.Arbitrary<Breaker> = fc.oneof(
  fc.record({ state: fc.constant('closed' as const), generation: whole, failures: whole }),
  fc.record({
    state: fc.constant('open' as const),
    generation: whole,
    failures: whole,
    openings: whole,
    openedAt: fc.integer({ min: 0, max: 8_640_000_000_000 }),
  }),
  fc.record({
    state: fc.constant('half-open' as const),
    generation: whole,
    failures: whole,
    openings: whole,
    onTrial: fc.constant(false),
  }),
);
function toMap<T>(entries: Record<string, T>): Map<number, T> {
  return new Map(Object.entries(entries).map(([id, value]) => [Number(id), value]));
}
const state = fc.record({
  breakers: fc.dictionary(fc.integer().map(String), breaker),
  restarts: fc.uniqueArray(fc.tuple(fc.string(), fc.array(whole)), { selector: ([name]) => name }),
  verified: fc.dictionary(fc.integer().map(String), whole),
  unproven: fc.dictionary(fc.integer().map(String), whole),
  unconfirmed: fc.dictionary(fc.integer().map(String), whole),
  pauses: fc.array(
    fc.record(
      { processName: fc.string(), since: whole, until: whole, by: fc.string(), reason: fc.string() },
      { requiredKeys: ['since', 'by'] },
    ),
  ),
  endedRuns: fc.array(
    fc.record(
      { maintenance: fc.string(), since: whole, until: whole, processName: fc.string() },
      { requiredKeys: ['maintenance', 'since', 'until'] },
    ),
  ),
  answered: fc.array(fc.integer()),
  owed: fc.array(fc.record({ processName: fc.string(), with: fc.string(), since: whole })),
  recentClears: fc.record(
    { server: fc.string(), clearedAt: fc.dictionary(fc.integer().map(String), whole).map(toMap) },
    { requiredKeys: ['clearedAt'] },
  ),
  names: fc.dictionary(fc.integer().map(String), fc.string()),
});

describe('saved state', () => {
  it('R11: reads back whatever it wrote', () => {
    fc.assert(
      fc.property(
        state,
        ({
          breakers,
          restarts,
          verified,
          unproven,
          pauses,
          endedRuns,
          answered,
          unconfirmed,
          owed,
          recentClears,
          names,
        }) => {
          const saved = {
            breakers: toMap(breakers),
            restarts: new Map(restarts),
            verified: toMap(verified),
            unproven: toMap(unproven),
            pauses,
            endedRuns,
            answered,
            answeredIsCut: false,
            unconfirmed: toMap(unconfirmed),
            owed,
            recentClears,
            names: toMap(names),
          };
          expect(parseState(formatState(saved))).toEqual({ state: saved, unreadable: [] });
        },
      ),
    );
  });

  it('R11: gives the one cycle of a half-open breaker back that died with the service', () => {
    const onTrial: Breaker = { state: 'half-open', generation: 4, failures: 3, openings: 1, onTrial: true };
    const { state: read } = parseState(formatState({ ...EMPTY_STATE, breakers: new Map([[7, onTrial]]) }));
    expect(read.breakers.get(7)).toEqual({ ...onTrial, onTrial: false });
  });

  it('R11: takes a file of before there were pauses', () => {
    expect(parseState('{"version":1,"circuits":{},"verified":{}}').state).toEqual(EMPTY_STATE);
  });

  it('R11, R34: takes a breaker of before openings were counted as one that opened once', () => {
    const old =
      '{"version":1,"circuits":{"7":{"state":"open","generation":1,"failures":3,"openedAt":5}},"verified":{}}';
    expect(parseState(old).state.breakers.get(7)).toEqual({
      state: 'open',
      generation: 1,
      failures: 3,
      openings: 1,
      openedAt: 5,
    });
  });

  it('R11: takes no file that is cut off, at whatever byte', () => {
    const text = formatState({
      breakers: new Map([
        [1, { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: 1_790_000_000_000 }],
      ]),
      restarts: new Map([['nginx', [1_790_000_000_000]]]),
      verified: new Map([[2, 1_790_000_000_000]]),
      unproven: new Map([[4, 1_790_000_000_000]]),
      pauses: [],
      endedRuns: [{ maintenance: 'backup', since: 1, until: 2 }],
      answered: [],
      answeredIsCut: false,
      unconfirmed: new Map([[3, 1_790_000_000_000]]),
      owed: [{ processName: 'web', with: 'httpd', since: 1_790_000_000_000 }],
      recentClears: { server: 'one', clearedAt: new Map([[5, 1_790_000_000_000]]) },
      names: new Map([[1, 'httpd']]),
    }).trimEnd();
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parseState(text.slice(0, length))).toThrow();
    }
  });

  it.each([
    ['a later version', '{"version":2,"circuits":{},"verified":{}}'],
    ['another program', '{"hello":"world"}'],
    ['null', 'null'],
  ])('R11: takes no file of %s', (_, text) => {
    expect(() => parseState(text)).toThrow();
  });

  it.each([
    ['an unknown state', 'circuits.1', '"circuits":{"1":{"state":"ajar","generation":1},"2":BREAKER}'],
    ['a number that is none', 'circuits.1', '"circuits":{"1":{"state":"closed","generation":0},"2":BREAKER}'],
    ['a key that is no process_id', 'circuits.__proto__', '"circuits":{"__proto__":BREAKER,"2":BREAKER}'],
    [
      'a process_id that would be rounded to that of another process',
      'circuits.9007199254740993',
      '"circuits":{"9007199254740993":BREAKER,"2":BREAKER}',
    ],
    ['a process_id written in another way', 'circuits.02', '"circuits":{"02":BREAKER,"2":BREAKER}'],
    ['a time that is none', 'verified.1', '"circuits":{"2":BREAKER},"verified":{"1":"yesterday"}'],
    ['a time beyond all dates', 'verified.1', '"circuits":{"2":BREAKER},"verified":{"1":8640000000000001}'],
    ['a pause without an author', 'pauses.0', '"circuits":{"2":BREAKER},"pauses":[{"since":1}]'],
    [
      'a restart without its cause',
      'restartWith.0',
      '"circuits":{"2":BREAKER},"restartWith":[{"processName":"web","since":1}]',
    ],
    ['a section of another type', 'answered', '"circuits":{"2":BREAKER},"answered":7'],
    ['an answered process that is none', 'answered.0', '"circuits":{"2":BREAKER},"answered":["x"]'],
  ])('R11: %s costs that entry and no other', (_, entry, text) => {
    const breaker = '{"state":"closed","generation":0,"failures":2}';
    const { state: read, unreadable } = parseState(`{"version":1,${text.replaceAll('BREAKER', breaker)}}`);
    expect(unreadable).toEqual([entry]);
    expect([...read.breakers]).toEqual([[2, JSON.parse(breaker)]]);
  });

  it('no write is as long as the table', () => {
    const ids = Array.from({ length: 100_000 }, (_, id) => id);
    const { state: read } = parseState(
      formatState({ ...EMPTY_STATE, answered: ids, verified: new Map(ids.map((id) => [id, 1])) }),
    );
    expect([read.answered.length, read.answeredIsCut, read.verified.size]).toEqual([10_000, true, 10_000]);
  });
});
