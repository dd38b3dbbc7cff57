import { existsSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { distinctUntilChanged, firstValueFrom, map, takeWhile, tap, toArray } from 'rxjs';
import type { StartTraits } from '../../../src/restart/start/start-plan.js';
import { traitProperties } from '../../../src/restart/start/trait-properties.js';
import { BusOrSystemctl } from '../../../src/restart/systemd/bus-or-systemctl.js';
import { outputProperties } from '../../../src/restart/systemd/command-unit.js';
import type { SystemdClient } from '../../../src/restart/systemd/systemd-client.js';
import {
  durationProperty,
  environmentFileProperty,
  inputFileProperty,
  listProperty,
  textProperty,
  umaskProperty,
} from '../../../src/restart/systemd/transient-property.js';
import type { UnitProperty } from '../../../src/restart/systemd/unit-properties.js';

/**
 * Runs in the booted host: does what its arguments say, one after the other (`restart a.service then stop b.service`),
 * with one client of systemd, and prints as JSON what came of each and by which way systemd was reached.
 */
const OPERATIONS: Readonly<Record<string, (client: SystemdClient, ...args: string[]) => Promise<unknown>>> = {
  restart: (client, unit = '', seconds = '60') => client.restart(unit, { timeoutMs: Number(seconds) * 1000 }),
  stop: (client, unit = '') => client.stop(unit, { timeoutMs: 60_000 }),
  show: (client, unit = '', ...properties) => client.show(unit, properties as UnitProperty[]),
  /** Waits until somebody makes this file, and makes another one to say that it waits. */
  async meet(_, path = '') {
    await writeFile(`${path}.waits`, '');
    while (!existsSync(path)) await delay(20);
  },
  list: (client, pattern = '') => client.list(pattern),
  async restartMany(client, prefix = '', count = '0', places = '1') {
    const names = Array.from({ length: Number(count) }, (_, index) => `${prefix}${index}.service`);
    const outcomes: string[] = [];
    const next = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const outcome = await client.restart(name, { timeoutMs: 60_000 });
        outcomes.push(outcome.outcome === 'refused' ? outcome.error.message : outcome.outcome);
      }
    };
    await Promise.all(Array.from({ length: Number(places) }, next));
    return Object.fromEntries(
      [...new Set(outcomes)].map((outcome) => [outcome, outcomes.filter((one) => one === outcome).length]),
    );
  },
  watch: (client, unit = '', last = '') =>
    firstValueFrom(
      client.watch(unit, ['activeState', 'subState', 'mainPid']).pipe(
        map(({ activeState, subState }) => `${activeState}/${subState}`),
        tap(() => writeFileSync(`/run/${unit}.watched`, '')),
        distinctUntilChanged(),
        takeWhile((state) => state !== last, true),
        toArray(),
      ),
    ),
  /** Starts a unit with every setting that the service gives to a unit of its own; `label` is of SELinux or AppArmor. */
  async allSettings(client, name = '', label = '') {
    const traits: StartTraits = {
      ...{ nice: 3, policy: 3, realtimePriority: 0, io: { class: 2, priority: 5 }, oomScoreAdjust: 100 },
      ...{ limits: { NOFILE: '512:1024', CORE: '0', NPROC: 'infinity' }, noNewPrivileges: true, cpus: '0' },
      ...{ bounding: '00000000000000c0', ambient: '0000000000000040', label },
    };
    await writeFile(`/run/${name}.env`, 'FROM_FILE=1\n');
    await writeFile(`/run/${name}.in`, '');
    const unit = {
      ...{ name, description: 'a test', argv: ['/bin/sleep', 'infinity'] as const },
      argv0: 'other-name',
      environment: { GIVEN: 'a $HOME b' },
      properties: [
        ...traitProperties(traits),
        ...outputProperties(),
        textProperty('KillMode', 'process'),
        durationProperty('TimeoutStopSec', 2000),
        durationProperty('RuntimeMaxSec', 600_000),
        inputFileProperty(`/run/${name}.in`),
        environmentFileProperty(`/run/${name}.env`),
        textProperty('WorkingDirectory', '/'),
        umaskProperty(0o027),
        textProperty('User', '0'),
        textProperty('Group', '0'),
        listProperty('SupplementaryGroups', [0]),
      ],
    };
    return client.startTransient(unit, { timeoutMs: 10_000 });
  },
  async transient(client, name = '', ...argv) {
    const unit = { name, description: 'a test', argv: argv as [string, ...string[]], properties: [] };
    const outcome = await client.startTransient(unit, { timeoutMs: 10_000 });
    return { ...outcome, ...(await client.show(name, ['activeState', 'execMainStatus', 'mainPid'])) };
  },
  async called(client, name = '', argv0 = '', ...argv) {
    const words = argv as [string, ...string[]];
    const unit = { name, description: 'a test', argv: words, argv0, properties: [] };
    return client.startTransient(unit, { timeoutMs: 10_000 });
  },
};

const client = new BusOrSystemctl((away) =>
  ways.push(away === undefined ? 'bus' : `systemctl: ${away.message}`),
);
const ways: string[] = [];
// The client does not keep a process from ending.
const alive = setInterval(() => {}, 60_000);
const results: unknown[] = [];
for (const [operation = '', ...args] of splitAt(process.argv.slice(2), 'then')) {
  const doing = OPERATIONS[operation]?.(client, ...args);
  results.push(await doing?.catch((error: unknown) => ({ error: String(error) })));
}
process.stdout.write(`${JSON.stringify({ results, ways })}\n`);
client.close();
clearInterval(alive);

function splitAt(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
