import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setup } from '../support/global-setup.js';
import { hostName, startAgents } from './agents.js';
import { Alarms } from './alarms.js';
import { type Cost, measureCosts } from './costs.js';
import { DAY, NOT_BUILT, type Phase } from './day.js';
import { readJournal } from './journal.js';
import { readOptions } from './options.js';
import { describePhase, isClean, type PhaseResult, reportAlarms, reportCosts } from './report.js';
import { startServers } from './servers.js';
import { Strangers } from './strangers.js';
import { untilStreams } from './streams.js';

const PROCESSES_OF_EACH = 3;
const SETTLE_MS = 60_000;
const IDLE_MS = 15_000;
/** After a start the names are read, and the readings that follow it are over. */
const CALM_MS = 5000;
/** Connections that the start needed are closed after a minute. */
const SPARE_MS = 75_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** What ends and removes everything, the last first. */
const cleanups: (() => unknown)[] = [];

await setup();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
try {
  await play();
} finally {
  await cleanUp();
}

async function cleanUp(): Promise<void> {
  for (let clean = cleanups.pop(); clean; clean = cleanups.pop()) await clean();
}

async function play(): Promise<void> {
  const { hosts, rate, seconds } = readOptions(process.argv.slice(2));
  say(`${hosts} hosts, ${rate} alarms a second, ${seconds} s a phase`);
  const folder = await mkdtemp(join(tmpdir(), 'monitor_service-fleet-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const servers = await startServers();
  cleanups.push(() => servers.stop());
  const names = Array.from({ length: hosts }, (_, index) => hostName(index));
  const alarms = new Alarms(servers, names, PROCESSES_OF_EACH);
  await alarms.prepare();
  const journal = join(folder, 'journal');
  cleanups.push(readJournal(journal, (restart) => alarms.take(restart)));
  const strangers = new Strangers();
  cleanups.push(() => strangers.close());
  await strangers.open([...servers.pair, ...servers.relays.map(({ server }) => server)], servers.database);
  const results: PhaseResult[] = [];
  const watching = alarms.watch();
  cleanups.push(async () => {
    alarms.end();
    await watching;
  });

  const run = async ({ name, fault, repair }: Phase, areRelayed = true): Promise<void> => {
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
    const result = { name, streamsBackMs, strangers: await strangers.count() };
    results.push(result);
    say(describePhase(result, alarms.raised));
  };

  // For the comparison alone: with relays the account needs no such privilege.
  const replication = 'REPLICATION SLAVE, REPLICATION CLIENT ON *.*';
  await servers.on(servers.primary, `GRANT ${replication} TO ${servers.database.account}`);
  const agents = await startAgents(hosts, servers, folder, journal);
  cleanups.push(() => agents.stop());
  const idle = async (): Promise<readonly Cost[]> => {
    const measured = await measureCosts(servers, agents.pids);
    await pause(IDLE_MS);
    return await measured();
  };
  await untilStreams(servers, hosts, SETTLE_MS, [servers.primary]);
  await pause(CALM_MS);
  await run({ name: 'calm, streams from the primary' }, false);
  const ofPrimary = await idle();
  await agents.readFrom('relays');
  await servers.on(servers.primary, `REVOKE ${replication} FROM ${servers.database.account}`);
  await untilStreams(servers, hosts, SETTLE_MS);
  await pause(CALM_MS);
  await run({ name: 'calm, streams from relays' });
  await pause(SPARE_MS);
  const ofRelays = await idle();
  for (const phase of DAY) await run(phase);
  say(`\n${reportAlarms(results, alarms.raised)}`);
  say(`restarts that nobody asked for: ${alarms.unasked.length}`);
  say(`\n${reportCosts('idle, streams from the primary', ofPrimary, hosts)}`);
  say(`\n${reportCosts('idle, streams from relays', ofRelays, hosts)}`);
  say(`\nnot part of it yet: ${NOT_BUILT}`);
  if (!isClean(results, alarms.raised)) process.exitCode = 1;
}
