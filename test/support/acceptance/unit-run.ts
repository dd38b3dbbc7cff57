import type { Host } from './host.js';

/** What systemd says of the present run of a unit. */
export interface UnitRun {
  readonly activeState: string;
  readonly result: string;
  readonly invocationId: string;
  readonly mainPid: number;
  readonly restarts: number;
  readonly statusText: string;
}

export async function showUnit(host: Host, unit: string): Promise<UnitRun> {
  const text = await host.run('systemctl', 'show', '--', unit);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    activeState: value('ActiveState'),
    result: value('Result'),
    invocationId: value('InvocationID'),
    mainPid: Number(value('MainPID')),
    restarts: Number(value('NRestarts')),
    statusText: value('StatusText'),
  };
}

/** Writes units by name and lets systemd read them. */
export async function writeUnits(host: Host, units: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(units)) await host.write(`/etc/systemd/system/${name}`, text);
  await host.run('systemctl', 'daemon-reload');
}
