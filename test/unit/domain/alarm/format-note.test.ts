import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNote, isNoteOf, isOwnNote } from '../../../../src/domain/alarm/format-note.js';
import { formatLocalTime } from '../../../../src/domain/local-time.js';

const AT = new Date(2026, 10, 2, 3, 4, 5).getTime();
const OUTCOMES = ['OK', 'FAILED', 'REFUSED', 'OPEN'] as const;

describe('R12: notes', () => {
  it('the outcome and the time stand first', () => {
    expect(formatNote('OK', AT, 'restarted by service, attempt 1')).toBe(
      'OK 2026-11-02 03:04:05 restarted by service, attempt 1',
    );
    expect(formatLocalTime(AT)).toBe('2026-11-02 03:04:05');
  });

  it.each([
    [
      'exit code 1: no such queue (restart, 2 attempts)',
      60,
      'exit code 1: no such queue (restart, 2 attempts)',
    ],
    ['exit code 1: no such queue (restart, 2 attempts)', 45, 'exit code 1: no such queue'],
    [
      'redis.service is masked: systemd may not start it; systemctl unmask redis',
      60,
      'redis.service is masked: systemd may not start it',
    ],
    ['a, b and many other words of a long reason', 30, 'a, b and many other words...'],
    ['it is failed (result exit-code, status 203) now', 30, 'it is failed (result...'],
  ])('R12: a reason is shortened by clauses, else by words: %s', (text, room, expected) => {
    expect(formatNote('FAILED', AT, text, { maxLength: 27 + room })).toBe(
      `FAILED 2026-11-02 03:04:05 ${expected}`,
    );
  });

  it('cutting takes the end and shows that it did', () => {
    const note = formatNote('FAILED', AT, 'x'.repeat(200), { maxLength: 40 });
    expect(note).toBe(`FAILED 2026-11-02 03:04:05 ${'x'.repeat(10)}...`);
    expect(formatNote('OK', AT, 'fits', { maxLength: 27 })).toBe('OK 2026-11-02 03:04:05 fits');
    expect(formatNote('OK', AT, 'fits!', { maxLength: 27 })).toBe('OK 2026-11-02 03:04:05 f...');
    expect(formatNote('OK', AT, 'x')).toHaveLength(24);
    expect(formatNote('OK', AT, 'x'.repeat(200))).toHaveLength(100);
    expect(formatNote('FAILED', AT, '', { maxLength: 3 })).toBe('FAI');
  });

  it('what is not ASCII is shown as a question mark, white space as one blank', () => {
    expect(formatNote('REFUSED', AT, 'é😀\ud800\0\x7f a\n\t b… ')).toBe(
      'REFUSED 2026-11-02 03:04:05 ????? a b...',
    );
  });

  it('is never wider than the column and always printable ASCII, for any text and any width', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 400 });
    const width = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(fc.constantFrom(...OUTCOMES), anyText, width, (outcome, text, maxLength) => {
        const note = formatNote(outcome, AT, text, { maxLength });
        expect(note.length).toBeLessThanOrEqual(maxLength);
        expect(note).toMatch(/^[\x20-\x7e]+$/);
        expect(`${outcome} 2026-11-02 03:04:05`.startsWith(note.slice(0, Math.min(10, maxLength - 3)))).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('our own notes are told from the words of a tool', () => {
    for (const outcome of OUTCOMES) expect(isOwnNote(formatNote(outcome, AT, 'x'))).toBe(true);
    for (const notes of [
      '',
      'OK',
      'disk full',
      'FAILED to start',
      'x OK 2026-11-02 03:04:05 x',
      'ok 2026-11-02 ',
    ])
      expect(isOwnNote(notes)).toBe(false);
  });

  it('and by their outcome', () => {
    const failed = formatNote('FAILED', AT, 'x');
    expect([isNoteOf('FAILED', failed), isNoteOf('OK', failed)]).toEqual([true, false]);
    expect([isNoteOf('FAILED', 'FAILED to start'), isNoteOf('FAILED', null)]).toEqual([false, false]);
  });

  it('a column of exactly the outcome and the time has them, and no reason', () => {
    expect(formatNote('OK', AT, 'x', { maxLength: 22 })).toBe('OK 2026-11-02 03:04:05');
    expect(formatNote('OK', AT, 'x', { maxLength: 23 })).toBe('OK 2026-11-02 03:04:05');
    expect(formatNote('OK', AT, 'x', { maxLength: 24 })).toBe('OK 2026-11-02 03:04:05 x');
  });
});
