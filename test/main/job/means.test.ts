import { expect, it } from 'vitest';

import { initialPlan, reshape } from '../../../app/plan/render-plan.ts';
import { gatherMeans } from '../../../main/job/means.ts';
import { noAttempt } from '../../../main/job/no-attempt.ts';
import { reshaping, samplePack, sampleRequest } from '../../app/sample-pack.ts';

const everything = {
  ...{ request: sampleRequest, manifest: samplePack },
  host: { isUp: true, mayRestart: true, startSeconds: 1 },
  ...{ otherPack: 'other', nextProvider: 'cuda', hasTemplate: true, hasSoundFrame: true },
};

it('leaves nothing to render with where even a still failed: no engine, no other pack and no other device', () => {
  // Catches a still that is begun again on each device, one after the other.
  const plan = initialPlan(sampleRequest, samplePack);
  const still = reshape(plan, 'render-still', reshaping());
  if (!still) throw new Error('bug: the sample pack renders stills');
  const meansFor = (of: typeof plan) => gatherMeans(everything, of, noAttempt(of, 0, null), []);
  expect(meansFor(plan)).toMatchObject({
    isEngineUp: true,
    mayRestart: true,
    otherPack: 'other',
    nextProvider: 'cuda',
  });
  expect(meansFor(still)).toMatchObject({ isEngineUp: false, mayRestart: false, otherPack: null, nextProvider: null });
});
