import type { CauseName, CureName } from '../../app/contract/cure.ts';
import type { RecoveryPolicy } from '../../app/contract/policy.ts';
import type { PageSettings, Settings } from '../../app/contract/route.ts';
import type { StandInSettings } from '../../app/contract/stand-in.ts';
import type { ProviderName } from '../../app/plan/provider-order.ts';
import { writeSettings } from '../store/settings-file.ts';

/** The settings in use, and their way to the disk: the last ones said are the ones that stay. */
export class SettingsKeeper {
  readonly #path: string;
  readonly #onPolicy: (policy: RecoveryPolicy) => void;
  #settings: Settings;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, settings: Settings, onPolicy: (policy: RecoveryPolicy) => void) {
    this.#path = path;
    this.#settings = settings;
    this.#onPolicy = onPolicy;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Resolves when it is on disk. */
  async savePage(page: PageSettings): Promise<void> {
    await this.#save({ ...this.#settings, ...page });
  }

  async savePolicy(recovery: RecoveryPolicy): Promise<void> {
    this.#onPolicy(recovery);
    await this.#save({ ...this.#settings, recovery });
  }

  async saveStandIn(standIn: StandInSettings): Promise<void> {
    await this.#save({ ...this.#settings, standIn });
  }

  async saveProviders(providers: readonly ProviderName[]): Promise<void> {
    await this.#save({ ...this.#settings, providers });
  }

  /** What the user chose for a cause, to be tried first from now on. */
  async remember(cause: CauseName, cure: CureName): Promise<void> {
    const { recovery } = this.#settings;
    await this.savePolicy({ ...recovery, preferences: { ...recovery.preferences, [cause]: cure } });
  }

  /** Everything that was said is on disk, or could not be put there. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  async #save(value: Settings): Promise<void> {
    this.#settings = value;
    const saving = this.#saving.then(async () => writeSettings(this.#path, value));
    this.#saving = saving.catch(() => undefined);
    await saving;
  }
}
