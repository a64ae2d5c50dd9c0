import type { DeviceView } from '../../app/contract/device.ts';
import type { EngineBackends } from '../../app/contract/engine.ts';
import { providerNames, providerOrder, type ProviderName } from '../../app/plan/provider-order.ts';
import type { Breakers } from './breakers.ts';

const nameOf = (provider: string) => ({ kind: 'provider', key: provider }) as const;

/** The devices to compute on, in the order in which they are wanted; one that failed is left alone for a while. */
export class ProviderLadder {
  readonly #breakers: Breakers;
  readonly #wanted: () => readonly ProviderName[];

  constructor(breakers: Breakers, wanted: () => readonly ProviderName[]) {
    this.#breakers = breakers;
    this.#wanted = wanted;
  }

  /** What is wanted first, whether or not it can be had. */
  get wanted(): ProviderName {
    return providerOrder(this.#wanted())[0] ?? 'cpu';
  }

  /** The one to begin with. */
  async first(): Promise<ProviderName> {
    return (await this.#from(0)) ?? 'cpu';
  }

  /** The one below; null below the last. */
  async after(provider: string): Promise<ProviderName | null> {
    const place = providerOrder(this.#wanted()).findIndex((name) => name === provider);
    return place < 0 ? null : this.#from(place + 1);
  }

  /** What is known of every device that can be named. @param backends  of the runtime; null before an engine has told */
  async views(backends: EngineBackends | null): Promise<readonly DeviceView[]> {
    const stateOf = (name: ProviderName): DeviceView['state'] => {
      if (backends === null) return null;
      const backend = backends.find((one) => one.name === name);
      return backend ? (backend.isBundled ? 'bundled' : 'extra') : 'absent';
    };
    return Promise.all(
      providerNames.map(async (name) => ({
        name,
        state: stateOf(name),
        restsUntilMs: name === 'cpu' ? null : await this.#breakers.untilMs(nameOf(name)),
      })),
    );
  }

  /** The processor is never given up: there is nothing below it. */
  async failed(provider: string): Promise<void> {
    if (provider !== 'cpu') await this.#breakers.trip(nameOf(provider));
  }

  async proved(provider: string): Promise<void> {
    if (provider !== 'cpu') await this.#breakers.heal(nameOf(provider));
  }

  async #from(place: number): Promise<ProviderName | null> {
    for (const name of providerOrder(this.#wanted()).slice(place))
      if (name === 'cpu' || !(await this.#breakers.isOpen(nameOf(name)))) return name;
    return null;
  }
}
