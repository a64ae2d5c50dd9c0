import { readFileSync, writeFileSync } from 'node:fs';

import { inRoot } from './base.mjs';

/** Put the recovery tree's picture, as the code has it now, into its README. Needs a Node that reads TypeScript. */
const { drawTree } = await import(inRoot('app', 'recovery', 'draw.ts'));
const page = inRoot('app', 'recovery', 'README.md');
const text = readFileSync(page, 'utf8');
const drawn = text.replace(
  /<!-- tree -->[\s\S]*<!-- \/tree -->/,
  () => `<!-- tree -->\n\n\`\`\`mermaid\n${drawTree()}\n\`\`\`\n\n<!-- /tree -->`,
);
if (drawn !== text) writeFileSync(page, drawn);
