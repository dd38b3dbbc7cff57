import { createRestart } from '../../../src/restart/strategies/restart.js';
import { targetOf } from './target.js';

/** A service of its own that makes one restart and then has nothing left to do. */
const [name = '', startCommand] = process.argv.slice(2);
const settings = startCommand === undefined ? {} : { startCommand };
const report = await createRestart({ systemd: undefined })(
  targetOf(name, settings),
  new AbortController().signal,
);
process.stdout.write(report.detail);
