import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findGalera } from '../support/database/galera.js';
import { startTcpProxy } from '../support/faults/tcp-proxy.js';
import { setup } from '../support/global-setup.js';
import { hostName } from './agent-configs.js';
import { type Agents, startAgents } from './agents.js';
import { Alarms } from './alarms.js';
import { type Costs, measureCosts } from './costs.js';
import { DAY, GALERA_DAY } from './day.js';
import { startGaleraSite } from './galera-site.js';
import { readJournal } from './journal.js';
import { readOptions } from './options.js';
import { PhaseRunner } from './phase-runner.js';
import { isClean, reportAlarms } from './report.js';
import { reportCosts } from './report-costs.js';
import { startServers } from './servers.js';
import { Strangers } from './strangers.js';

const PROCESSES_OF_EACH = 3;
const IDLE_MS = 15_000;
const MINUTE_MS = 60_000;
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
  const { hosts, rate, seconds, isReduced, minutes } = readOptions(process.argv.slice(2));
  say(`${hosts} hosts${isReduced ? ', reduced' : ''}, ${rate} alarms a second, ${seconds} s a phase`);
  const folder = await mkdtemp(join(tmpdir(), 'monitor_service-fleet-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const servers = await startServers();
  cleanups.push(() => servers.stop());
  const vip = await startTcpProxy(servers.primary.port);
  cleanups.push(() => vip.close());
  const names = Array.from({ length: hosts }, (_, index) => hostName(index));
  const alarms = new Alarms(servers, names, PROCESSES_OF_EACH);
  await alarms.moveTo(servers);
  const journal = join(folder, 'journal');
  cleanups.push(readJournal(journal, (restart) => alarms.take(restart)));
  const strangers = new Strangers();
  cleanups.push(() => strangers.close());
  const { all, sources, database } = servers;
  await strangers.open([...all, ...sources], database);
  const watching = alarms.watch();
  cleanups.push(async () => {
    alarms.end();
    await watching;
  });

  // For the comparison alone: with relays the account needs no such privilege.
  const replication = 'REPLICATION SLAVE, REPLICATION CLIENT ON *.*';
  await servers.on(servers.primary, `GRANT ${replication} TO ${database.account}`);
  const ports = all.map(({ port }) => port);
  const agents = await startAgents(
    { count: hosts, isReduced, folder, journal },
    { database, ports, relays: [] },
  );
  cleanups.push(() => agents.stop());
  const forMs = minutes === undefined ? Number.POSITIVE_INFINITY : minutes * MINUTE_MS;
  const runner = new PhaseRunner({ alarms, strangers, agents, hosts, rate, ms: seconds * 1000, forMs, say });
  const costs: string[] = [];
  let whyNoGalera: string | undefined;
  try {
    await runner.untilCalm(servers, [servers.primary]);
    await runner.run({ name: 'calm, streams from the primary' }, servers, servers, [servers.primary]);
    costs.push(reportCosts('idle, streams from the primary', await measureIdle(), hosts));
    await agents.turnTo({ database, ports, relays: sources });
    await servers.on(servers.primary, `REVOKE ${replication} FROM ${database.account}`);
    await runner.untilCalm(servers);
    const measured = await measureCosts(servers, agents.pids);
    await runner.run({ name: 'calm, streams from relays' }, servers, servers);
    costs.push(reportCosts('with alarms, streams from relays', await measured(), hosts));
    await pause(SPARE_MS);
    costs.push(reportCosts('idle, streams from relays', await measureIdle(), hosts));
    for (const phase of DAY) await runner.run(phase, { servers, strangers, agents, vip }, servers);
    whyNoGalera = await playOnGalera(agents, alarms, strangers, runner);
  } finally {
    // Also of a day that was broken off.
    say(`\n${reportAlarms(runner.results, alarms.raised)}`);
    if (runner.leftOut.length > 0) say(`left out, the time was up: ${runner.leftOut.join('; ')}`);
    if (whyNoGalera) say(`left out: the Galera cluster; ${whyNoGalera}`);
    say(
      `restarts that nobody asked for: ${alarms.unasked.length}; processes of agents that ended: ${agents.ended}`,
    );
    for (const each of costs) say(`\n${each}`);
  }
  if (!isClean(runner.results, alarms.raised) || agents.ended > 0) process.exitCode = 1;

  async function measureIdle(): Promise<Costs> {
    const end = await measureCosts(servers, agents.pids);
    await pause(IDLE_MS);
    return await end();
  }
}

/** The last part of the day. Returns why it was left out. */
async function playOnGalera(
  agents: Agents,
  alarms: Alarms,
  strangers: Strangers,
  runner: PhaseRunner,
): Promise<string | undefined> {
  const library = findGalera();
  if (runner.isOver) return 'the time was up';
  if (!library) return 'there is no libgalera_smm.so here, test/support/fetch-galera.sh fetches it';
  const site = await startGaleraSite(library);
  cleanups.push(() => site.stop());
  await alarms.moveTo(site);
  await strangers.open(site.sources, site.database);
  await agents.turnTo({
    database: site.database,
    ports: site.sources.map(({ port }) => port),
    relays: [],
  });
  await runner.untilCalm(site);
  for (const phase of GALERA_DAY) await runner.run(phase, site, site);
  return undefined;
}
