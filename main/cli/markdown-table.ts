type Cells = readonly (string | number)[];

/** Rows as Markdown: what the repository keeps is what a command printed. */
export function markdownTable(heads: Cells, rows: readonly Cells[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
