import { readFile } from 'node:fs/promises';

import { defaultTelemetrySettings, telemetrySettings, type TelemetrySettings } from '../../app/contract/telemetry.ts';
import { replaceFile } from './atomic-file.ts';

/** The stored settings; the defaults where there are none or they can't be read. A damaged file is kept aside. */
export async function readTelemetry(path: string): Promise<TelemetrySettings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return defaultTelemetrySettings;
  }
  try {
    return telemetrySettings.parse(JSON.parse(text));
  } catch {
    await replaceFile(`${path}.damaged`, text).catch(() => undefined);
    return defaultTelemetrySettings;
  }
}

export async function writeTelemetry(path: string, value: TelemetrySettings): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
