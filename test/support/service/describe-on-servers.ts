import { afterAll, beforeAll, describe } from 'vitest';
import { type PrivateServer, startPrivateServer } from '../private-server.js';
import { openSceneOfTest, type Scene, type SceneOptions } from './scene.js';
import type { ServerKind } from './server-kinds.js';

export interface OnServer {
  /** One server for all tests; there within tests and hooks. */
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

    // Tests take it apart from the others before it is started.
    const server = new Proxy({} as PrivateServer, {
      get(_, key) {
        if (!started) throw new Error('the server is there within tests and hooks only');
        return Reflect.get(started, key);
      },
    });
    const openWith = (options: SceneOptions): Promise<Scene> => openSceneOfTest(server, options);
    tests({ server, kind, openWith, open: (...processes) => openWith({ processes }) });
  });
}
