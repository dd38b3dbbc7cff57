import { describe, expect, it } from 'vitest';
import { checkUnit } from '../../../../src/restart/health/check-unit.js';
import type { UnitState } from '../../../../src/restart/systemd/unit-properties.js';
import { scriptSystemd } from '../../../support/restart/scripted-systemd.js';

const check = (state: Partial<UnitState>) =>
  checkUnit(scriptSystemd({ units: { 'app.service': state } }), 'app.service');

describe('R21: by its unit a process', () => {
  it.each(['active', 'reloading', 'refreshing'])('is healthy while that is %s', async (activeState) =>
    expect(await check({ activeState })).toMatchObject({ healthy: true }),
  );

  it('is healthy as a oneshot that has done its work', async () =>
    expect(await check({ type: 'oneshot', activeState: 'inactive', result: 'success' })).toMatchObject({
      healthy: true,
    }));

  it.each(['inactive', 'activating', 'deactivating', 'failed'])(
    'is not healthy while that is %s',
    async (activeState) =>
      expect(await check({ type: 'simple', activeState })).toEqual({
        healthy: false,
        reason: expect.stringContaining(`app.service is ${activeState}`),
      }),
  );
});
