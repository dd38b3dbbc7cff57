import { firstValueFrom, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { endOfRun } from '../../../../src/restart/systemd/end-of-run.js';
import { restartUnit } from '../../../../src/restart/systemd/restart-unit.js';
import type { SystemdClient } from '../../../../src/restart/systemd/systemd-client.js';
import type { UnitState } from '../../../../src/restart/systemd/unit-properties.js';
import { LOADED, scriptSystemd } from '../../../support/restart/scripted-systemd.js';

const RUN = { unit: 'app.service', invocationId: 'run-1', nRestarts: 0 };

/** systemd 239, of RHEL 8, tells of no change of InvocationID: whoever watches a unit goes on seeing the old one. */
describe('R17, R30: an InvocationID that nobody is told of', () => {
  function watching(real: Partial<UnitState>, seen: Subject<UnitState>): SystemdClient {
    const systemd = scriptSystemd({ units: { 'app.service': real } });
    return { ...systemd, watch: () => seen };
  }

  it('is read after a restart', async () => {
    const systemd = scriptSystemd({ units: { 'app.service': {} } });
    const old = new Subject<UnitState>();
    const restarting = restartUnit({ ...systemd, watch: () => old }, 'app.service', {
      ...{ timeoutMs: 5000, signal: new AbortController().signal },
    });
    await expect.poll(() => old.observed).toBe(true);
    old.next(LOADED);
    expect((await restarting).run).toEqual(RUN);
  });

  it('is read when the unit has stopped and started again', async () => {
    const seen = new Subject<UnitState>();
    const ended = firstValueFrom(endOfRun(watching({ invocationId: 'run-2' }, seen), RUN));
    seen.next({ ...LOADED, invocationId: 'run-1' });
    seen.next({ ...LOADED, invocationId: 'run-1', activeState: 'deactivating' });
    expect(await ended).toBe('it was started again meanwhile');
  });

  it('ends no run that only looks like another', async () => {
    const seen = new Subject<UnitState>();
    const reasons: string[] = [];
    const watch = endOfRun(watching({ invocationId: 'run-1' }, seen), RUN).subscribe((why) =>
      reasons.push(why),
    );
    seen.next({ ...LOADED, invocationId: 'run-0' });
    await new Promise(setImmediate);
    expect(reasons).toEqual([]);
    watch.unsubscribe();
  });
});
