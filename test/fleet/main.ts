import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from '../support/global-setup.js';
import { hostName, startAgents } from './agents.js';
import { Alarms, pause } from './alarms.js';
import { measureCosts } from './costs.js';
import { DAY, NOT_BUILT, type Phase } from './day.js';
import { readJournal } from './journal.js';
import { readOptions } from './options.js';
import { isClean, type PhaseResult, reportAlarms, reportCosts } from './report.js';
import { startServers } from './servers.js';
import { Strangers } from './strangers.js';
import { untilStreams } from './streams.js';

const PROCESSES_OF_EACH = 3;
const SETTLE_MS = 60_000;
const IDLE_MS = 15_000;
/** After a start the names are read, and the readings that follow it are over. */
const CALM_MS = 5000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

await setup();
const { hosts, rate, seconds } = readOptions(process.argv.slice(2));
say(`${hosts} hosts, ${rate} alarms a second, ${seconds} s a phase`);
const folder = await mkdtemp(join(tmpdir(), 'monitor_service-fleet-'));
const servers = await startServers();
const names = Array.from({ length: hosts }, (_, index) => hostName(index));
const alarms = new Alarms(servers, names, PROCESSES_OF_EACH);
await alarms.prepare();
const closeJournal = readJournal(join(folder, 'journal'), (restart) => alarms.take(restart));
const strangers = new Strangers();
const all = [...servers.pair, ...servers.relays.map(({ server }) => server)];
await strangers.open(all, servers.database);
const results: PhaseResult[] = [];
const watching = alarms.watch();

const run = async ({ name, fault, repair }: Phase, areRelayed = true): Promise<void> => {
  say(`  ${name}`);
  alarms.phase = name;
  const failing = async (): Promise<number | undefined> => {
    await fault?.(servers, strangers);
    return areRelayed ? await untilStreams(servers, hosts, SETTLE_MS) : 0;
  };
  const [streamsBackMs] = await Promise.all([failing(), alarms.raiseFor(seconds * 1000, rate)]);
  await repair?.(servers);
  if (areRelayed) await untilStreams(servers, hosts, SETTLE_MS);
  await alarms.settle(SETTLE_MS);
  await pause(CALM_MS);
  results.push({ name, streamsBackMs, strangers: await strangers.count() });
};

// For the comparison alone: with relays the account needs no such privilege.
const replication = 'REPLICATION SLAVE, REPLICATION CLIENT ON *.*';
await servers.on(servers.primary, `GRANT ${replication} TO ${servers.database.account}`);
const agents = await startAgents(hosts, servers, folder, join(folder, 'journal'));
try {
  await pause(CALM_MS);
  await run({ name: 'calm, streams from the primary' }, false);
  const directly = await measureCosts(servers, agents.pids);
  await pause(IDLE_MS);
  const ofPrimary = await directly();
  await agents.readFrom('relays');
  await servers.on(servers.primary, `REVOKE ${replication} FROM ${servers.database.account}`);
  await untilStreams(servers, hosts, SETTLE_MS);
  await pause(CALM_MS);
  await run({ name: 'calm, streams from relays' });
  // Connections that the start needed are closed after a minute.
  await pause(Math.max(0, 75_000 - IDLE_MS));
  const relayed = await measureCosts(servers, agents.pids);
  await pause(IDLE_MS);
  const ofRelays = await relayed();
  for (const phase of DAY) await run(phase);
  say(`\n${reportAlarms(results, alarms.raised)}`);
  say(`restarts that nobody asked for: ${alarms.unasked.length}`);
  say(`\n${reportCosts('idle, streams from the primary', ofPrimary, hosts)}`);
  say(`\n${reportCosts('idle, streams from relays', ofRelays, hosts)}`);
  say(`\nnot part of it yet: ${NOT_BUILT}`);
  if (!isClean(results, alarms.raised)) process.exitCode = 1;
} finally {
  alarms.end();
  await watching;
  strangers.close();
  await agents.stop();
  closeJournal();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
