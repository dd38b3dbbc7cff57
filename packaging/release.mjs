/**
 * `npm run release` looks whether package.json, package-lock.json, CHANGELOG.md and the spec of the RPM agree on the version.
 * `npm run release -- 1.0.0` makes that release of what is Unreleased: it writes the version and the date to them, commits them
 * and tags the commit `v1.0.0`. It pushes nothing. Whatever is wrong is said before anything is written.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const SPEC = 'packaging/monitor_service.spec';
const UNRELEASED = '## [Unreleased]\n';

const [version] = process.argv.slice(2);
const files = readFiles();
const faults = [...findDisagreements(files), ...(version === undefined ? [] : findObstacles(files, version))];
if (faults.length > 0) {
  for (const fault of faults) process.stderr.write(`release: ${fault}\n`);
  process.exitCode = 1;
} else if (version === undefined) {
  process.stdout.write(`release: everything is of version ${files.manifest.version}\n`);
} else {
  release(files, version);
}

function readFiles() {
  const read = (file) => readFileSync(file, 'utf8');
  return {
    manifest: JSON.parse(read('package.json')),
    lock: JSON.parse(read('package-lock.json')),
    changelog: read('CHANGELOG.md'),
    spec: read(SPEC),
  };
}

function findDisagreements({ manifest, lock, changelog, spec }) {
  const faults = [];
  for (const locked of new Set([lock.version, lock.packages[''].version]))
    if (locked !== manifest.version)
      faults.push(
        `package.json has version ${manifest.version}, package-lock.json ${locked}: run npm install`,
      );
  const [newest] = releasesOf(changelog);
  // Before the first release there is none.
  if (newest !== undefined && newest !== manifest.version)
    faults.push(`package.json has version ${manifest.version}, but the newest in CHANGELOG.md is ${newest}`);
  if (!/^Version: %\{package_version\}$/m.test(spec))
    faults.push(`${SPEC} must take its version from package.json: Version: %{package_version}`);
  return faults;
}

function findObstacles({ manifest, changelog }, version) {
  const faults = [];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    faults.push(`${version} is no version such as 1.0.0 or 1.0.0-rc.1`);
  else if (!isNewer(version, manifest.version))
    faults.push(`${version} is not newer than ${manifest.version}`);
  const [, rest] = changelog.split(UNRELEASED);
  if (rest === undefined) faults.push('CHANGELOG.md has no heading ## [Unreleased]');
  else if (!/^- /m.test(rest.split(/^## /m)[0])) faults.push('CHANGELOG.md has nothing under Unreleased');
  if (git('status', '--porcelain') !== '')
    faults.push('there are changes that are not committed: git status');
  return faults;
}

function releasesOf(changelog) {
  return [...changelog.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, release]) => release);
}

/** 1.0.0-rc.1 comes before 1.0.0. */
function isNewer(version, than) {
  const order = new Intl.Collator('en', { numeric: true });
  const [[number, pre], [thanNumber, thanPre]] = [version, than].map((text) => text.split(/-(.*)/));
  const byNumber = order.compare(number, thanNumber);
  if (byNumber !== 0) return byNumber > 0;
  if (pre === undefined || thanPre === undefined) return pre === undefined && thanPre !== undefined;
  return order.compare(pre, thanPre) > 0;
}

function release({ manifest, lock, changelog }, version) {
  manifest.version = version;
  lock.version = version;
  lock.packages[''].version = version;
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const toText = (value) => `${JSON.stringify(value, undefined, 2)}\n`;
  writeFileSync('package.json', toText(manifest));
  writeFileSync('package-lock.json', toText(lock));
  writeFileSync('CHANGELOG.md', changelog.replace(UNRELEASED, `${UNRELEASED}\n## [${version}] - ${today}\n`));
  git('commit', '--quiet', '--all', '--message', `Release ${version}`);
  git('tag', `v${version}`);
  process.stdout.write(
    `release: ${version} is committed and tagged v${version}; npm run rpm makes its package\n`,
  );
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' });
}
