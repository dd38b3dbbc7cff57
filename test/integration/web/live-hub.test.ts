import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpError } from '../../../src/lib/http/http-error.js';
import { closeServer, createHttpServer, listenOn } from '../../../src/lib/http/http-server.js';
import { createRouter } from '../../../src/lib/http/router.js';
import type { Viewer } from '../../../src/web/access/gate.js';
import type { Snapshot } from '../../../src/web/contract/live.js';
import { LiveHub } from '../../../src/web/live/live-hub.js';
import type { LiveSource } from '../../../src/web/live/live-source.js';
import { freePort } from '../../support/database/free-port.js';
import { untilClosed } from '../../support/until-closed.js';
import { PageClient } from '../../support/web/page-client.js';

describe('open pages', () => {
  async function open(big = '', viewer: Viewer = { access: 'public' }) {
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
      answer: createRouter({
        routes: [
          {
            ...{ method: 'GET', path: '/api/live' },
            answer: async () => ({ kind: 'taken', take: (response) => hub.join(response, viewer) }),
          },
        ],
        describeFailure: (error) => ({
          status: error instanceof HttpError ? error.status : 500,
          body: String(error),
        }),
      }),
      ...{ maxConnections: 200, keepAliveTimeout: 1000 },
    });
    const port = await freePort();
    await listenOn(server, '127.0.0.1', port);
    onTestFinished(() => closeServer(server));
    return { hub, server, port, watched, faults, broken, snapshots: () => snapshots };
  }

  it('with nobody looking nothing is computed', async () => {
    const { hub, port, watched, snapshots } = await open();
    for (let change = 0; change < 100; change += 1) hub.onChange();
    expect([snapshots(), watched]).toEqual([0, []]);
    const live = await new PageClient(port).live();
    await live.waitFor('snapshot');
    live.close();
    await expect.poll(() => watched).toEqual([true, false]);
    const before = snapshots();
    for (let change = 0; change < 100; change += 1) hub.onChange();
    expect(snapshots()).toBe(before);
  });

  it('what fifty pages show is computed once, and changes that come together are one', async () => {
    const { hub, port, snapshots } = await open('', { access: 'user' });
    const client = new PageClient(port);
    const pages = await Promise.all(Array.from({ length: 50 }, () => client.live()));
    await Promise.all(pages.map((page) => page.waitFor('snapshot')));
    const before = snapshots();
    for (let change = 0; change < 1000; change += 1) hub.onChange();
    await Promise.all(pages.map((page) => page.waitFor('change')));
    expect(snapshots() - before).toBeLessThanOrEqual(2);
    for (const page of pages) page.close();
  });

  it('a page that does not follow is dropped; the others see everything', async () => {
    const { hub, server, port } = await open('x'.repeat(200_000));
    const slow = connect(port, '127.0.0.1').on('error', () => {});
    slow.write('GET /api/live HTTP/1.1\r\nHost: x\r\n\r\n');
    slow.pause();
    const [accepted] = await once(server, 'connection');
    const dropped = untilClosed(accepted);
    const live = await new PageClient(port).live();
    await live.waitFor('snapshot');
    let isDropped = false;
    void dropped.then(() => {
      isDropped = true;
    });
    while (!isDropped) {
      const from = live.events.length;
      hub.onChange();
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
    hub.onChange();
    await live.ended;
    expect(faults).toEqual([new Error('oh no')]);
    broken.is = false;
    const again = await new PageClient(port).live();
    await again.waitFor('snapshot');
    again.close();
  });

  it('a packet of many requests takes no places: whoever sends it is cut off', async () => {
    const { port, watched } = await open();
    for (let packet = 0; packet < 3; packet += 1) {
      const greedy = connect(port, '127.0.0.1').on('error', () => {});
      greedy.write('GET /api/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(64));
      await untilClosed(greedy.resume());
    }
    await expect.poll(() => watched.at(-1) ?? false).toBe(false);
    const lives = [];
    for (let page = 0; page < 32; page += 1) lives.push(await new PageClient(port).live());
    expect(lives.map(({ message }) => message.statusCode)).toEqual(lives.map(() => 200));
    for (const live of lives) live.close();
  });

  it('a page that was told goodbye has no place any more, whether or not it reads that', async () => {
    const { hub, port, watched } = await open('x'.repeat(200_000));
    const deaf = connect(port, '127.0.0.1').on('error', () => {});
    deaf.write('GET /api/live HTTP/1.1\r\nHost: x\r\n\r\n');
    deaf.pause();
    await expect.poll(() => watched).toEqual([true]);
    hub.close();
    expect(watched).toEqual([true, false]);
    deaf.destroy();
  });

  it('without a login at most 32 pages are open, so that 32 places are left for users', async () => {
    const { port } = await open();
    const lives = [];
    for (let page = 0; page < 33; page += 1) lives.push(await new PageClient(port).open('/api/live'));
    expect(lives.map(({ statusCode }) => statusCode)).toEqual([...lives.slice(1).map(() => 200), 429]);
    expect(await text(lives.at(-1) as NonNullable<(typeof lives)[0]>)).toMatch(
      /32 pages are open without a login/,
    );
    for (const live of lives) live.destroy();
  });
});
