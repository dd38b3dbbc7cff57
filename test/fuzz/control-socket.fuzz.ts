import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { of } from 'rxjs';
import { openControlServer } from '../../src/control/control-server.js';
import {
  PAUSE_REQUEST,
  parseRequest,
  RESET_REQUEST,
  RESTART_REQUEST,
  RESUME_REQUEST,
  TEST_NOTIFICATION_REQUEST,
} from '../../src/control/requests.js';
import type { Route } from '../../src/lib/http/route.js';
import type { FuzzTarget } from './fuzz-target.js';
import { sendRaw } from './send-raw.js';

/** The control socket: whatever the bytes are, they are answered or dropped, never with a fault of ours, and it serves on. */
export const target: FuzzTarget = {
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'monitor_service-fuzz-'));
    const path = join(folder, 'control.sock');
    const failures: Error[] = [];
    const server = await openControlServer({
      path,
      routes: ROUTES,
      onFailure: (error) => failures.push(error),
    });
    return {
      async run(input) {
        const answer = await sendRaw({ path }, input);
        assert.doesNotMatch(answer, /^HTTP\/1\.1 5/m);
        assert.deepEqual(failures, []);
        assert.match(await sendRaw({ path }, 'GET /status HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
      },
      async close() {
        await server.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

/** The requests of the service, parsed as it parses them, and answered with what was understood. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/status', answer: async () => ({ kind: 'json', value: { isRunning: true } }) },
  ...Object.entries({
    reset: RESET_REQUEST,
    pause: PAUSE_REQUEST,
    resume: RESUME_REQUEST,
    'test-notification': TEST_NOTIFICATION_REQUEST,
  }).map(
    ([name, schema]): Route => ({
      method: 'POST',
      path: `/${name}`,
      answer: async (body) => ({ kind: 'json', value: parseRequest<object>(schema, body) }),
    }),
  ),
  {
    method: 'POST',
    path: '/restart',
    answer: async (body) => ({ kind: 'lines', lines: of(parseRequest<object>(RESTART_REQUEST, body)) }),
  },
];
