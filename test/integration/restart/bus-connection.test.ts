import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusConnection, busCall } from '../../../src/restart/systemd/bus/bus-connection.js';
import {
  BusLostError,
  BusUnreachableError,
  NoAnswerError,
  SystemdRefusal,
} from '../../../src/restart/systemd/bus/bus-errors.js';
import { sizeOfMessage } from '../../../src/restart/systemd/bus/wire/message.js';
import { WireWriter } from '../../../src/restart/systemd/bus/wire/wire-writer.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const RETURN = 2;
const ERROR = 3;
const SIGNAL = 4;
const SOON_MS = 10_000;

type Fields = readonly (readonly [code: number, type: string, value: unknown])[];

function message(type: number, fields: Fields, signature = '', body: readonly unknown[] = []): Buffer {
  const writer = new WireWriter();
  for (const byte of ['l'.charCodeAt(0), type, 0, 1]) writer.byte(byte);
  for (const word of [0, 1, 0]) writer.uint32(word);
  for (const [code, kind, value] of [
    ...fields,
    ...(signature === '' ? [] : [[8, 'g', signature] as const]),
  ]) {
    writer.align(8);
    writer.byte(code);
    writer.signature(kind);
    writer.values(kind, [value]);
  }
  writer.replaceUint32(12, writer.length - 16);
  writer.align(8);
  const bodyAt = writer.length;
  writer.values(signature, body);
  writer.replaceUint32(4, writer.length - bodyAt);
  return writer.written;
}

const answer = (serial: number, text = ''): Buffer => message(RETURN, [[5, 'u', serial]], 's', [text]);
const signal = (sender: string, text: string): Buffer =>
  message(
    SIGNAL,
    [
      [1, 'o', '/x'],
      [2, 's', 'a.b'],
      [3, 's', 'Said'],
      [7, 's', sender],
    ],
    's',
    [text],
  );

/** A bus that does what a test says: what no real one does. The real ones are in test/acceptance/systemd-client.test.ts. */
describe('a connection to the bus', () => {
  let workspace: Workspace;
  let server: Server;
  let socket: Socket;
  /** The serials of the calls that have come, in their order. */
  let serials: number[];
  /** What the bus does with a call; `undefined` if it has no answer. */
  let reply: (serial: number) => Buffer | undefined;
  let letIn: string;
  const before = process.env.DBUS_SYSTEM_BUS_ADDRESS;

  beforeEach(async () => {
    workspace = await createWorkspace();
    serials = [];
    reply = (serial) => answer(serial);
    letIn = 'OK 0123456789abcdef\r\n';
    server = createServer((client) => {
      socket = client;
      serve(client);
    });
    server.listen(workspace.path('bus'));
    await once(server, 'listening');
    process.env.DBUS_SYSTEM_BUS_ADDRESS = `unix:path=${workspace.path('bus')}`;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = before;
    socket?.destroy();
    server.close();
    await workspace.remove();
  });

  function serve(client: Socket): void {
    let rest = Buffer.alloc(0);
    let hasBegun = false;
    client.on('error', () => {});
    client.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      if (!hasBegun) {
        const text = rest.toString('latin1');
        if (text === `\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.())).toString('hex')}\r\n`)
          client.write(letIn);
        const begin = text.indexOf('BEGIN\r\n');
        if (begin < 0) return;
        hasBegun = true;
        rest = rest.subarray(begin + 7);
      }
      while (rest.length >= 16 && rest.length >= sizeOfMessage(rest)) {
        const serial = rest.readUInt32LE(8);
        rest = rest.subarray(sizeOfMessage(rest));
        serials.push(serial);
        const bytes = serial === 1 ? answer(1, ':1.7') : reply(serial);
        if (bytes) client.write(bytes);
      }
    });
  }

  it('answers calls by their number, whatever their order, and in pieces', async () => {
    const connection = await BusConnection.open(SOON_MS);
    reply = (serial) => {
      if (serial < 3) return undefined;
      const both = Buffer.concat([answer(3, 'second'), answer(2, 'first')]);
      socket.write(both.subarray(0, 50));
      setImmediate(() => socket.write(both.subarray(50)));
      return undefined;
    };
    const calls = ['One', 'Two'].map((member) => connection.call(busCall(member), SOON_MS));
    expect(await Promise.all(calls)).toEqual([['first'], ['second']]);
    connection.end('over');
  });

  it('R14: hears only those who are listened to, and ends with nothing that another one sends', async () => {
    const connection = await BusConnection.open(SOON_MS);
    const heard: unknown[] = [];
    connection.signals.subscribe(({ sender, body }) => heard.push([sender, ...body]));
    connection.listenTo(':1.1');
    // Its body is not what its signature says.
    const broken = message(SIGNAL, [
      [1, 'o', '/x'],
      [3, 's', 'Said'],
      [7, 's', ':1.9'],
      [8, 'g', 's'],
    ]);
    reply = (serial) =>
      Buffer.concat([
        signal(':1.9', 'forged'),
        broken,
        signal(':1.1', 'true'),
        answer(99, 'forged'),
        answer(serial, 'x'),
      ]);
    expect(await connection.call(busCall('Ask'), SOON_MS)).toEqual(['x']);
    expect(heard).toEqual([[':1.1', 'true']]);
    connection.end('over');
  });

  it('tells an error of systemd from the end of systemd', async () => {
    const connection = await BusConnection.open(SOON_MS);
    const error = (name: string) => (serial: number) =>
      message(
        ERROR,
        [
          [4, 's', name],
          [5, 'u', serial],
        ],
        's',
        ['why'],
      );
    reply = error('org.freedesktop.systemd1.NoSuchUnit');
    const refused = await connection.call(busCall('Ask'), SOON_MS).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(SystemdRefusal);
    expect(refused).toMatchObject({ message: 'why', retryable: false });
    reply = error('org.freedesktop.DBus.Error.NoReply');
    await expect(connection.call(busCall('Ask'), SOON_MS)).rejects.toBeInstanceOf(BusLostError);
    connection.end('over');
  });

  it('R8: has at most 100 calls without an answer, and sends none that nobody waits for any more', async () => {
    const connection = await BusConnection.open(SOON_MS);
    const held: number[] = [];
    reply = (serial) => void held.push(serial);
    const calls = Array.from({ length: 101 }, () => connection.call(busCall('Ask'), SOON_MS));
    const given = connection.call(busCall('Late'), 1);
    await expect(given).rejects.toBeInstanceOf(NoAnswerError);
    await expect.poll(() => held.length).toBe(100);
    reply = (serial) => answer(serial);
    for (const serial of held) socket.write(answer(serial));
    await Promise.all(calls);
    // Hello, and the 101: the late one was not sent.
    expect(serials).toHaveLength(102);
    connection.end('over');
  });

  it('needs no answer to what it only tells', async () => {
    const connection = await BusConnection.open(SOON_MS);
    reply = (serial) => (serial === 2 ? undefined : answer(serial));
    connection.tell(busCall('RemoveMatch', 's', ['x']));
    await connection.call(busCall('Ask'), SOON_MS);
    expect(serials).toEqual([1, 2, 3]);
    connection.end('over');
  });

  it.each<[string, () => void]>([
    ['closes it', () => socket.destroy()],
    ['sends what is no message', () => socket.write(Buffer.alloc(64, 0xff))],
    [
      'sends an answer whose body is not what it says',
      () =>
        socket.write(
          message(RETURN, [
            [5, 'u', 2],
            [8, 'g', 's'],
          ]),
        ),
    ],
  ])('fails every call, and tells everybody, where the bus %s', async (_, act) => {
    const connection = await BusConnection.open(SOON_MS);
    reply = () => void act();
    const calls = ['One', 'Two'].map((member) =>
      connection.call(busCall(member), SOON_MS).catch((error: unknown) => error),
    );
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(BusLostError);
    expect(connection.lost.aborted).toBe(true);
    await expect(connection.call(busCall('Ask'), SOON_MS)).rejects.toBeInstanceOf(BusLostError);
  });

  it.each<[string, RegExp, () => void]>([
    [
      'is not there',
      /ENOENT/,
      () => {
        process.env.DBUS_SYSTEM_BUS_ADDRESS = `unix:path=${workspace.path('nowhere')}`;
      },
    ],
    [
      'does not let us in',
      /REJECTED/,
      () => {
        letIn = 'REJECTED EXTERNAL\r\n';
      },
    ],
    [
      'speaks another language',
      /does not speak D-Bus/,
      () => {
        letIn = 'x'.repeat(5000);
      },
    ],
  ])('is refused where the bus %s', async (_, why, prepare) => {
    prepare();
    const opening = BusConnection.open(SOON_MS);
    await expect(opening).rejects.toBeInstanceOf(BusUnreachableError);
    await expect(opening).rejects.toThrow(why);
  });

  it('is refused where the bus says nothing within the time', async () => {
    letIn = '';
    await expect(BusConnection.open(20)).rejects.toThrow('no answer within 0.02 s');
  });
});
