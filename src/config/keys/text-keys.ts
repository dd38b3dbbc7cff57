import * as z from 'zod';
import { checkSystemName } from '../../domain/system-name.js';
import { type KeyDescription, type KeyInfo, keyInfo } from './key-info.js';

/** Text that must not be empty. */
export function text(about: KeyDescription & Pick<KeyInfo, 'required'>) {
  return z
    .string()
    .min(1, { error: 'is empty, allowed: some text', abort: true })
    .refine(isPrintable, CONTROL_CHARACTER)
    .register(keyInfo, { ...about, type: 'text', allowed: 'some text' });
}

/** Text; empty means none. */
export function optionalText(about: KeyDescription) {
  return z
    .string()
    .refine(isPrintable, CONTROL_CHARACTER)
    .transform(emptyAsNone)
    .register(keyInfo, { ...about, type: 'text', allowed: 'some text, or empty for none' });
}

/** A shell command of the administrator (R15). An empty one removes the command of `[process.default]`. */
export function command(about: KeyDescription & Pick<KeyInfo, 'builtIn'>) {
  return z
    .string()
    .refine(hasNoNul, CONTROL_CHARACTER)
    .transform(emptyAsNone)
    .register(keyInfo, { ...about, type: 'command', allowed: 'a command for /bin/sh, or empty for none' });
}

/** No fault may show it (R24). */
export function secret(about: KeyDescription) {
  return z
    .string()
    .refine(hasNoNul, CONTROL_CHARACTER)
    .register(keyInfo, { ...about, type: 'secret', allowed: 'some text, or empty for none' });
}

/** The path of a file; a relative one counts from the folder of config.ini. */
export function path(about: KeyDescription) {
  return z
    .string()
    .min(1, { error: 'is empty, allowed: the path of a file', abort: true })
    .superRefine(checkPath)
    .register(keyInfo, { ...about, type: 'path', allowed: 'the path of a file' });
}

/** The same; undefined if it is empty. */
export function optionalPath(about: KeyDescription) {
  return z
    .string()
    .superRefine(checkPath)
    .transform(emptyAsNone)
    .register(keyInfo, { ...about, type: 'path', allowed: 'the path of a file, or empty for none' });
}

/** A file for node_exporter, which reads no other names. */
export function optionalTextfile(about: KeyDescription) {
  return z
    .string()
    .superRefine((value, context) => {
      checkPath(value, context);
      if (value !== '' && !/[^/]\.prom$/.test(value)) {
        context.addIssue('does not end in .prom, allowed: the path of a file NAME.prom, or empty for none');
      }
    })
    .transform(emptyAsNone)
    .register(keyInfo, {
      ...about,
      type: 'path',
      allowed: 'the path of a file NAME.prom, or empty for none',
    });
}

/** Names, separated by commas. */
export function list(about: KeyDescription) {
  return z
    .string()
    .refine(isPrintable, CONTROL_CHARACTER)
    .transform((value) => value.split(',').map((item) => item.trim()))
    .transform((items) => items.filter((item) => item !== ''))
    .register(keyInfo, { ...about, type: 'list', allowed: 'names, separated by commas, or empty for none' });
}

/** Names of other processes, each once; undefined for none. Whether there are such sections is checked later. */
export function processNames(about: KeyDescription) {
  return z
    .string()
    .refine(isPrintable, CONTROL_CHARACTER)
    .transform((value) => {
      const names = splitNames(value);
      return names.length === 0 ? undefined : names;
    })
    .register(keyInfo, {
      ...about,
      type: 'list',
      allowed: 'the NAMEs of other [process.NAME] sections, separated by commas, or empty for none',
    });
}

/** The names in a list, each once. */
export function splitNames(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

/** The DNS name of a host, in lower case. */
export function hostName(about: KeyDescription) {
  const allowed = 'a host name such as monitor.example.com, without a port, or empty for none';
  return z
    .string()
    .refine((value) => value === '' || HOST_NAME.test(value), `is not a host name, allowed: ${allowed}`)
    .transform((value) => emptyAsNone(value.toLowerCase()))
    .register(keyInfo, { ...about, type: 'text', allowed });
}

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** A name that reaches commands: R14 applies to it as to a name from the database. */
export function systemName(about: KeyDescription) {
  return z
    .string()
    .superRefine((name, context) => {
      const refused = name === '' ? undefined : checkSystemName(name);
      if (refused) context.addIssue(`the name ${refused}, allowed: the name of one unit or executable`);
    })
    .transform(emptyAsNone)
    .register(keyInfo, { ...about, type: 'text', allowed: 'the name of one unit or executable' });
}

const CONTROL_CHARACTER = 'contains a control character, allowed: printable text';

function checkPath(value: string, context: z.RefinementCtx): void {
  if (!isPrintable(value)) context.addIssue(CONTROL_CHARACTER);
  else if (value.startsWith('~')) context.addIssue('~ is not expanded, allowed: the full path');
  else if (value.endsWith('/')) context.addIssue('is the path of a folder, allowed: the path of a file');
}

function isPrintable(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}

function hasNoNul(value: string): boolean {
  return !value.includes('\0');
}

function emptyAsNone(value: string): string | undefined {
  return value === '' ? undefined : value;
}
