import * as z from 'zod';

type KeyType = 'text' | 'secret' | 'path' | 'command' | 'list' | 'number' | 'word';

/** What is known about a key besides how to read it. Validation, config.ini and the documents use it. */
export interface KeyInfo {
  readonly type: KeyType;
  /** Undefined for a value without a unit. */
  readonly unit?: 's' | 'KB';
  /** As written in the file; undefined: none. */
  readonly default?: string;
  /** The default applies when the key is absent or empty, and does more than the same text in the file (R21). */
  readonly builtIn?: true;
  /** The key must be set, because no default could be right. */
  readonly required?: true;
  /** What may be written, in words. */
  readonly allowed: string;
  /** What the key is for. config.ini has the same words above the key. */
  readonly why: string;
}

/** What a section's file says about one key; the rest follows from the kind of key. */
export interface KeyDescription {
  readonly default?: string;
  readonly why: string;
}

export const keyInfo = z.registry<KeyInfo>();
