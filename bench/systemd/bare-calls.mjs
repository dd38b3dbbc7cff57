// The floor under systemd: runs on the booted host what an administrator would type, and nothing else.
//
// Each line of stdin is JSON: `id`, and `argv` of a program. Says `called ID MS` before it is started and `returned ID MS`
// when it has ended, by CLOCK_MONOTONIC, which the host shares with whoever has booted it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const now = () => Number(process.hrtime.bigint()) / 1e6;
let last = Promise.resolve();

for await (const line of createInterface({ input: process.stdin })) {
  last = last.then(() => call(JSON.parse(line)));
}
await last;

async function call({ id, argv: [program, ...args] }) {
  const calledAt = now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await once(child, 'exit');
  const returnedAt = now();
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${signal ?? `exit code ${code}`}`);
  process.stdout.write(`called ${id} ${calledAt}\nreturned ${id} ${returnedAt}\n`);
}
