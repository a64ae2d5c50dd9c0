/** Where a graph can be computed, by the runtime's names; the fastest kind first, the one that always works last. */
export const providerNames = ['tensorrt', 'cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export type ProviderName = (typeof providerNames)[number];

/** As wanted, each once, and the processor last, whatever else was said. */
export function providerOrder(wanted: readonly ProviderName[]): readonly ProviderName[] {
  return [...new Set(wanted.filter((name) => name !== 'cpu')), 'cpu'];
}
