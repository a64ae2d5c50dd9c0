import type { DeviceChoice, DeviceSettings } from '../../app/contract/device.ts';
import type { JobService } from './job-service.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

/** Where clips are computed: what the user wants, and what is known of each device. It holds from the next clip on. */
export class DeviceDesk {
  readonly #settings: SettingsKeeper;
  readonly #service: Pick<JobService, 'devices'>;

  constructor(settings: SettingsKeeper, service: Pick<JobService, 'devices'>) {
    this.#settings = settings;
    this.#service = service;
  }

  async read(): Promise<DeviceSettings> {
    return { wanted: this.#settings.settings.providers ?? [], devices: await this.#service.devices() };
  }

  async save({ wanted }: DeviceChoice): Promise<DeviceSettings> {
    await this.#settings.saveProviders(wanted);
    return this.read();
  }
}
