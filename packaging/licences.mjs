/**
 * `npm run licences`: is every package that is shipped, by dist/sbom.cdx.json, under a licence of allowed-licences.json, and does
 * the text of its licence go with it? Exit code 1 if not. It needs no network.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const allowed = readJson(new URL('allowed-licences.json', import.meta.url));
if (!existsSync('dist/sbom.cdx.json')) {
  process.stderr.write('licences: not built yet: run npm run build first\n');
  process.exit(1);
}
const { metadata, components } = readJson('dist/sbom.cdx.json');
const faults = [
  ...[metadata.component, ...components].flatMap(findFault),
  ...findWithoutText(readFileSync('dist/packages.txt', 'utf8').trim().split('\n')),
];
for (const fault of faults) process.stderr.write(`licences: ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else
  process.stdout.write(`licences: ${components.length} packages that are shipped, all under ${listUsed()}\n`);

function findFault({ name, version, licenses }) {
  const expression = expressionOf(licenses);
  if (isAllowed(expression)) return [];
  return [
    `${name} ${version} is under ${expression || 'no licence'}; allowed are ${Object.keys(allowed).join(', ')} (packaging/allowed-licences.json)`,
  ];
}

function expressionOf(licenses) {
  return licenses.map(({ license, expression }) => license?.id ?? expression).join(' AND ');
}

/** Of an OR one part must be allowed, of an AND every one. What has brackets within brackets is for a person to read. */
function isAllowed(expression) {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(bare)) return false;
  return bare.split(' OR ').some((part) => part.split(' AND ').every((id) => Object.hasOwn(allowed, id)));
}

/** Those of the bundle have theirs in LICENSES.txt, or there is no build. */
function findWithoutText(folders) {
  return folders
    .filter((folder) => !readdirSync(folder).some((file) => /^(un)?licen[cs]e|^copying/i.test(file)))
    .map((folder) => `${folder} has no file with its licence`);
}

function listUsed() {
  return [...new Set(components.map(({ licenses }) => expressionOf(licenses)))].sort().join(', ');
}
