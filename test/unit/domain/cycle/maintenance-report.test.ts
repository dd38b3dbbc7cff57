import { expect, it } from 'vitest';
import type { Maintenance } from '../../../../src/domain/cycle/maintenance.js';
import { reportMaintenance } from '../../../../src/domain/cycle/maintenance-report.js';

const NIGHT: Maintenance = {
  name: 'night',
  schedule: '0 2 * * *',
  durationMs: 3_600_000,
  processes: ['web', 'cache'],
  reason: 'backup',
};
const ALL: Maintenance = { name: 'all', schedule: '0 3 * * 0', durationMs: 60_000, processes: [] };

it('each maintenance is reported with what runs of it now and what begins next, and nothing of another', () => {
  const running = [{ maintenance: ALL, since: 10, until: 20 }];
  const next = [
    { maintenance: NIGHT, since: 100, until: 200 },
    { maintenance: ALL, since: 300, until: 400 },
  ];
  expect(reportMaintenance([NIGHT, ALL], running, next)).toEqual([
    {
      name: 'night',
      schedule: '0 2 * * *',
      processes: ['web', 'cache'],
      reason: 'backup',
      next: { since: 100, until: 200 },
    },
    {
      name: 'all',
      schedule: '0 3 * * 0',
      running: { since: 10, until: 20 },
      next: { since: 300, until: 400 },
    },
  ]);
  expect(reportMaintenance([ALL], [], [])).toEqual([{ name: 'all', schedule: '0 3 * * 0' }]);
});
