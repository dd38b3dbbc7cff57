import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
import {
  type AlarmInput,
  type AlarmKnowledge,
  alarmToReread,
  isRaisedAgain,
  nextKnowledge,
  pendingRaise,
  UNCHANGED,
} from '../../../../src/domain/alarm/alarm-knowledge.js';

function alarm(notes: string): Alarm {
  return {
    processId: 7,
    notes,
    trigger: 'binlog',
    raised: true,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
  };
}

const OLD = alarm('old');
const NEW = alarm('new');

const STATES = {
  unchanged: UNCHANGED,
  maybe: { is: 'maybe-raised-again', alarm: OLD },
  raised: { is: 'raised-again', alarm: OLD },
  sure: { is: 'withdrawn', sure: true },
  'sure, seen': { is: 'withdrawn', sure: true, seen: OLD },
  unsure: { is: 'withdrawn', sure: false },
  'unsure, seen': { is: 'withdrawn', sure: false, seen: OLD },
} as const satisfies Record<string, AlarmKnowledge>;
type StateName = keyof typeof STATES;

const INPUTS = {
  raise: { kind: 'raised', alarm: NEW },
  seen: { kind: 'seen-raised', alarm: NEW },
  doubt: { kind: 'clear-doubted', alarm: NEW },
  lowered: { kind: 'lowered-by-others' },
  hidden: { kind: 'hidden-change' },
  echo: { kind: 'own-clear-came-back' },
} as const satisfies Record<string, AlarmInput>;

const RAISED: AlarmKnowledge = { is: 'raised-again', alarm: NEW };
const MAYBE: AlarmKnowledge = { is: 'maybe-raised-again', alarm: NEW };
const { sure: SURE, unsure: UNSURE } = STATES;
const SURE_SEEN: AlarmKnowledge = { ...SURE, seen: NEW };
const UNSURE_SEEN: AlarmKnowledge = { ...UNSURE, seen: NEW };

/** What each state becomes by each input; a dash: it stays. */
const TABLE: Record<StateName, Record<keyof typeof INPUTS, AlarmKnowledge | '-'>> = {
  unchanged: { raise: RAISED, seen: MAYBE, doubt: MAYBE, lowered: SURE, hidden: '-', echo: '-' },
  maybe: { raise: RAISED, seen: MAYBE, doubt: '-', lowered: SURE, hidden: '-', echo: '-' },
  raised: { raise: RAISED, seen: '-', doubt: '-', lowered: SURE, hidden: '-', echo: '-' },
  sure: { raise: RAISED, seen: SURE_SEEN, doubt: SURE_SEEN, lowered: '-', hidden: UNSURE, echo: UNSURE },
  'sure, seen': {
    ...{ raise: RAISED, seen: SURE_SEEN, doubt: '-', lowered: SURE },
    ...{ hidden: STATES['unsure, seen'], echo: STATES['unsure, seen'] },
  },
  unsure: { raise: RAISED, seen: UNSURE_SEEN, doubt: UNSURE_SEEN, lowered: SURE, hidden: '-', echo: '-' },
  'unsure, seen': { raise: RAISED, seen: UNSURE_SEEN, doubt: '-', lowered: SURE, hidden: '-', echo: '-' },
};

const names = Object.keys(STATES) as StateName[];

describe('R7, R12: what is known of an alarm', () => {
  it.each(
    names.flatMap((state) =>
      (Object.keys(INPUTS) as (keyof typeof INPUTS)[]).map((input) => [state, input] as const),
    ),
  )('%s, %s', (state, input) => {
    const expected = TABLE[state][input];
    expect(nextKnowledge(STATES[state], INPUTS[input])).toEqual(expected === '-' ? STATES[state] : expected);
  });

  it.each<[StateName, boolean, Alarm | undefined, Alarm | undefined, Alarm | undefined]>([
    ['unchanged', false, undefined, undefined, undefined],
    ['maybe', true, OLD, undefined, undefined],
    ['raised', true, OLD, OLD, undefined],
    ['sure', false, undefined, undefined, undefined],
    ['sure, seen', true, OLD, undefined, OLD],
    ['unsure', false, undefined, undefined, undefined],
    ['unsure, seen', true, OLD, undefined, OLD],
  ])('%s: what is to be answered', (state, isAgain, afterSuccess, afterFailure, reread) => {
    const now = STATES[state];
    expect(isRaisedAgain(now)).toBe(isAgain);
    expect([pendingRaise(now, true), pendingRaise(now, false)]).toEqual([afterSuccess, afterFailure]);
    expect(alarmToReread(now)).toBe(reread);
  });
});
