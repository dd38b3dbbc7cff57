import { describe, expect, it } from 'vitest';
import { programNames } from '../../../src/restart/processes/program-names.js';

const at = (path: string) => ({ path, deleted: false });

describe('R18: whether a process goes by the name `app`', () => {
  it.each([
    ['/opt/app', ['x']],
    ['/bin/busybox', ['app', '-f']],
    ['/bin/busybox', ['/usr/sbin/app']],
    ['/usr/bin/dash', ['/bin/sh', '/opt/app']],
    ['/usr/bin/bash', ['bash', '-e', '-o', 'pipefail', '/opt/app', 'start']],
    ['/usr/bin/bash', ['sh', '--', '/opt/app']],
    ['/usr/bin/python3.11', ['python3', '-u', '-X', 'dev', '/opt/app', '-v']],
    ['/usr/bin/python3.11', ['/opt/venv/bin/python', '-m', 'app']],
    ['/usr/bin/perl', ['perl', '-w', '/opt/app']],
    ['/usr/bin/perl', ['perl', '-MFeature', '/opt/app']],
    ['/usr/bin/node', ['node', '--max-old-space-size=64', '-r', './hook.js', '/opt/app']],
    ['/usr/bin/ruby3.1', ['ruby', '-I', 'lib', 'bin/app']],
    ['/usr/bin/php8.2', ['php', '-d', 'memory_limit=1G', '/opt/app']],
    ['/usr/bin/php8.2', ['php', '-f', '/opt/app']],
    ['/usr/lib/jvm/java-17/bin/java', ['java', '-Xmx1g', '-cp', 'lib/x.jar', '-jar', '/opt/app']],
    ['/usr/lib/jvm/java-17/bin/java', ['java', '-cp', 'lib/x.jar', 'app']],
  ])('it does: %s %j', (exe, argv) => {
    expect(programNames(at(exe), argv).includes('app')).toBe(true);
  });

  it.each([
    ['/usr/bin/vim', ['vim', '/opt/app']],
    ['/usr/bin/tail', ['tail', '-f', 'app']],
    ['/opt/app2', ['app2']],
    ['/opt/app/server', ['/opt/app/server']],
    ['/usr/bin/dash', ['sh', '-c', 'app']],
    ['/usr/bin/bash', ['bash', '-lc', '/opt/app']],
    ['/usr/bin/bash', ['bash', '/opt/wrapper', 'app']],
    ['/usr/bin/python3.11', ['python3', '-c', 'app']],
    ['/usr/bin/python3.11', ['python3', '-W', 'app']],
    ['/usr/bin/perl', ['perl', '-ne', 'app', 'app']],
    ['/usr/bin/node', ['node', '-e', 'app']],
    ['/usr/bin/node', ['node']],
    ['/usr/bin/php8.2', ['php', '-r', 'app']],
    ['/usr/lib/jvm/java-17/bin/java', ['java', '-cp', 'app', 'Main', 'app']],
    ['/usr/bin/dash', []],
  ])('it does not: %s %j', (exe, argv) => {
    expect(programNames(at(exe), argv).includes('app')).toBe(false);
  });

  it('by its replaced executable, and by argv alone where the executable cannot be read', () => {
    expect(programNames({ path: '/opt/app', deleted: true }, []).includes('app')).toBe(true);
    expect(programNames(undefined, ['/bin/sh', '/opt/app']).includes('app')).toBe(true);
    expect(programNames(undefined, [undefined, 'app']).includes('app')).toBe(false);
  });
});
