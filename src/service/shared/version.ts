import manifest from '../../../package.json' with { type: 'json' };

/** That of this build. */
export const VERSION: string = manifest.version;
