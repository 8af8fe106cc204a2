/** xᵀ V⁻¹ x, never below 0; null when V is singular. */
export function quadraticForm(
  covariance: readonly (readonly number[])[],
  x: readonly number[],
): number | null {
  const solution = solve(covariance, x);
  return (
    solution &&
    Math.max(
      0,
      x.reduce((total, value, i) => total + value * at(solution, i), 0),
    )
  );
}

/** Solves V x = b by Gaussian elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] | null {
  const rows = matrix.map((row, i) => [...row, at(right, i)]);
  const size = rows.length;
  const scale = Math.max(...rows.map((row, i) => Math.abs(at(row, i))));
  for (let column = 0; column < size; column += 1) {
    const candidates = rows
      .slice(column)
      .toSorted((a, b) => Math.abs(at(b, column)) - Math.abs(at(a, column)));
    rows.splice(column, candidates.length, ...candidates);
    const pivot = rows[column] ?? [];
    if (Math.abs(at(pivot, column)) <= scale * 1e-12) return null;
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = at(row, column) / at(pivot, column);
      for (let j = column; j <= size; j += 1) row[j] = at(row, j) - factor * at(pivot, j);
    }
  }
  return rows.map((row, i) => at(row, size) / at(row, i));
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;
