/** For apt-get: a mirror may not answer for a moment, and a machine that was just started may still be updating itself. */
export const APT_OPTIONS = ['-o', 'Acquire::Retries=5', '-o', 'DPkg::Lock::Timeout=300'] as const;
