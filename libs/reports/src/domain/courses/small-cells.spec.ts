import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { emptyColumns, type CycleColumns } from './cycle-columns.js';
import { FEWEST_PATIENTS, patientsBeside, smallCells } from './small-cells.js';

type Cells = readonly (readonly [values: readonly string[], patients: readonly number[]])[];

/** A table of who is in which cell, a treatment each; those of one patient stand together. */
function tableOfWhom(cells: Cells): { columns: CycleColumns; values: readonly (readonly string[])[] } {
  const all = cells
    .flatMap(([, patients], group) => patients.map((patient) => ({ patient, group })))
    .toSorted((a, b) => a.patient - b.patient);
  return {
    columns: {
      ...emptyColumns(all.length),
      patient: Uint32Array.from(all, ({ patient }) => patient),
      group: Uint32Array.from(all, ({ group }) => group),
    },
    values: cells.map(([words]) => words),
  };
}

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

const namesOf = ({ columns, values }: ReturnType<typeof tableOf>): string[] =>
  [...smallCells(columns, values)].map((place) => values[place]?.join(' ') ?? '').toSorted();
const hiddenOf = (cells: readonly (readonly [readonly string[], number])[]): string[] =>
  namesOf(tableOf(cells));
const hiddenOfWhom = (cells: Cells): string[] => namesOf(tableOfWhom(cells));

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

  it('that are the same few patients’ give a third cell up, as one of them would', () => {
    const others = (from: number, patients: number) => Array.from({ length: patients }, (_, i) => from + i);
    // Three patients in January and again in February are three: what is left of the year without March would tell of them.
    expect(
      hiddenOfWhom([
        [['january'], [1, 2, 3]],
        [['february'], [1, 2, 3]],
        [['march'], others(10, 7)],
        [['april'], others(20, 9)],
      ]),
    ).toEqual(['february', 'january', 'march']);
    expect(
      hiddenOfWhom([
        [['january'], [1, 2, 3]],
        [['february'], [3, 4, 5]],
        [['march'], others(10, 7)],
      ]),
    ).toEqual(['february', 'january']);
  });

  const table = fc
    .array(
      fc.tuple(
        fc.constantFrom('ada', 'ben', 'cleo'),
        fc.constantFrom('brow', 'chin', 'lips'),
        fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { minLength: 1, maxLength: 14 }),
      ),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    .map((rows): Cells => [
      ...new Map(
        rows.map(([who, where, patients]) => [`${who} ${where}`, [[who, where], patients] as const]),
      ).values(),
    ]);
  const together = (line: Cells): number[] => [...new Set(line.flatMap(([, patients]) => patients))];

  it('leave no line whose total gives one of them away, in any table of more or fewer cuts', () => {
    fc.assert(
      fc.property(table, (cells) => {
        const both = new Set(hiddenOfWhom(cells));
        for (const cut of [0, 1]) {
          const lines = Map.groupBy(cells, ([words]) => words[cut] ?? '');
          const coarse = new Set(hiddenOfWhom([...lines].map(([word, line]) => [[word], together(line)])));
          for (const [word, line] of lines) {
            const out = line.filter(([words]) => both.has(words.join(' ')));
            const patients = together(out).length;
            const isWhole = out.length === line.length;
            // What is hidden as a whole stays hidden in part; a told line hides none, or two with five patients, or all.
            if (coarse.has(word)) expect(out.length).toBeGreaterThan(0);
            if (out.length > 0 && !isWhole) expect(out.length >= 2 && patients >= FEWEST_PATIENTS).toBe(true);
          }
        }
        for (const [words, patients] of cells)
          if (patients.length < FEWEST_PATIENTS) expect(both.has(words.join(' '))).toBe(true);
      }),
    );
  });
});
