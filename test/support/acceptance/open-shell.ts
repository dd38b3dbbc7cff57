import { bootHost } from './host.js';
import { installService } from './install-service.js';
import { prepareTree } from './prepare-tree.js';

/** `npm run host`: boots a host as the acceptance tests do, installs the service and gives its root shell to a person. */
process.env.ACCEPTANCE_TREE = prepareTree();
// Ctrl-C belongs to what runs in the shell.
process.on('SIGINT', () => {});
const host = await bootHost();
try {
  await installService(host);
  process.stdout.write(
    'a throwaway host: the service runs, this repository is /src, and all of it goes when you leave\n',
  );
  await host.shell();
} finally {
  await host.stop();
}
