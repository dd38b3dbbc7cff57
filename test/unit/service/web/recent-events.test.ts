import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
import { RecentEvents } from '../../../../src/service/web/recent-events.js';

const ALARM: Alarm = {
  ...{ processId: 1, processName: 'alpha', notes: null, trigger: 'binlog', raised: true },
  ...{ seenAt: 1, steadyAt: 1, causeSeq: 1, readSeq: 1 },
};

function detected(processId: number, notes: string) {
  const alarm = { ...ALARM, processId, notes };
  return { type: 'detected', processId, processName: 'alpha', at: 5, alarm } as const;
}

it('shows the note of an alarm and the output of a command, cut to what somebody reads', () => {
  const events = new RecentEvents();
  events.onEvent(detected(1, 'raised by the backup'));
  events.onEvent(detected(1, 'n'.repeat(65_000)));
  const failed = { type: 'exhausted', step: 'restart', attempts: 2, reason: 'r'.repeat(65_000) } as const;
  events.onEvent({ ...failed, processId: 1, processName: 'alpha', at: 6 });
  const [first, second, third] = events.of(1);
  expect(first).toEqual({
    ...{ at: 5, type: 'detected', level: 'info' },
    message: 'alarm seen (binlog): raised by the backup',
  });
  expect(second?.message).toMatch(/^alarm seen \(binlog\): n{299}…$/);
  expect(third?.message).toMatch(/r{1999}…/);
  expect(third?.message.length).toBeLessThan(2200);
});

it('does not keep the notes of the table, which may have 64 KB each', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const events = new RecentEvents();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < 1200; count += 1)
    events.onEvent(detected(count % 20, Buffer.alloc(65_000, `${count} `).toString('latin1')));
  collect();
  // 78 MB if they were kept.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
  expect(events.of(1)).toHaveLength(60);
});
