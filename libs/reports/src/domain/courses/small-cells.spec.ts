import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { emptyColumns, type CycleColumns } from './cycle-columns.js';
import { FEWEST_PATIENTS, patientsBeside, smallCells } from './small-cells.js';

/** A table of patients by cell; each has one treatment and is in no other cell. */
function tableOf(cells: readonly (readonly [readonly string[], number])[]): {
  columns: CycleColumns;
  values: readonly (readonly string[])[];
} {
  const columns = emptyColumns(cells.reduce((sum, [, patients]) => sum + patients, 0));
  let at = 0;
  for (const [group, [, patients]] of cells.entries()) {
    for (let i = 0; i < patients; i += 1) {
      columns.patient[at] = at;
      columns.group[at] = group;
      at += 1;
    }
  }
  return { columns, values: cells.map(([words]) => words) };
}

const hiddenOf = (cells: readonly (readonly [readonly string[], number])[]): string[] => {
  const { columns, values } = tableOf(cells);
  return [...smallCells(columns, values)].map((place) => values[place]?.join(' ') ?? '').toSorted();
};

describe('who stands beside a part', () => {
  it('is everybody with a treatment of the whole that is not in the part', () => {
    const of = (patients: readonly number[]): CycleColumns => ({
      ...emptyColumns(patients.length),
      patient: Uint32Array.from(patients),
    });
    expect(patientsBeside(of([1, 1, 2, 3, 3]), of([1, 1, 3]))).toBe(2);
    expect(patientsBeside(of([1, 2]), of([1, 2]))).toBe(0);
  });
});

describe('small cells', () => {
  it('are not told, nor a second one from which the first would follow', () => {
    expect(
      hiddenOf([
        [['ada'], 40],
        [['ben'], 3],
        [['cleo'], 12],
      ]),
    ).toEqual(['ben', 'cleo']);
    expect(
      hiddenOf([
        [['ada'], 40],
        [['ben'], 3],
        [['cleo'], 4],
      ]),
    ).toEqual(['ben', 'cleo']);
    expect(
      hiddenOf([
        [['ada'], 40],
        [['ben'], 2],
        [['cleo'], 2],
        [['dan'], 9],
      ]),
    ).toEqual(['ben', 'cleo', 'dan']);
    expect(
      hiddenOf([
        [['ada'], 40],
        [['ben'], 5],
      ]),
    ).toEqual([]);
    expect(hiddenOf([])).toEqual([]);
  });

  it('count patients, not treatments', () => {
    const { columns, values } = tableOf([
      [['ada'], 8],
      [['ben'], 8],
    ]);
    columns.patient.fill(columns.patient[0] ?? 0, 0, 8);
    expect([...smallCells(columns, values)]).toEqual([0, 1]);
  });

  const table = fc
    .array(
      fc.tuple(
        fc.constantFrom('ada', 'ben', 'cleo'),
        fc.constantFrom('brow', 'chin', 'lips'),
        fc.integer({ min: 1, max: 14 }),
      ),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    .map((rows) => [
      ...new Map(rows.map(([who, where, n]) => [`${who} ${where}`, [[who, where], n] as const])).values(),
    ]);

  it('leave no line whose total gives one of them away, in any table of more or fewer cuts', () => {
    fc.assert(
      fc.property(table, (cells) => {
        const both = new Set(hiddenOf(cells));
        for (const cut of [0, 1]) {
          const lines = Map.groupBy(cells, ([words]) => words[cut] ?? '');
          const coarse = new Set(
            hiddenOf([...lines].map(([word, line]) => [[word], line.reduce((sum, [, n]) => sum + n, 0)])),
          );
          for (const [word, line] of lines) {
            const out = line.filter(([words]) => both.has(words.join(' ')));
            const patients = out.reduce((sum, [, n]) => sum + n, 0);
            const isWhole = out.length === line.length;
            // What is hidden as a whole stays hidden in part; a told line hides none, or two with five patients, or all.
            if (coarse.has(word)) expect(out.length).toBeGreaterThan(0);
            if (out.length > 0 && !isWhole) expect(out.length >= 2 && patients >= FEWEST_PATIENTS).toBe(true);
          }
        }
        for (const [words, n] of cells) if (n < FEWEST_PATIENTS) expect(both.has(words.join(' '))).toBe(true);
      }),
    );
  });
});
