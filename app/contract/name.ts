import { z } from 'zod';

import { actionKinds, faultKinds, findingKinds, gradeNames, stageNames } from './list.ts';

export const stageName = z.enum(stageNames);
export type StageName = z.infer<typeof stageName>;

export const faultKind = z.enum(faultKinds);
export type FaultKind = z.infer<typeof faultKind>;

export const actionKind = z.enum(actionKinds);
export type ActionKind = z.infer<typeof actionKind>;

export const gradeName = z.enum(gradeNames);
export type GradeName = z.infer<typeof gradeName>;

export const findingKind = z.enum(findingKinds);

export const languageName = z.enum(['zh', 'en', 'other']);
export type LanguageName = z.infer<typeof languageName>;
