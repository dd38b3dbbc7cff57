import type { Variant } from '@jellybrick/dbus-next';
import { Observable, type Subscriber } from 'rxjs';
import type { UnitProperty, UnitState } from '../unit-properties.js';
import { SystemdRefusal } from './bus-errors.js';
import { decodeProperty, propertyNamed } from './decode-property.js';
import { PROPERTIES_INTERFACE, readUnit } from './read-unit.js';
import { MANAGER_INTERFACE, type SystemdSession } from './systemd-session.js';
import { unitPath } from './unit-path.js';

/**
 * Emits the state of a unit, now and after each change. Errors with BusLostError when the session ends. The unit need
 * not exist yet; one that systemd has forgotten is `inactive`.
 */
export function watchUnit<K extends UnitProperty>(
  session: SystemdSession,
  unit: string,
  properties: readonly K[],
): Observable<Pick<UnitState, K>> {
  return new Observable((subscriber) => new UnitWatch(session, unit, properties, subscriber).start());
}

/** The state of a unit that systemd has no longer in memory. */
const FORGOTTEN: Partial<UnitState> = { activeState: 'inactive', subState: 'dead', mainPid: 0, job: 0 };

class UnitWatch<K extends UnitProperty> {
  #id: string;
  #state: Pick<UnitState, K> | undefined;
  /** Changes that arrive while the state is read. The state is read in parts, so these changes are newer. */
  #meanwhile: Partial<UnitState> | undefined;

  constructor(
    private readonly session: SystemdSession,
    private readonly unit: string,
    private readonly properties: readonly K[],
    private readonly subscriber: Subscriber<Pick<UnitState, K>>,
  ) {
    this.#id = unit;
  }

  start(): void {
    this.#listen();
    this.#read();
  }

  #listen(): void {
    const error = (cause: unknown): void => this.subscriber.error(cause);
    const changed = {
      interface: PROPERTIES_INTERFACE,
      member: 'PropertiesChanged',
      path: unitPath(this.#id),
    };
    const removed = { interface: MANAGER_INTERFACE, member: 'UnitRemoved', argument: [0, this.#id] } as const;
    this.subscriber.add(
      this.session.signals(changed).subscribe({ next: ({ body }) => this.#merge(changesIn(body[1])), error }),
    );
    this.subscriber.add(
      this.session.signals(removed).subscribe({ next: () => this.#askWhetherGone(), error }),
    );
  }

  #read(): void {
    const meanwhile: Partial<UnitState> = {};
    this.#meanwhile = meanwhile;
    readUnit(this.session, this.unit, [...this.properties, 'id']).then(
      (state) => {
        // A reading that began later has seen all of this, and the changes since then are kept for it.
        if (this.#meanwhile !== meanwhile) return;
        const changes = { ...state, ...meanwhile };
        this.#meanwhile = undefined;
        if (state.id !== '' && state.id !== this.#id) {
          // The name was an alias. Signals come only for the real name.
          this.#id = state.id;
          return this.start();
        }
        this.#merge(changes);
      },
      (error) => this.subscriber.error(error),
    );
  }

  /**
   * Checks whether the unit is gone. A daemon-reload removes and creates each unit, and a request that loads the unit
   * would start that again and again.
   */
  #askWhetherGone(): void {
    this.session.call({ member: 'GetUnit', signature: 's', body: [this.#id] }).then(
      () => this.#read(),
      (error) => {
        if (error instanceof SystemdRefusal) this.#merge(FORGOTTEN);
        else this.subscriber.error(error);
      },
    );
  }

  #merge(changes: Partial<UnitState>): void {
    if (this.#meanwhile) {
      Object.assign(this.#meanwhile, changes);
      return;
    }
    const before = this.#state;
    const after = { ...before, ...this.#only(changes) } as Pick<UnitState, K>;
    this.#state = after;
    if (!before || this.properties.some((property) => !isSame(before[property], after[property]))) {
      this.subscriber.next(after);
    }
  }

  #only(state: Partial<UnitState>): Partial<UnitState> {
    const known = this.properties.filter((property) => property in state);
    return Object.fromEntries(known.map((property) => [property, state[property]]));
  }
}

function changesIn(changed: unknown): Partial<UnitState> {
  const parts = Object.entries((changed ?? {}) as Record<string, Variant>).map(([name, { value }]) => {
    const property = propertyNamed(name);
    return property === undefined ? {} : decodeProperty(property, value);
  });
  return Object.assign({}, ...parts);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n'));
}
