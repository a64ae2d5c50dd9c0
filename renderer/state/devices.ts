import type { DeviceChoice } from '../../app/contract/device.ts';
import { ask } from './ask.ts';
import { changeStudio } from './studio-store.ts';

export async function readDevices(): Promise<void> {
  const answer = await ask('devices.read', null);
  if (answer) changeStudio({ devices: answer.value });
}

export async function saveDevices(choice: DeviceChoice): Promise<void> {
  const answer = await ask('devices.save', choice);
  if (answer) changeStudio({ devices: answer.value });
}
