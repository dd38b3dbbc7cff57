import type { Host } from './host.js';
import type { Outcome } from './run-inside.js';

const DIRECTORY = '/root/rpm';
/** What a checkout has that goes into the package. */
const CONTENTS =
  'Makefile LICENSE CHANGELOG.md package.json test_alarm.sh bin config dist man packaging sql systemd';

/** Builds the package of this repository with rpmbuild of the host; returns its path there. */
export async function buildPackage(host: Host): Promise<string> {
  return (await host.run('/src/packaging/build-rpm.sh', '--output', DIRECTORY)).trim();
}

/** Builds the next release, which ships another config.ini. */
export async function buildNextPackage(host: Host): Promise<string> {
  await host.sh(`mkdir /root/next; cd /src; cp -a ${CONTENTS} /root/next/; ln -s /src/node_modules /root/next/
    echo '; a line of the next release' >>/root/next/config/config.ini`);
  return (
    await host.run('/root/next/packaging/build-rpm.sh', '--output', DIRECTORY, '--release', '2')
  ).trim();
}

/**
 * rpm of a Debian knows nothing of what dpkg has installed: packages without files that stand for a shell and for systemd, and
 * for the nodejs of a distribution. Returns its path.
 */
export async function buildStandIn(
  host: Host,
  name: string,
  version: string,
  tags: readonly string[],
): Promise<string> {
  const spec = [
    ...[`Name: ${name}`, `Version: ${version}`, 'Release: 1', 'Summary: A stand-in', 'License: MIT'],
    ...['BuildArch: noarch', ...tags, '%description', 'A stand-in.', '%files', ''],
  ];
  await host.write(`${DIRECTORY}/${name}.spec`, spec.join('\n'));
  await host.run('rpmbuild', '-bb', '--quiet', `--define=_rpmdir ${DIRECTORY}`, `${DIRECTORY}/${name}.spec`);
  return `${DIRECTORY}/noarch/${name}-${version}-1.noarch.rpm`;
}

/** Runs rpm; what it and the scriptlets print is one text. */
export async function rpm(
  host: Host,
  ...args: readonly string[]
): Promise<{ exitCode: number; text: string }> {
  const { exitCode, stdout, stderr }: Outcome = await host.exec(['rpm', ...args]);
  // Debian's rpm says first that dpkg is what Debian has.
  return { exitCode, text: (stdout + stderr).replaceAll(/^rpm: .*\n/gm, '') };
}
