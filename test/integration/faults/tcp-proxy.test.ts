import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../support/faults/tcp-proxy.js';
import { waitFor } from '../../support/restart/wait-for.js';

describe('the proxy of the fault lab', () => {
  let echo: Server;
  let proxy: TcpProxy;
  const serverSides = new Set<Socket>();

  beforeEach(async () => {
    echo = createServer((socket) => {
      serverSides.add(socket);
      socket.on('error', () => {}).on('close', () => serverSides.delete(socket));
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await startTcpProxy((echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy.close();
    for (const socket of serverSides) socket.destroy();
    echo.close();
    await once(echo, 'close');
  });

  it('passes everything on, both ways, and the end of a connection', async () => {
    const client = await open(proxy);
    const text = 'x'.repeat(200_000);
    client.send(text);
    await waitFor('the echo', () => client.received.length === text.length);
    client.socket.end();
    await waitFor('the end to reach the server', () => serverSides.size === 0 && proxy.connections === 0);
  });

  it('resets every connection; new ones work', async () => {
    const client = await open(proxy);
    await roundTrip(client);
    proxy.resetAll();
    await waitFor('the reset', () => client.errors.some((text) => text.includes('ECONNRESET')));
    await waitFor('the reset to reach the server', () => serverSides.size === 0);
    await roundTrip(await open(proxy));
  });

  it('swallows both ways, also the end; after healing new connections work and old ones stay dead', async () => {
    const client = await open(proxy);
    await roundTrip(client);
    proxy.swallow();
    client.send('lost');
    const late = await open(proxy);
    late.send('lost as well');
    client.socket.destroy();
    await waitFor('the client to be gone', () => proxy.connections === 1);
    expect(serverSides.size).toBe(1);
    await proxy.heal();
    await waitFor('the server to be rid of it', () => serverSides.size === 0);
    await roundTrip(await open(proxy));
    expect(late.received).toBe('');
    expect(client.received).toBe('ping');
  });

  it('stands still until it is healed, then delivers everything', async () => {
    const client = await open(proxy);
    proxy.freeze();
    client.send('held');
    await roundTripPast(echo);
    expect(client.received).toBe('');
    await proxy.heal();
    await waitFor('what was held', () => client.received === 'held');
  });

  it('is a slow link, which delivers the rest at once when it is healed', async () => {
    const client = await open(proxy);
    proxy.slowDown(5000);
    const begun = performance.now();
    client.send('x'.repeat(500));
    await waitFor('the echo', () => client.received.length === 500);
    // 100 ms there, and the last piece of 244 bytes 49 ms back.
    expect(performance.now() - begun).toBeGreaterThan(140);
    client.send('x'.repeat(5_000_000));
    await proxy.heal();
    await waitFor('the rest', () => client.received.length === 5_000_500);
  });

  it('refuses new connections and leaves the others alone, until it is healed', async () => {
    const client = await open(proxy);
    await roundTrip(client);
    await proxy.refuse();
    await expect(open(proxy)).rejects.toThrow('ECONNREFUSED');
    await roundTrip(client);
    await proxy.heal();
    await roundTrip(await open(proxy));
  });
});

interface Client {
  readonly socket: Socket;
  readonly errors: string[];
  readonly received: string;
  send(text: string): void;
}

async function open({ port }: { readonly port: number }): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const errors: string[] = [];
  let received = '';
  socket.on('error', (error) => errors.push(String(error)));
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  return {
    socket,
    errors,
    get received() {
      return received;
    },
    send: (text) => void socket.write(text),
  };
}

async function roundTrip(client: Client): Promise<void> {
  const before = client.received;
  client.send('ping');
  await waitFor('the echo', () => client.received === `${before}ping`);
}

/** Long enough for what the proxy did not hold to have arrived. */
async function roundTripPast(server: Server): Promise<void> {
  for (let time = 0; time < 5; time += 1)
    await roundTrip(await open({ port: (server.address() as AddressInfo).port }));
}
