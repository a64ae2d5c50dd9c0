import { ok, type Result } from '../../app/base/result.ts';
import type { StandInLook } from '../../app/contract/stand-in.ts';
import { takeLogo } from '../export/logo.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

/** What the user wants to be shown where no clip could be made. */
export class StandInChoice {
  readonly #settings: SettingsKeeper;
  readonly #logoPath: string;

  /** @param logoPath  where the program keeps its copy of the logo */
  constructor(settings: SettingsKeeper, logoPath: string) {
    this.#settings = settings;
    this.#logoPath = logoPath;
  }

  async save(look: StandInLook): Promise<void> {
    await this.#settings.saveStandIn({ ...this.#settings.settings.standIn, ...look });
  }

  /** Take a PNG in as the logo of the waiting clip, or none; the error is one line that says what is wrong with the file. */
  async setLogo(path: string | null): Promise<Result<string | null, string>> {
    const taken = path === null ? ok(null) : await takeLogo(path, this.#logoPath);
    if (taken.ok) await this.#settings.saveStandIn({ ...this.#settings.settings.standIn, logoPath: taken.value });
    return taken;
  }
}
