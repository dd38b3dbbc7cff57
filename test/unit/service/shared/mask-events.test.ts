import { describe, expect, it } from 'vitest';
import { BinlogError } from '../../../../src/domain/alarm/binlog-signal.js';
import { maskEvent, maskSignal } from '../../../../src/service/shared/mask-events.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';

const mask = (text: string): string => text.replaceAll('hush', '***');

describe('R24: events without secrets', () => {
  it('masks what commands, servers and people have said, and keeps names', () => {
    const report = { strategy: 'service', unit: 'hush.service', detail: 'said hush' } as const;
    const event = cycleEvent({ type: 'verified', attempt: 1, report, detail: 'hush', tookMs: 1 });
    expect(maskEvent({ ...event, processName: 'hush' }, mask)).toEqual({
      ...event,
      processName: 'hush',
      report: { ...report, detail: 'said ***' },
      detail: '***',
    });
    const failed = cycleEvent({ type: 'exhausted', step: 'verify', reason: 'exit 1: hush', attempts: 2 });
    expect(maskEvent(failed, mask)).toEqual({ ...failed, reason: 'exit 1: ***' });
  });

  it('copies nothing where there is nothing to mask', () => {
    const event = cycleEvent({ type: 'faulted', reason: 'none' });
    expect(maskEvent(event, mask)).toBe(event);
  });

  it('masks why the stream was lost, and keeps what follows from it', () => {
    const error = new BinlogError('hush', { remedy: 'wait', isConfiguration: true });
    const masked = maskSignal({ kind: 'lost', error, retryInMs: 1, wasUpForMs: undefined }, mask);
    expect(masked).toMatchObject({ error: { message: '***', remedy: 'wait', isConfiguration: true } });
  });
});
