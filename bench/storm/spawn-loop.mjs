// The floor of a storm: runs the restart and then the check of `count` processes, at most `parallel` at a time, and does
// nothing else.
//
// OPTIONS in the environment is JSON: count; parallel; commands, in which `%s` becomes the name. Says `done MS` for each
// process, ms since the begin, and at last `cpu SECONDS` of its own, without those of the commands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const { count, parallel, commands } = JSON.parse(process.env.OPTIONS);
const doneAt = [];
let next = 0;

process.stdin.on('end', () => process.exit(0)).resume();
const before = process.cpuUsage();
const startedAt = performance.now();
await Promise.all(Array.from({ length: parallel }, work));
const { user, system } = process.cpuUsage(before);
for (const at of doneAt) process.stdout.write(`done ${at.toFixed(1)}\n`);
process.stdout.write(`cpu ${(user + system) / 1e6}\n`);

async function work() {
  while (next < count) {
    next += 1;
    const name = `p${next}`;
    for (const command of commands) await run(command.replaceAll('%s', name));
    doneAt.push(performance.now() - startedAt);
  }
}

async function run(command) {
  const child = spawn('/bin/sh', ['-c', command]);
  child.stdout.resume();
  child.stderr.resume();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command}: exit code ${code}`);
}
