import packageFile from '../../package.json' with { type: 'json' };

/** Put in when the program is built (electron.vite.config.ts); code that runs unbuilt has none. */
declare const STEADYFRAME_COMMIT: string | undefined;

/** What is running. */
export const build = {
  version: packageFile.version,
  commit: typeof STEADYFRAME_COMMIT === 'string' ? STEADYFRAME_COMMIT : 'unknown',
};
