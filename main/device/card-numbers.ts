import type { GpuSample } from '../../app/contract/resource.ts';

/** So many looks a maker's tool may take until it first answers; later nobody waits for it. */
const PATIENCE_LOOKS = 10;

type Answers = readonly (readonly GpuSample[] | null)[];

/**
 * Each maker's tool counts its cards from 0, and metrics know a card by its number alone: a number belongs to one card, for
 * good. The first tool's cards keep theirs; a card of another one whose number is taken gets the next that is free.
 */
export class CardNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #heard = new Set<number>();
  #looks = 0;

  /** The same answers, numbered; a card whose turn has not come, as a tool before its own is still starting, is left out. */
  give(answers: Answers): Answers {
    this.#looks += 1;
    return answers.map((cards, tool) => {
      if (cards === null) return null;
      this.#heard.add(tool);
      return cards.flatMap((card) => {
        const index = this.#numbers.get(card.id) ?? this.#fresh(card, tool);
        return index === null ? [] : [{ ...card, index }];
      });
    });
  }

  #fresh({ id, index, vendor }: GpuSample, tool: number): number | null {
    const isWaited = this.#looks <= PATIENCE_LOOKS && ![...Array(tool).keys()].every((one) => this.#heard.has(one));
    // Windows tells of cards that their makers' tools tell of too, and is only listened to where these are silent.
    if (vendor !== 'other' && isWaited) return null;
    const taken = new Set(this.#numbers.values());
    let number = index;
    while (vendor !== 'other' && taken.has(number)) number += 1;
    if (vendor !== 'other') this.#numbers.set(id, number);
    return number;
  }
}
