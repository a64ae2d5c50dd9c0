/** A node of the drawn tree: column 0 is the cause, the others are its cures in order. */
export interface TreePlace {
  readonly row: number;
  readonly column: number;
}

/**
 * Where a key leads to; null where it is none of the tree's.
 *
 * @param cureCounts  of each cause
 */
export function stepTo(key: string, { row, column }: TreePlace, cureCounts: readonly number[]): TreePlace | null {
  const at = (wantedRow: number, wantedColumn: number): TreePlace => {
    const nextRow = Math.max(0, Math.min(cureCounts.length - 1, wantedRow));
    return { row: nextRow, column: Math.max(0, Math.min(cureCounts[nextRow] ?? 0, wantedColumn)) };
  };
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'Home':
      return at(0, 0);
    case 'End':
      return at(cureCounts.length - 1, 0);
    default:
      return null;
  }
}
