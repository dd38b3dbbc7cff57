import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../support/database/free-port.js';

it('a port that was given is given to nobody else, although nobody listens there yet', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
  const listener = createServer().listen(ports[0], '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
  // What another process would ask for.
  const rival = createServer().listen(`\0monitor_service-port-${ports[0]}`);
  await expect(once(rival, 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
