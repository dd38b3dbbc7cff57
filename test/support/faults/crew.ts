import { expect } from 'vitest';
import type { Daemon } from '../daemon.js';
import type { Scene } from '../service/scene.js';

export interface CrewMember {
  readonly id: number;
  readonly name: string;
}

/** Processes of a running daemon, added as tests need them; each is raised, and must be answered, once. */
export class Crew {
  #last = 0;

  constructor(
    private readonly scene: Scene,
    private readonly daemon: Daemon,
  ) {}

  async add(): Promise<CrewMember> {
    this.#last += 1;
    const member = { id: this.#last, name: `p${this.#last}` };
    await this.scene.database.query(
      'INSERT INTO PROCESE VALUES (?, ?); INSERT INTO STATUS_PROCESS (process_id) VALUES (?)',
      [member.id, member.name, member.id],
    );
    return member;
  }

  /** Adds one and raises its alarm; `before` is run on the same connection. */
  async raiseOne(before = 'DO 0'): Promise<CrewMember> {
    const member = await this.add();
    await this.scene.database.query(
      `${before}; UPDATE STATUS_PROCESS SET alarma = 1, notes = 'help' WHERE process_id = ?`,
      [member.id],
    );
    return member;
  }

  /** It is restarted once, and its alarm cleared. */
  async expectAnswered({ id, name }: CrewMember): Promise<void> {
    await this.daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
    expect(await this.scene.fleet.restarts(name)).toBe(1);
    expect(await this.scene.database.row(id)).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK /),
    });
  }

  async expectOneAnswered(before?: string): Promise<void> {
    await this.expectAnswered(await this.raiseOne(before));
  }
}
