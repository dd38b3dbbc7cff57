import { type DeadMount, told } from '../restart/dead-mount.js';
import type { Host } from './host.js';
import { findOnly } from './processes.js';

/** In this repository as the host sees it. */
const SERVER = '/src/test/support/restart/dead-mount.mjs';

interface DeadMountOfHost extends DeadMount {
  /** It answers again after `freeze`. */
  thaw(): Promise<void>;
}

/** As `mountDead`, in a booted host. */
export async function mountDeadInHost(host: Host, directory: string): Promise<DeadMountOfHost> {
  // systemd-nspawn gives its hosts no such device.
  await host.sh(`test -e /dev/fuse || mknod -m 0600 /dev/fuse c 10 229; mkdir -p ${directory}`);
  const server = host.spawn('node', SERVER, directory);
  await told(server, 'mounted');
  const pid = await findOnly(host, `node ${SERVER} ${directory}`);
  const signal = (name: string) => host.run('kill', `-${name}`, `${pid}`);
  // nsenter, through which the server was started, stops with it. It must run to collect the server when that has ended:
  // a host whose pid 1 ends waits for all of its processes to be collected.
  const wakeNsenter = () => server.kill('SIGCONT');
  return {
    directory,
    async die() {
      await Promise.all([told(server, 'dead'), signal('USR2')]);
    },
    async freeze() {
      await signal('STOP');
    },
    async thaw() {
      wakeNsenter();
      await signal('CONT');
    },
    async unmount() {
      await host.exec(['kill', '-KILL', `${pid}`]);
      wakeNsenter();
      await host.exec(['umount', '-l', directory]);
    },
  };
}
