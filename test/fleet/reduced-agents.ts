/**
 * Many hosts in one process, for `npm run fleet -- --reduced`: each is the whole service with its own configuration, state,
 * log and connections. What they share is the process: its memory, its event loop, and the time of its processor.
 */
import { Writable } from 'node:stream';
import { loadConfig } from '../../src/config/load-config.js';
import { secretsOf } from '../../src/config/secrets-of.js';
import { type Service, startService } from '../../src/service.js';
import { openLog } from '../../src/telemetry/log/open-log.js';
import { openNotifier } from '../../src/telemetry/systemd/systemd-notifier.js';

const services: Service[] = [];
let isEnding = false;
/** One after the other, as hosts are reloaded one after the other. */
let reloading: Promise<unknown> = Promise.resolve();

process.on('SIGHUP', () => {
  for (const service of services) reloading = reloading.then(() => service.reload());
});
process.once('SIGTERM', () => {
  isEnding = true;
  for (const service of services) service.stop();
  void Promise.all(services.map(({ ended }) => ended)).then(() => process.exit(0));
});

for (const file of process.argv.slice(2)) if (!isEnding) services.push(await start(file));

async function start(file: string): Promise<Service> {
  const current = { config: loadConfig(file) };
  const log = await openLog(current.config.logging, {
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    underSystemd: false,
    colour: false,
    secrets: () => secretsOf(current.config),
  });
  return await startService(
    current.config,
    log,
    openNotifier({}, () => {}),
    () => {
      current.config = loadConfig(file);
      return current.config;
    },
  );
}
