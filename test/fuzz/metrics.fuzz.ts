import assert from 'node:assert/strict';
import { openMetricsServer } from '../../src/telemetry/metrics/metrics-server.js';
import { freePort } from '../support/database/free-port.js';
import type { FuzzTarget } from './fuzz-target.js';
import { sendRaw } from './send-raw.js';

/** The endpoint of the metrics: whatever the bytes are, they are answered or dropped, and it serves on. */
export const target: FuzzTarget = {
  async open() {
    const port = await freePort();
    const failures: Error[] = [];
    const text = { contentType: 'text/plain', render: async () => 'up 1\n' };
    const server = await openMetricsServer({ host: '127.0.0.1', port }, text, (error) =>
      failures.push(error),
    );
    const to = { host: '127.0.0.1', port };
    return {
      async run(input) {
        assert.doesNotMatch(await sendRaw(to, input), /^HTTP\/1\.1 5/m);
        assert.deepEqual(failures, []);
        assert.match(
          await sendRaw(to, 'GET /metrics HTTP/1.0\r\n\r\n'),
          /^HTTP\/1\.1 200 .*\r\n\r\nup 1\n$/s,
        );
      },
      close: () => server.close(),
    };
  },
};
