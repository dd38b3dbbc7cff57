import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { NATURE_PROPERTIES } from '../systemd/refuse-unlisted.js';
import { BEFORE_PROPERTIES } from '../systemd/restart-unit.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import type { UnitProperty } from '../systemd/unit-properties.js';
import { FRESH_MS, readOnce } from './read-once.js';

interface Kept {
  readonly systemd: SystemdClient;
  readonly since: number;
}

/**
 * What was asked of a unit just before its restart is not asked again by the restart itself: both get the same client,
 * which reads once. A cycle owns its system name, so nobody else gets it meanwhile.
 */
export class RecentReadings {
  /** By system name, the oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly systemd: SystemdClient) {}

  /** For a question that comes before a restart of this target. */
  before(target: RestartTarget): SystemdClient {
    const systemd = this.#create(target);
    this.#forgetOld();
    this.#kept.delete(target.systemName);
    this.#kept.set(target.systemName, { systemd, since: performance.now() });
    return systemd;
  }

  /** For one restart of this target, which uses what was read before it. */
  take(target: RestartTarget): SystemdClient {
    this.#forgetOld();
    const kept = this.#kept.get(target.systemName);
    this.#kept.delete(target.systemName);
    return kept?.systemd ?? this.#create(target);
  }

  #create(target: RestartTarget): SystemdClient {
    return readOnce(this.systemd, askedFirst(target));
  }

  #forgetOld(): void {
    const oldest = performance.now() - FRESH_MS;
    for (const [name, { since }] of this.#kept) {
      if (since >= oldest) return;
      this.#kept.delete(name);
    }
  }
}

/** The properties that every way to restart this target reads before it acts. */
function askedFirst({ hasSection, settings, exclude }: RestartTarget): readonly UnitProperty[] {
  const restartsUnit = settings.restartCommand === undefined && settings.restartStrategy !== 'process';
  return [
    ...(restartsUnit ? BEFORE_PROPERTIES : []),
    ...(hasSection ? [] : NATURE_PROPERTIES),
    ...(exclude && restartsUnit ? (['names'] as const) : []),
  ];
}
