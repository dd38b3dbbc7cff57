import { writeFile } from 'node:fs/promises';
import { setup } from '../support/global-setup.js';
import { describeViolations, reportFaults, reportTable, reportWays } from './audit/report.js';
import { readOptions } from './options.js';
import { runLab } from './run-lab.js';

await setup();
const options = readOptions(process.argv.slice(2));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

for (const kind of options.kinds) {
  say(`\n${kind.name}, seed ${options.seed}, ${options.faults} faults`);
  const result = await runLab({
    kind,
    seed: options.seed,
    faults: options.faults,
    forMs: options.minutes * 60_000,
    pace: 1,
    raisers: 4,
    pauseMs: 300,
    onFault: ({ number }) => {
      if (number % 50 === 0) say(`  ${number} faults`);
    },
  });
  say(`\n${reportTable(result)}\n\nfaults\n${reportFaults(result)}\n\ntransactions\n${reportWays(result)}`);
  if (options.log !== undefined) await writeFile(options.log, `${result.evidence.log.join('\n')}\n`);
  if (result.audit.violations.length === 0) continue;
  say(
    `\n${describeViolations(result)}\n\nreplay: npm run test:faults -- --faults ${options.faults} --seed ${options.seed}`,
  );
  process.exitCode = 1;
}
