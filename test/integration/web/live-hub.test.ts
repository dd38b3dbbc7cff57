import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeServer, createHttpServer, listenOn } from '../../../src/lib/http/http-server.js';
import type { Snapshot } from '../../../src/web/contract/live.js';
import { LiveHub } from '../../../src/web/live/live-hub.js';
import type { LiveSource } from '../../../src/web/live/live-source.js';
import { freePort } from '../../support/database/free-port.js';
import { PageClient } from '../../support/web/page-client.js';

describe('open pages', () => {
  async function open(big = '') {
    const faults: unknown[] = [];
    const broken = { is: false };
    let snapshots = 0;
    const watched: boolean[] = [];
    const source: LiveSource = {
      async snapshot() {
        snapshots += 1;
        if (broken.is) throw new Error('oh no');
        return { at: 1, big: `${snapshots}${big}` } as unknown as Snapshot;
      },
      takeChanges: () => ({
        ...{ processIds: [], isCut: false, cycles: [], cyclesAreCut: false },
        rowsFor: () => [],
      }),
    };
    const hub = new LiveHub({
      source,
      isAlive: () => true,
      onWatched: (is) => void watched.push(is),
      onFailure: (error) => void faults.push(error),
    });
    const server = createHttpServer({
      answer: (_message, response) => hub.join(response, { access: 'public' }),
      ...{ maxConnections: 200, keepAliveTimeout: 1000 },
    });
    const port = await freePort();
    await listenOn(server, '127.0.0.1', port);
    onTestFinished(() => closeServer(server));
    return { hub, server, port, watched, faults, broken, snapshots: () => snapshots };
  }

  it('with nobody looking nothing is computed', async () => {
    const { hub, port, watched, snapshots } = await open();
    for (let change = 0; change < 100; change += 1) hub.poke();
    expect([snapshots(), watched]).toEqual([0, []]);
    const live = await new PageClient(port).live();
    await live.waitFor('snapshot');
    live.close();
    await expect.poll(() => watched).toEqual([true, false]);
    const before = snapshots();
    for (let change = 0; change < 100; change += 1) hub.poke();
    expect(snapshots()).toBe(before);
  });

  it('what fifty pages show is computed once, and changes that come together are one', async () => {
    const { hub, port, snapshots } = await open();
    const client = new PageClient(port);
    const pages = await Promise.all(Array.from({ length: 50 }, () => client.live()));
    await Promise.all(pages.map((page) => page.waitFor('snapshot')));
    const before = snapshots();
    for (let change = 0; change < 1000; change += 1) hub.poke();
    await Promise.all(pages.map((page) => page.waitFor('change')));
    expect(snapshots() - before).toBeLessThanOrEqual(2);
    for (const page of pages) page.close();
  });

  it('a page that does not follow is dropped; the others see everything', async () => {
    const { hub, server, port } = await open('x'.repeat(200_000));
    const slow = connect(port, '127.0.0.1');
    slow.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    slow.pause();
    const [accepted] = await once(server, 'connection');
    const dropped = once(accepted, 'close');
    const live = await new PageClient(port).live();
    await live.waitFor('snapshot');
    let isDropped = false;
    void dropped.then(() => {
      isDropped = true;
    });
    while (!isDropped) {
      const from = live.events.length;
      hub.poke();
      await live.waitFor('change', () => true, from);
    }
    expect(live.message.closed).toBe(false);
    slow.destroy();
    live.close();
  });

  it('R13: a fault of ours cuts the pages off, and ends nothing else', async () => {
    const { hub, port, faults, broken } = await open();
    const live = await new PageClient(port).live();
    await live.waitFor('snapshot');
    broken.is = true;
    hub.poke();
    await live.ended;
    expect(faults).toEqual([new Error('oh no')]);
    broken.is = false;
    const again = await new PageClient(port).live();
    await again.waitFor('snapshot');
    again.close();
  });
});
