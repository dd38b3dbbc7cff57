import { concat, NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { RestartError } from '../../../../src/domain/cycle/restart-target.js';
import { Deadline } from '../../../../src/restart/systemd/deadline.js';
import type { SystemdClient } from '../../../../src/restart/systemd/systemd-client.js';
import { waitForState } from '../../../../src/restart/systemd/wait-for-state.js';
import { LOADED, scriptSystemd } from '../../../support/restart/scripted-systemd.js';

const ENDED = { activeState: 'inactive' };
const PROPERTIES = ['activeState'] as const;

/** Says that the unit runs, and nothing more; `late` is what it answers when it is asked. */
function silentSystemd(late: SystemdClient['show']): Pick<SystemdClient, 'show' | 'watch'> {
  return { ...scriptSystemd({ units: {} }), show: late, watch: () => concat(of(LOADED), NEVER) };
}

function waitForEnd(systemd: Pick<SystemdClient, 'show' | 'watch'>, signal?: AbortSignal) {
  const deadline = new Deadline({ timeoutMs: 1, ...(signal && { signal }) });
  const hasEnded = ({ activeState }: { activeState: string }) => activeState === 'inactive';
  return waitForState(systemd, 'a.service', PROPERTIES, hasEnded, deadline);
}

describe('waitForState', () => {
  it('R16: hears of an end that came in time although the deadline was over first', async () => {
    const late = async () => ({ ...LOADED, ...ENDED });
    expect(await waitForEnd(silentSystemd(late))).toMatchObject(ENDED);
  });

  it('R16: is in vain when the unit still runs at the deadline', async () => {
    expect(await waitForEnd(silentSystemd(async () => LOADED))).toBeUndefined();
  });

  it('is in vain when systemd cannot be asked then', async () => {
    const late = () => Promise.reject(new RestartError('systemd does not answer', true));
    expect(await waitForEnd(silentSystemd(late))).toBeUndefined();
  });

  it('asks nothing more when it is given up', async () => {
    const late = async () => ({ ...LOADED, ...ENDED });
    expect(await waitForEnd(silentSystemd(late), AbortSignal.abort())).toBeUndefined();
  });
});
