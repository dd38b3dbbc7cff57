import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../database/cache-directory.js';
import { waitFor } from '../restart/wait-for.js';
import { findLeader, findOutsidePid } from './host-processes.js';
import { layerPrefix, removeStaleLayers } from './layers-of-hosts.js';
import { type NspawnProcess, startNspawn } from './nspawn-process.js';
import { ENVIRONMENT, enter, type Outcome, runAtTerminal, runInside } from './run-inside.js';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const BOOT_DEADLINE_MS = 240_000;

/** A booted Linux with systemd as pid 1 and a MariaDB server. This repository is its /src, read-only. */
export interface Host {
  /** Runs a program in it, as root, with an environment of its own; any exit code is an answer. */
  exec(argv: readonly string[], input?: string): Promise<Outcome>;
  /** As `exec`; resolves to stdout, rejects when it fails. */
  run(...argv: readonly string[]): Promise<string>;
  /** A script for its shell; resolves to stdout, rejects when it fails. */
  sh(script: string): Promise<string>;
  /** A file, owned by root; directories are made. */
  write(path: string, text: string, mode?: string): Promise<void>;
  read(path: string): Promise<string>;
  /** A root shell in it at our terminal; resolves when whoever uses it leaves it. */
  shell(): Promise<void>;
  /** Starts a program in it that is spoken to through pipes. */
  spawn(...argv: readonly string[]): ChildProcess;
  /** Where a path of it is found from outside, until it is booted again. A socket can be connected to by that, too. */
  outside(path: string): string;
  /** By which pid this machine knows the process that has this one on the host. */
  outsidePid(pid: number): Promise<number>;
  /** A clean reboot: shuts down, boots again and waits until it has come up. */
  reboot(whileDown?: () => Promise<void>): Promise<void>;
  /** Switches it off, without a shutdown, and removes all that it wrote. */
  stop(): Promise<void>;
}

/** Those of this test file that run now. */
export const bootedHosts = new Set<Host>();

interface HostOptions {
  /** Made by `makeHostTree`. Default: the one that npm run test:acceptance has made. */
  readonly tree?: string | undefined;
  /** A directory of this machine that it shares as /shared. */
  readonly shared?: string;
  /** It has this machine's network, and no MariaDB of its own. */
  readonly sharesNetwork?: boolean;
  /** Hosts of the same zone have a network of their own, as their interface host0. At most 12 characters. */
  readonly zone?: string;
}

/** Boots a throwaway host and waits until it has come up. It dies with this process, whatever ends that. */
export async function bootHost({
  tree = process.env.ACCEPTANCE_TREE,
  shared,
  sharesNetwork = false,
  zone,
}: HostOptions = {}): Promise<Host> {
  if (tree === undefined) throw new Error('no tree to boot: run these tests by npm run test:acceptance');
  await removeStaleLayers();
  const layer = await mkdtemp(join(cacheDirectory(), layerPrefix()));
  const nspawn = startNspawn(tree, layer, [
    // The realpath, since a version manager keeps Node behind links.
    `--bind-ro=${await realpath(process.execPath)}:/usr/bin/node`,
    `--bind-ro=${REPOSITORY}:/src`,
    ...(shared === undefined ? [] : [`--bind=${shared}:/shared`]),
    ...(zone === undefined ? [] : [`--network-zone=${zone}`]),
    // Last: what is no option is an argument for its pid 1.
    sharesNetwork ? 'systemd.mask=mariadb.service' : '--private-network',
  ]);
  const host = new NspawnHost(nspawn);
  try {
    await host.waitUntilUp(undefined);
    bootedHosts.add(host);
    return host;
  } catch (error) {
    const state = await host.describeState().catch(String);
    await host.stop();
    throw new Error(`the host does not come up: ${String(error)}\n${state}\n${nspawn.output()}`);
  }
}

class NspawnHost implements Host {
  #leader = 0;

  constructor(private readonly nspawn: NspawnProcess) {}

  exec(argv: readonly string[], input?: string): Promise<Outcome> {
    return runInside(this.#leader, argv, input);
  }

  async run(...argv: readonly string[]): Promise<string> {
    return succeed(argv.join(' '), await this.exec(argv));
  }

  async sh(script: string): Promise<string> {
    return succeed(script, await this.exec(['/bin/sh', '-eu', '-c', script]));
  }

  async write(path: string, text: string, mode = '0644'): Promise<void> {
    const script =
      'mkdir -p "$(dirname "$1")"; umask 077; cat >"$1.tmp"; chmod "$2" "$1.tmp"; mv "$1.tmp" "$1"';
    succeed(`write ${path}`, await this.exec(['/bin/sh', '-euc', script, 'sh', path, mode], text));
  }

  async read(path: string): Promise<string> {
    return this.run('cat', path);
  }

  shell(): Promise<void> {
    return runAtTerminal(this.#leader, ['/bin/bash', '--login']);
  }

  spawn(...argv: readonly string[]): ChildProcess {
    const [program, ...args] = enter(this.#leader, argv);
    return spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: ENVIRONMENT });
  }

  outside(path: string): string {
    return `/proc/${this.#leader}/root${path}`;
  }

  async outsidePid(pid: number): Promise<number> {
    const found = await findOutsidePid(this.#leader, pid);
    if (found === undefined) throw new Error(`in the host: no process ${pid}`);
    return found;
  }

  async reboot(whileDown?: () => Promise<void>): Promise<void> {
    const before = this.#leader;
    // It may be ended by the reboot that it asks for.
    await this.exec(['systemctl', 'reboot']).catch(() => {});
    await whileDown?.();
    await this.waitUntilUp(before);
  }

  async stop(): Promise<void> {
    bootedHosts.delete(this);
    await this.nspawn.end();
  }

  async describeState(): Promise<string> {
    if (this.#leader === 0) return 'its pid 1 was not found';
    const ask = 'systemctl is-system-running; systemctl list-jobs; systemctl --failed; journalctl -n 50';
    const { stdout, stderr } = await this.exec(['/bin/sh', '-c', ask]);
    return stdout + stderr;
  }

  /** After a reboot pid 1 of the host is another process of ours. */
  async waitUntilUp(before: number | undefined): Promise<void> {
    await waitFor(
      'the host to come up',
      async () => {
        if (this.nspawn.hasEnded()) throw new Error('systemd-nspawn has ended');
        const leader = await findLeader(this.nspawn.pid);
        if (leader === undefined || leader === before) return false;
        this.#leader = leader;
        const { stdout } = await this.exec(['systemctl', 'is-system-running']);
        return /^(running|degraded)\s/.test(stdout);
      },
      BOOT_DEADLINE_MS,
    );
  }
}

function succeed(what: string, { exitCode, stdout, stderr }: Outcome): string {
  if (exitCode !== 0) throw new Error(`in the host: ${what}: exit code ${exitCode}\n${stdout}${stderr}`);
  return stdout;
}
