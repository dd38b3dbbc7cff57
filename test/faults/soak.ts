import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setup } from '../support/global-setup.js';
import { rowServerKinds } from '../support/service/server-kinds.js';
import { HELD, judgeSamples } from './audit/judge-samples.js';
import { startOneRaiser } from './raisers/start-one-raiser.js';
import { Random } from './random.js';
import { openLab } from './scene/lab.js';
import { type Sample, takeSample } from './scene/sample.js';

const SAMPLE_EVERY_MS = 10_000;
/** The stream is cut in this one of so many intervals between two samples. */
const CUT_EVERY = 3;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    server: { type: 'string', default: 'mariadb' },
    seed: { type: 'string', default: '1' },
  },
});
await setup();
const kind = rowServerKinds().find(({ options }) => options.flavour === values.server);
if (!kind) throw new Error(`--server ${values.server} is not mariadb or mysql, or not installed here`);
const say = (cells: readonly (string | number)[]): void =>
  void process.stdout.write(`${cells.map((cell) => String(cell).padStart(12)).join('')}\n`);

const lab = await openLab({ kind, random: new Random(Number(values.seed)), pace: 1 });
const samples: Sample[] = [];
try {
  await lab.keeper.start();
  await lab.keeper.daemon.waitForLine(/watching the binlog/);
  const raiser = startOneRaiser(lab, 0, 1000);
  const startedAt = Date.now();
  const count = Math.ceil((Number(values.minutes) * 60_000) / SAMPLE_EVERY_MS);
  process.stdout.write(`${kind.name}: alarms all the time, the stream cut every 30 s\n`);
  say(['second', ...HELD]);
  for (let number = 1; number <= count; number += 1) {
    // Right after a sample, so that the next one finds it back.
    if (number % CUT_EVERY === 0) lab.proxy.resetAll();
    await delay(startedAt + number * SAMPLE_EVERY_MS - Date.now());
    const sample = await takeSample(lab, startedAt);
    samples.push(sample);
    say([sample.second, ...HELD.map((what) => sample[what])]);
  }
  await raiser.stop();
} finally {
  await lab.close();
}

process.stdout.write('\nmedian of the second quarter, of the last quarter\n');
for (const { what, early, late, isFlat } of judgeSamples(samples)) {
  say([what, early, late, isFlat ? 'flat' : 'NOT FLAT']);
  if (!isFlat) process.exitCode = 1;
}
