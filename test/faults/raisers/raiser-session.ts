import type { Connection } from 'mysql2/promise';
import type { Flavour } from '../../support/server-programs.js';
import type { Random } from '../random.js';
import { type Member, membersOf, type Role } from '../scene/members.js';
import type { Commits } from './commits.js';

interface RaiserSessionOptions {
  readonly connection: Connection;
  readonly random: Random;
  readonly commits: Commits;
  readonly flavour: Flavour;
  /** The server may read files from here. */
  readonly directory: string;
}

/** How often a raise meets a process of this role. */
const ROLES: readonly { readonly role: Role; readonly weight: number }[] = [
  { role: 'busy', weight: 91 },
  { role: 'quiet', weight: 6 },
  { role: 'dead', weight: 2 },
  { role: 'refused', weight: 1 },
];

/** One connection of somebody who raises alarms, and what the lab must remember of it. */
export class RaiserSession {
  readonly random: Random;
  readonly flavour: Flavour;

  constructor(private readonly options: RaiserSessionOptions) {
    this.random = options.random;
    this.flavour = options.flavour;
  }

  /** A process to be raised now. */
  target(): Member {
    return this.random.pick(membersOf(this.random.pickWeighted(ROLES).role));
  }

  pick(role: Role): Member {
    return this.random.pick(membersOf(role));
  }

  /** What the tool writes beside the alarm; often nothing, so that our own note stays there. */
  notes(): string {
    return this.random.pick(['', ", notes = 'no answer'", ', notes = NULL', ', sound = 1']);
  }

  path(name: string): string {
    return `${this.options.directory}/${name}`;
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<void> {
    await this.options.connection.query(sql, [...values]);
  }

  /** As a prepared statement of the binary protocol. */
  async execute(sql: string, values: readonly (string | number)[]): Promise<void> {
    await this.options.connection.execute(sql, [...values]);
  }

  /** Under this name the server's history knows what follows. */
  async nameNext(): Promise<string> {
    const id = this.options.commits.nextId();
    await this.run('SET @commit_id = ?', [id]);
    return id;
  }

  /** One statement that commits itself. */
  async commit(way: string, sql: string, values: readonly unknown[] = []): Promise<void> {
    const id = await this.nameNext();
    await this.options.commits.around(id, way, () => this.run(sql, values));
  }

  /** Statements in one transaction. */
  async transact(way: string, ...statements: readonly string[]): Promise<void> {
    const id = await this.nameNext();
    await this.run('START TRANSACTION');
    for (const statement of statements) await this.run(statement);
    await this.options.commits.around(id, way, () => this.run('COMMIT'));
  }

  /** Statements in one transaction that is taken back. */
  async undo(way: string, ...statements: readonly string[]): Promise<void> {
    const id = await this.nameNext();
    this.options.commits.noteUndone(id, way);
    await this.run('START TRANSACTION');
    for (const statement of statements) await this.run(statement);
    await this.run('ROLLBACK');
  }

  /** Statements under settings of the session, which are put back; where that fails, the connection is thrown away. */
  async withSetting(name: string, value: string, work: () => Promise<void>): Promise<void> {
    await this.run(`SET SESSION ${name} = ${value}`);
    await work();
    await this.run(`SET SESSION ${name} = DEFAULT`);
  }

  /** The last step of something in several steps, with the time noted. */
  around(id: string, way: string, sql: string): Promise<void> {
    return this.aroundWork(id, way, () => this.run(sql));
  }

  aroundWork(id: string, way: string, work: () => Promise<void>): Promise<void> {
    return this.options.commits.around(id, way, work);
  }

  noteUndone(id: string, way: string): void {
    this.options.commits.noteUndone(id, way);
  }
}
