/**
 * Prints CHANGELOG.md as the entries of %changelog: `node rpm-changelog.mjs 1.0.0~rc.1 1` for this version and release of the
 * package. What is Unreleased is an entry of today where the version has none of its own yet, as before the first release.
 */
import { readFileSync } from 'node:fs';

const WHO = 'Process Monitor Service';
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const [version, release] = process.argv.slice(2);
const [unreleased, ...released] = releasesOf(readFileSync('CHANGELOG.md', 'utf8'));
const isReleased = released.some((entry) => toRpm(entry.version) === version);
const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
const shown = isReleased ? released : [{ ...unreleased, version, date: today }, ...released];
process.stdout.write(shown.map(describe).join('\n'));

function describe(entry) {
  const rpmVersion = toRpm(entry.version);
  const rpmRelease = rpmVersion === version ? release : 1;
  return `* ${dayOf(entry.date)} ${WHO} - ${rpmVersion}-${rpmRelease}\n${textOf(entry)}`;
}

/** Each heading `## [1.0.0] - 2026-01-01` or `## [Unreleased]` with what is under it, newest first. */
function releasesOf(changelog) {
  const [, ...parts] = changelog.split(/^## (?=\[)/m);
  return parts.map((part) => {
    const [heading = '', ...lines] = part.split('\n');
    const [, version, date] = /^\[([^\]]+)\](?: - (\S+))?/.exec(heading) ?? [];
    return { version, date, lines };
  });
}

/** `### Added` becomes `Added:`. A % begins a macro of the spec. */
function textOf({ lines }) {
  const text = lines.map((line) => line.replace(/^### (.*)$/, '$1:')).join('\n');
  return `${text
    .replaceAll(/\n{2,}/g, '\n')
    .replaceAll('%', '%%')
    .trim()}\n`;
}

/** Its names of days and months are English, whatever the locale. */
function dayOf(date) {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) throw new Error(`CHANGELOG.md: ${date} is no date such as 2026-01-31`);
  const number = String(day.getUTCDate()).padStart(2, '0');
  return `${DAYS[day.getUTCDay()]} ${MONTHS[day.getUTCMonth()]} ${number} ${day.getUTCFullYear()}`;
}

function toRpm(version) {
  return version.replaceAll('-', '~');
}
