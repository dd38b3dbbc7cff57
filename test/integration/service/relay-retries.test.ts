import { NEVER, Subject } from 'rxjs';
import { expect, it, onTestFinished } from 'vitest';
import { binlogForConfig } from '../../../src/service/binlog/binlog-for-config.js';
import type { DataSource } from '../../../src/service/table/live-database.js';
import { freePort } from '../../support/database/free-port.js';
import { load } from '../../unit/config/temp-config.js';

it('R38: relays that are away for long are tried every 10 s at least: a fleet is back within 10 s of their start', async () => {
  const config = load(`[database]\nuser = u\n[binlog]\nhost = 127.0.0.1:${await freePort()}`);
  // The primary is not asked before a relay answers.
  const source = { database: { changes: NEVER }, table: {} } as unknown as DataSource;
  const stream = { onServer() {}, onActivity() {}, onRelay() {}, onRelaySkipped() {} };
  const readableAgain = new Subject<void>();
  const waits: number[] = [];
  await new Promise<void>((resolve) => {
    const subscription = binlogForConfig(config, source, stream, readableAgain, () => 60_000).subscribe(
      (signal) => {
        if (signal.kind !== 'lost') return;
        waits.push(signal.retryInMs);
        if (waits.length === 12) resolve();
        // Cuts the wait short, which begins after this.
        else queueMicrotask(() => readableAgain.next());
      },
    );
    onTestFinished(() => subscription.unsubscribe());
  });
  expect(Math.max(...waits)).toBeGreaterThanOrEqual(5000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
});
