import { createRestart } from '../../../src/restart/strategies/restart.js';
import { SecondInstanceWatch } from '../../../src/restart/strategies/second-instance-watch.js';
import { targetOf } from './target.js';

/** A service of its own that makes one restart and then has nothing left to do. */
const [name = '', startCommand] = process.argv.slice(2);
const settings = startCommand === undefined ? {} : { startCommand };
// The test that started the process is no supervisor, which would start it again within some seconds.
const watch = new SecondInstanceWatch(() => {}, 0);
const report = await createRestart({ systemd: undefined, watch })(
  targetOf(name, settings),
  new AbortController().signal,
);
process.stdout.write(report.detail);
