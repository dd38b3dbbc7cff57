import { afterEach } from 'vitest';
import { bootedHosts } from './host.js';

/** What a failed test leaves to read: the host is gone afterwards. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const host of bootedHosts) {
    const { stdout } = await host.exec(['journalctl', '--no-pager', '--lines=60', '--output=short-precise']);
    process.stderr.write(`\nthe journal of the host when "${task.name}" failed:\n${stdout}\n`);
  }
});
