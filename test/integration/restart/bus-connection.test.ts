import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Message, type MessageBus, sessionBus } from '@jellybrick/dbus-next';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { findOnPath } from '../../../src/restart/commands/find-on-path.js';
import { BusConnection } from '../../../src/restart/systemd/bus/bus-connection.js';
import { BusLostError, NoAnswerError } from '../../../src/restart/systemd/bus/bus-errors.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';
import { endWithUs } from '../../support/service/end-with-us.js';

/** As many calls as the connection sends before it has an answer to one of them. */
const MAX_PENDING = 100;
const LONG_MS = 60_000;

const [program = ''] = await findOnPath('dbus-daemon', process.env.PATH);

describeWhere('R17: a connection to a bus', program === '' ? 'there is no dbus-daemon' : undefined, () => {
  const ownAddress = process.env.DBUS_SYSTEM_BUS_ADDRESS;
  let workspace: Workspace;
  let daemon: ChildProcess;
  let guard: ReturnType<typeof endWithUs>;
  /** Somebody on the bus who answers when he is told to. */
  let peer: MessageBus;
  let heard: Message[];
  let connection: BusConnection;

  beforeAll(async () => {
    workspace = await createWorkspace();
    const busAddress = `unix:path=${workspace.path('socket')}`;
    await writeFile(
      workspace.path('bus.conf'),
      `<busconfig><listen>${busAddress}</listen><auth>EXTERNAL</auth>
       <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>`,
    );
    const args = [`--config-file=${workspace.path('bus.conf')}`, '--nofork', '--nosyslog', '--print-address'];
    daemon = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    guard = endWithUs(daemon.pid ?? 0, workspace.directory);
    if (daemon.stdout) await once(daemon.stdout, 'data');
    peer = sessionBus({ busAddress });
    await once(peer, 'connect');
    peer.addMethodHandler((message) => heard.push(message) > 0);
    process.env.DBUS_SYSTEM_BUS_ADDRESS = busAddress;
  });

  afterAll(async () => {
    if (ownAddress === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = ownAddress;
    peer?.disconnect();
    await workspace?.remove();
    guard?.release();
  });

  beforeEach(async () => {
    heard = [];
    connection = await BusConnection.open(LONG_MS);
  });
  afterEach(() => connection?.end('the test is over'));

  const call = (member: string, timeoutMs = LONG_MS) =>
    connection.call(
      { destination: peer.name ?? '', path: '/peer', interface: 'test.Peer', member },
      timeoutMs,
    );
  const heardOf = (member: string) => heard.filter((message) => message.member === member);
  const answer = (message: Message | undefined) => message && peer.send(Message.newMethodReturn(message));

  it('does not send a call that was given up while it waited for its turn', async () => {
    const early = Promise.all(Array.from({ length: MAX_PENDING }, () => call('Early')));
    early.catch(() => {});
    await waitFor('the calls', () => heardOf('Early').length === MAX_PENDING);
    await expect(call('GivenUp', 1)).rejects.toBeInstanceOf(NoAnswerError);
    const next = call('Next');
    // Two turns, so that the next call has one whatever is done with the other.
    for (const message of heardOf('Early').slice(0, 2)) answer(message);
    await waitFor('the turn of the next', () => heardOf('Next').length === 1);
    expect(heardOf('GivenUp')).toEqual([]);
    for (const message of [...heardOf('Early').slice(2), ...heardOf('Next')]) answer(message);
    await Promise.all([early, next]);
  });

  it('ends where the bus itself hangs, so that systemd is reached without it', async () => {
    daemon.kill('SIGSTOP');
    try {
      const others = call('Other').catch((error: unknown) => error);
      await expect(call('Hanging', 1)).rejects.toBeInstanceOf(BusLostError);
      expect(await others).toBeInstanceOf(BusLostError);
      expect(connection.lost.aborted).toBe(true);
    } finally {
      daemon.kill('SIGCONT');
    }
  });

  it('tells everybody who waits for an answer or a signal that the bus has gone', async () => {
    const waiting = call('Waiting').catch((error: unknown) => error);
    const listening = lastValueFrom(connection.signals.pipe(toArray()));
    await waitFor('the call', () => heardOf('Waiting').length === 1);
    daemon.kill('SIGKILL');
    expect(await waiting).toBeInstanceOf(BusLostError);
    await listening;
    expect(connection.lost.aborted).toBe(true);
    await expect(call('Later')).rejects.toBeInstanceOf(BusLostError);
  });
});
