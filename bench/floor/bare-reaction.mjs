// The floor: what reacts to an alarm with zongji and child_process and nothing else. It looks no name up, keeps no state,
// verifies nothing, and would not survive an error.
//
// OPTIONS in the environment is JSON: the connection as mysql2 takes it; schema; command, with %s for the name; isStandingAnswered: whether
// the alarms that stand at the start are answered too; isPatient: whether a connection that fails is tried again every
// 10 ms. Says `streaming` when it watches; ends with its stdin.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import ZongJi from '@vlasky/zongji';
import { createConnection } from 'mysql2/promise';

const { connection, schema, command, isStandingAnswered, isPatient } = JSON.parse(process.env.OPTIONS);

process.stdin.on('end', () => process.exit(0)).resume();
if (isPatient) await untilAccepted();

const zongji = new ZongJi(connection);
zongji.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
let isStreaming = false;
zongji.on('binlog', (event) => {
  const name = event.getEventName();
  if (name === 'rotate' && !isStreaming) {
    isStreaming = true;
    process.stdout.write('streaming\n');
    if (isStandingAnswered) void answerStanding();
  }
  if (name !== 'updaterows') return;
  for (const { before, after } of event.rows) {
    if (after.alarma === 1 && before.alarma !== 1) react(`p${after.process_id}`);
  }
});
zongji.start({
  startAtEnd: true,
  serverId: 77,
  includeEvents: ['rotate', 'tablemap', 'writerows', 'updaterows'],
  includeSchema: { [schema]: ['STATUS_PROCESS'] },
});

function react(name) {
  spawn('/bin/sh', ['-c', command.replace('%s', name)], { stdio: 'ignore' });
}

async function answerStanding() {
  const database = await createConnection(connection);
  const [rows] = await database.query(`SELECT process_id FROM ${schema}.STATUS_PROCESS WHERE alarma = 1`);
  for (const { process_id } of rows) react(`p${process_id}`);
  await database.end();
}

async function untilAccepted() {
  for (;;) {
    try {
      await (await createConnection(connection)).end();
      return;
    } catch {
      await delay(10);
    }
  }
}
