import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CYCLE_VERDICTS, type CycleRecord } from '../../../src/domain/cycle/cycle-record.js';
import { formatHistoryLine, parseHistoryLine } from '../../../src/state/history-line.js';

const record: CycleRecord = {
  processId: 1,
  processName: 'httpd',
  trigger: 'binlog',
  seenAt: Date.UTC(2026, 10, 22, 12, 2, 30, 126),
  reactionMs: 2,
  durationMs: 169,
  attempts: 1,
  strategy: 'service',
  unit: 'httpd.service',
  verdict: 'restarted',
};
const text = fc.string({ unit: 'binary', maxLength: 100 });
const records: fc.Arbitrary<CycleRecord> = fc.record(
  {
    processId: fc.integer(),
    processName: text,
    trigger: fc.constantFrom('binlog' as const, 'poll' as const, 'manual' as const, 'resume' as const),
    by: text,
    seenAt: fc.integer({ min: 0, max: 8_640_000_000_000 }),
    reactionMs: fc.nat(),
    durationMs: fc.nat(),
    attempts: fc.nat(),
    strategy: fc.constantFrom('service' as const, 'process' as const, 'custom' as const),
    unit: text,
    verdict: fc.constantFrom(...CYCLE_VERDICTS),
    reason: text,
  },
  {
    requiredKeys: ['processId', 'processName', 'trigger', 'seenAt', 'durationMs', 'attempts', 'verdict'],
  },
);

describe('a line of the history', () => {
  it('is the JSON that the manual shows', () => {
    expect(formatHistoryLine(record)).toBe(
      '{"time":"2026-11-22T12:02:30.126Z","process":"httpd","process_id":1,"trigger":"binlog","verdict":"restarted",' +
        '"attempts":1,"strategy":"service","unit":"httpd.service","reaction_ms":2,"duration_ms":169}\n',
    );
  });

  it('R14: is one line whatever stands in it, and reads back', () => {
    fc.assert(
      fc.property(records, (any) => {
        const line = formatHistoryLine(any);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseHistoryLine(line)).toEqual(any);
      }),
    );
  });

  it('has a bounded length', () => {
    const long = 'x'.repeat(100_000);
    expect(formatHistoryLine({ ...record, processName: long, reason: long, by: long }).length).toBeLessThan(
      1500,
    );
  });

  it('that was torn by a crash is none', () => {
    const line = formatHistoryLine(record).trimEnd();
    expect(parseHistoryLine(line)).toEqual(record);
    for (let length = 0; length < line.length; length += 1) {
      expect(parseHistoryLine(line.slice(0, length)), line.slice(0, length)).toBeUndefined();
    }
  });

  it.each(['', '\0\0\0\0', 'null', '[]', '{}', '"x"', '{"time":"yesterday"}'])('is not %j', (other) => {
    expect(parseHistoryLine(other)).toBeUndefined();
  });
});
