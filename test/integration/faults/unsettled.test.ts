import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('R12: what an earlier run cleared without an end', rowServerKinds, ({ open }) => {
  it('is checked at the next start: healthy: nothing more', async () => {
    const { database, fleet, launch, path } = await open('alpha');
    await leaveUnsettled(path('state.json'), 1);
    await launch();
    await waitFor('the end of it', async () => (await readUnsettled(path('state.json'))).length === 0);
    expect((await fleet.journal()).map(({ what }) => what)).toEqual(['check']);
    expect(await database.row(1)).toMatchObject({ alarma: 0, notes: null });
  });

  it('ill: the alarm stands again, and is answered', async () => {
    const { database, fleet, launch, path } = await open('alpha');
    await leaveUnsettled(path('state.json'), 1);
    await fleet.planChecks('alpha', [1]);
    await fleet.hold('alpha');
    const daemon = await launch();
    await fleet.begun('alpha');
    expect(await database.row(1)).toMatchObject({
      alarma: 1,
      notes: expect.stringContaining('not healthy when checked again'),
    });
    await fleet.release('alpha');
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('but where the alarm stands it is a new one, which gets its restart', async () => {
    const { database, fleet, launch, path } = await open('alpha');
    await leaveUnsettled(path('state.json'), 1);
    await database.raise(1);
    const daemon = await launch();
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('is written down while a stop hides whether a raise was overwritten', async () => {
    const { database, fleet, watchCalmly, path, raiseAndHold } = await open('alpha');
    const daemon = await watchCalmly();
    await raiseAndHold('alpha');
    daemon.signal('SIGTERM');
    await daemon.waitForLine(/SIGTERM: stopping/);
    await fleet.release('alpha');
    expect(await daemon.exit).toMatchObject({ code: 0 });
    expect(await database.row(1)).toMatchObject({ alarma: 0 });
    expect(await readUnsettled(path('state.json'))).toEqual(['1']);
  });
});

/** As a service leaves it that was killed between a clear and its row change. */
async function leaveUnsettled(file: string, processId: number): Promise<void> {
  const state = { version: 1, circuits: {}, verified: {}, unsettled: { [processId]: Date.now() } };
  await writeFile(file, JSON.stringify(state));
}

async function readUnsettled(file: string): Promise<string[]> {
  return Object.keys(JSON.parse(await readFile(file, 'utf8')).unsettled);
}
