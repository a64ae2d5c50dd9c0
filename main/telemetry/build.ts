import packageFile from '../../package.json' with { type: 'json' };

/** What is running. The commit is put in when the program is built; code that runs unbuilt has none. */
export const build = { version: packageFile.version, commit: process.env['STEADYFRAME_COMMIT'] ?? 'unknown' };
