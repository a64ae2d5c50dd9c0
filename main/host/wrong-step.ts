/** Why an attempt is stopped: its latents from before this step are wanted, because the step went wrong. */
export class WrongStep {
  readonly step: number;
  constructor(step: number) {
    this.step = step;
  }
}
