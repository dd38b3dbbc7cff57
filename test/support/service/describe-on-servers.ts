import { afterAll, beforeAll, describe } from 'vitest';
import { type PrivateServer, startPrivateServer } from '../private-server.js';
import type { ConfigSections } from './config-file.js';
import { openScene, openSceneOfTest, type Scene, type SceneDaemon, type SceneOptions } from './scene.js';
import type { ServerKind } from './server-kinds.js';

interface OnServer {
  /** One server for all tests. It can be used inside tests and hooks only, as `scene` and `daemon` below. */
  readonly server: PrivateServer;
  readonly kind: ServerKind;
  /** A scene with processes 1, 2, … of these names, closed after the test. */
  open(...processes: readonly string[]): Promise<Scene>;
  openWith(options: SceneOptions): Promise<Scene>;
}

/** Tests on a server of each of these kinds, e.g. `rowServerKinds`. */
export function describeOnServers(
  name: string,
  kinds: () => readonly ServerKind[],
  tests: (on: OnServer) => void,
): void {
  describe.each(kinds())(`${name}, $name`, (kind) => {
    let started: PrivateServer | undefined;
    beforeAll(async () => {
      started = await startPrivateServer(kind.options);
    });
    afterAll(() => started?.stop());

    const server = standInFor(() => started);
    const openWith = (options: SceneOptions): Promise<Scene> => openSceneOfTest(server, options);
    tests({ server, kind, openWith, open: (...processes) => openWith({ processes }) });
  });
}

interface OnDaemon extends OnServer {
  readonly scene: Scene;
  readonly daemon: SceneDaemon;
}

interface DaemonOptions extends SceneOptions {
  readonly config?: ConfigSections;
  /** Runs before the daemon starts. */
  readonly prepare?: (scene: Scene) => Promise<unknown>;
}

/**
 * The same with one scene and one daemon for all tests, which watches the binlog calmly. For tests that only add to what is
 * there and leave the daemon running.
 */
export function describeOnDaemon(
  name: string,
  kinds: () => readonly ServerKind[],
  { config, prepare, ...options }: DaemonOptions,
  tests: (on: OnDaemon) => void,
): void {
  describeOnServers(name, kinds, (on) => {
    let opened: Scene | undefined;
    let running: SceneDaemon | undefined;
    beforeAll(async () => {
      opened = await openScene(on.server, options);
      await prepare?.(opened);
      running = await opened.watchCalmly(config);
    });
    afterAll(() => opened?.close());
    tests({ ...on, scene: standInFor(() => opened), daemon: standInFor(() => running) });
  });
}

/** Tests destructure it when they are collected, and it is started only afterwards. */
function standInFor<T extends object>(started: () => T | undefined): T {
  return new Proxy({} as T, {
    get(_, key) {
      const real = started();
      if (!real) throw new Error('this can be used inside tests and hooks only');
      return Reflect.get(real, key);
    },
  });
}
