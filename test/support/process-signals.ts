import type { Alarm, AlarmSignal } from '../../src/domain/alarm/alarm.js';

/** An alarm raised by a row change; its place in the order of events is 1, before the end of any cycle. */
export function anAlarm(processId: number, notes: string | null, overrides: Partial<Alarm> = {}): Alarm {
  return {
    processId,
    notes,
    trigger: 'binlog',
    raised: true,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
    ...overrides,
  };
}

export function raised(processId: number, notes: string): AlarmSignal {
  return { kind: 'alarm', alarm: anAlarm(processId, notes) };
}

/** An alarm that a reconcile found: what triggered it, and when its SELECT began. */
export function standing(processId: number, notes: string, causeSeq: number, readSeq: number): AlarmSignal {
  return { kind: 'alarm', alarm: anAlarm(processId, notes, { raised: false, causeSeq, readSeq }) };
}

export function lowered(processId: number, notes: string | null = null): AlarmSignal {
  return { kind: 'lowered', lowering: { processId, notes } };
}

export function ownWrite(processId: number): AlarmSignal {
  return { kind: 'own-write', processId };
}
