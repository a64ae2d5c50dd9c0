/** The user asked the system for less motion: nothing starts to move by itself. */
export const prefersStillness = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
