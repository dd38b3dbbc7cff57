import type { SystemdClient } from '../systemd/systemd-client.js';
import type { UnitProperty, UnitState } from '../systemd/unit-properties.js';

/** A state is read again after this time, in ms. */
export const FRESH_MS = 100;

interface Reading {
  readonly at: number;
  readonly properties: ReadonlySet<UnitProperty>;
  readonly state: Promise<Partial<UnitState>>;
}

/**
 * A client for one restart. Several steps read the same unit before anything is done to it, so the properties that
 * they need, `first`, are read in one call. Every action discards what was read. All other functions are those of the
 * given client.
 */
export function readOnce(systemd: SystemdClient, first: readonly UnitProperty[]): SystemdClient {
  const readings = new Map<string, Reading>();

  const read = (unit: string, wanted: readonly UnitProperty[]): Reading => {
    const properties = new Set([...first, ...wanted]);
    const state: Promise<Partial<UnitState>> = systemd.show(unit, [...properties]);
    const reading = { at: performance.now(), properties, state };
    readings.set(unit, reading);
    state.catch(() => {
      if (readings.get(unit) === reading) readings.delete(unit);
    });
    return reading;
  };
  const forgetting = <A extends readonly unknown[], R>(act: (...args: A) => R) => {
    return (...args: A): R => {
      readings.clear();
      return act(...args);
    };
  };
  return {
    async show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>> {
      const known = readings.get(unit);
      const suffices =
        known !== undefined &&
        performance.now() - known.at < FRESH_MS &&
        properties.every((property) => known.properties.has(property));
      const state = await (suffices ? known : read(unit, properties)).state;
      return Object.fromEntries(properties.map((property) => [property, state[property]])) as Pick<
        UnitState,
        K
      >;
    },
    watch: (unit, properties) => systemd.watch(unit, properties),
    list: (pattern) => systemd.list(pattern),
    restart: forgetting((unit, wait) => systemd.restart(unit, wait)),
    stop: forgetting((unit, wait) => systemd.stop(unit, wait)),
    startTransient: forgetting((unit, wait) => systemd.startTransient(unit, wait)),
    resetFailed: forgetting((unit) => systemd.resetFailed(unit)),
    kill: forgetting((unit, signal) => systemd.kill(unit, signal)),
    close: () => systemd.close(),
  };
}
