import { describe, expect, it } from 'vitest';
import type { ListedProcess } from '../../../../src/db/tables/list-processes.js';
import { planClear, planRaise } from '../../../../src/service/admin/plan-alarm-change.js';

const NOTES = { maxLength: 10 };
const row = (processId: number, name: string | null, more: Partial<ListedProcess> = {}): ListedProcess => ({
  ...{
    processId,
    name,
    hasProcessRow: name !== null,
    hasStatusRow: true,
    isRaised: false,
    sound: 0,
    notes: null,
  },
  ...more,
});
const ROWS: readonly ListedProcess[] = [
  row(1, 'httpd'),
  row(2, 'mailer', { isRaised: true }),
  row(3, 'new', { hasStatusRow: false }),
  row(4, null, { isRaised: true }),
  row(5, '1'),
  row(6, 'twin'),
  row(7, 'twin'),
];
const raise = (...names: string[]) => planRaise({ names }, ROWS, NOTES);
const clear = (...names: string[]) => planClear({ names }, ROWS, NOTES);

describe('who is meant', () => {
  it.each([
    ['httpd', 1],
    ['HTTPD', 1],
    ['2', 2],
    // A name of digits comes before an id.
    ['1', 5],
    ['5', 5],
    ['4', 4],
  ])('%j is process_id %i', (word, processId) => {
    expect(raise(word).changes).toMatchObject([{ processId }]);
  });

  it('is each process once, however often it is named', () => {
    expect(raise('httpd', 'HTTPD', 'httpd').update).toEqual([1]);
  });

  it('is told for all at once where it cannot be found out, with a hint', () => {
    expect(() => raise('htpd', 'mailer', '99', 'twin', '\u001b[2J')).toThrow(
      [
        '"htpd": no such process, did you mean "httpd"?',
        '"99": no process of this name, and no process_id 99',
        '"twin": several processes have this name; give its process_id: 6, 7',
        '"\\u001b[2J": no such process',
      ].join('\n'),
    );
  });
});

describe('what is written', () => {
  it('to raise: rows that stand are left alone, missing ones are added', () => {
    expect(raise('httpd', 'mailer', 'new')).toEqual({
      alarma: 1,
      update: [1],
      insert: [3],
      changes: [
        { processId: 1, processName: 'httpd', outcome: 'raised' },
        { processId: 2, processName: 'mailer', outcome: 'raised already' },
        { processId: 3, processName: 'new', outcome: 'row added and raised' },
      ],
    });
  });

  it('to raise all: whoever has a name', () => {
    expect(planRaise({ names: 'all' }, ROWS, NOTES)).toMatchObject({ update: [1, 5, 6, 7], insert: [3] });
  });

  it('to clear: what stands, and nothing else', () => {
    expect(clear('httpd', 'mailer', 'new')).toMatchObject({ alarma: 0, update: [2], insert: [] });
    expect(planClear({ names: 'all' }, ROWS, NOTES)).toMatchObject({
      update: [2, 4],
      changes: [{ outcome: 'cleared' }, { outcome: 'cleared' }],
    });
  });

  it('a note goes with it, to an alarm that stands already too, and must fit', () => {
    const noted = { names: ['mailer'], note: '0123456789' };
    expect(planRaise(noted, ROWS, NOTES)).toMatchObject({ update: [2], note: '0123456789' });
    expect(raise('mailer')).not.toHaveProperty('note');
    for (const plan of [planRaise, planClear]) {
      expect(() => plan({ ...noted, note: '0123456789x' }, ROWS, NOTES)).toThrow(/11 characters.*holds 10/);
      // Characters as the column counts them.
      expect(() => plan({ ...noted, note: '🚑'.repeat(10) }, ROWS, NOTES)).not.toThrow();
    }
  });
});
