import { writeFile } from 'node:fs/promises';
import { HOSTS, makeHostTree } from '../support/acceptance/host-tree.js';
import { setup } from '../support/global-setup.js';
import { describeViolations, reportFaults, reportTable, reportWays } from './audit/report.js';
import { type FaultOptions, readOptions } from './options.js';
import { runLab } from './run-lab.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
let phase = 'the preparation';
// What waits for something that never comes would else end without a word, and well.
process.on('exit', () => {
  if (phase === '') return;
  say(`the lab ended in the middle of: ${phase}`);
  process.exitCode ||= 1;
});

await setup();
await runAll(readOptions(process.argv.slice(2)));
phase = '';

async function runAll(options: FaultOptions): Promise<void> {
  const { kinds, seed, faults, minutes, maxRestarts, log, host } = options;
  const tree = host === undefined ? undefined : makeHostTree(host);
  for (const kind of kinds) {
    say(
      `\n${kind.name}, seed ${seed}, ${faults} faults${host === undefined ? '' : ` on ${host}, ${HOSTS[host]}`}`,
    );
    phase = 'the faults';
    const result = await runLab({
      kind,
      seed,
      faults,
      forMs: minutes * 60_000,
      pace: 1,
      raisers: 4,
      pauseMs: 300,
      maxRestarts,
      tree,
      onFault: ({ number }) => {
        if (number % 50 === 0) say(`  ${number} faults`);
      },
      onPhase: (next) => {
        phase = next;
        say(`  ${next}`);
      },
    });
    say(`\n${reportTable(result)}\n\nfaults\n${reportFaults(result)}\n\ntransactions\n${reportWays(result)}`);
    if (log !== undefined) await writeFile(log, `${result.evidence.log.join('\n')}\n`);
    if (result.audit.violations.length === 0) continue;
    say(`\n${describeViolations(result)}\n`);
    const flapping = maxRestarts === 0 ? '' : ` --max-restarts ${maxRestarts}`;
    say(`again: npm run test:faults -- --faults ${faults} --seed ${seed}${flapping}`);
    process.exitCode = 1;
  }
}
