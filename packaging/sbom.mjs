/**
 * The software bill of materials, in CycloneDX 1.5: each npm package of which something is shipped, in the bundle or beside it.
 * It has no time and no number of its own, so that the same packages make the same file.
 *
 * @param lock package-lock.json, parsed
 * @param folders of the packages, as `lock.packages` names them; what is within a folder is listed too
 */
export function makeSbom(lock, folders) {
  const paths = Object.keys(lock.packages).filter((path) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/node_modules/`)),
  );
  const components = paths.map((path) => describePackage(nameOf(path), lock.packages[path]));
  const byPurl = new Map(components.map((component) => [component.purl, component]));
  const { name, version, license } = lock.packages[''];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `${name}@${version}`,
        name,
        version,
        licenses: describeLicence(license),
      },
    },
    components: [...byPurl.keys()].sort().map((purl) => byPurl.get(purl)),
  };
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function describePackage(fullName, { version, license, integrity }) {
  const [name, group] = fullName.split('/').reverse();
  const purl = `pkg:npm/${fullName.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name,
    version,
    licenses: describeLicence(license),
    // Of the package as npm verified it.
    hashes: [{ alg: 'SHA-512', content: sha512Of(fullName, integrity) }],
    purl,
  };
}

/** One licence has an id, several are an expression. */
function describeLicence(spdx) {
  return [/^[\w.-]+$/.test(spdx) ? { license: { id: spdx } } : { expression: spdx }];
}

function sha512Of(name, integrity = '') {
  const [, base64] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  if (base64 === undefined) throw new Error(`package-lock.json has no SHA-512 of ${name}`);
  return Buffer.from(base64, 'base64').toString('hex');
}
