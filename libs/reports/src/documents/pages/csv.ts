import { stringify } from 'csv-stringify/sync';

import type { FigureView } from '../../figures/http/figures.dto.js';
import type { GroupFiguresView } from '../../http/return-groups.dto.js';
import type { FiguresReport, ReturnTables } from '../report-content.js';

/** A spreadsheet must not run what somebody wrote into a name, and reads UTF-8 only behind a byte-order mark. */
const written = (rows: readonly object[], columns: readonly string[]): string =>
  stringify([...rows], {
    header: true,
    columns: [...columns],
    bom: true,
    escape_formulas: true,
    record_delimiter: '\r\n',
  });

const RETURN_COLUMNS = [
  'table',
  'group',
  'asOf',
  'scope',
  'horizonDays',
  'treatments',
  'patients',
  'numerator',
  'denominator',
  'probability',
  'lower',
  'upper',
  'clusteredLower',
  'clusteredUpper',
  'nAtRisk',
  'incidence',
  'incidenceLower',
  'incidenceUpper',
  'maturedNumerator',
  'maturedDenominator',
  'maturedProportion',
  'maturedLower',
  'maturedUpper',
  'maturedExactLower',
  'maturedExactUpper',
  'medianDays',
  'complete',
  'suppressed',
  'definition',
] as const;

/** One line a group and horizon, and one a cohort and horizon; empty where nothing can be said. */
export function returnCsv({ rate, whole, groups, cut, nameOf }: ReturnTables): string {
  const same = { asOf: rate.asOf, scope: rate.scope };
  const lines = (table: string, group: string, figures: GroupFiguresView | null): object[] =>
    figures === null
      ? [{ ...same, table, group, suppressed: 'yes' }]
      : figures.horizons.map(({ days, matured, ...horizon }): object => ({
          ...same,
          table,
          group,
          horizonDays: days,
          treatments: figures.treatments,
          patients: figures.patients,
          ...horizon,
          maturedNumerator: matured.numerator,
          maturedDenominator: matured.denominator,
          maturedProportion: matured.proportion,
          maturedLower: matured.lower,
          maturedUpper: matured.upper,
          maturedExactLower: matured.exactLower,
          maturedExactUpper: matured.exactUpper,
          medianDays: figures.median.days,
          definition: whole.definitions[`probability-${days}`],
        }));
  return written(
    [
      ...whole.items.flatMap(({ figures }) => lines('all', '', figures)),
      ...(groups?.items.flatMap(({ values, figures }) =>
        lines(cut ?? '', nameOf(values[cut ?? ''] ?? ''), figures),
      ) ?? []),
      ...rate.cohorts.flatMap(({ cohort, cells, figures, suppressed, definition }): object[] =>
        suppressed
          ? [{ ...same, table: 'cohort', group: cohort, suppressed: 'yes' }]
          : cells.map(({ days, returned, watched, complete }) => ({
              ...same,
              table: 'cohort',
              group: cohort,
              horizonDays: days,
              numerator: returned,
              denominator: watched,
              treatments: figures?.treatments,
              patients: figures?.patients,
              complete: complete ? 'yes' : 'no',
              definition,
            })),
      ),
    ],
    RETURN_COLUMNS,
  );
}

const FIGURE_COLUMNS = [
  'system',
  'name',
  'asOf',
  'from',
  'to',
  'unit',
  'numerator',
  'denominator',
  'value',
  'lower',
  'upper',
  'interval',
  'exactLower',
  'exactUpper',
  'unsaid',
  'definition',
  'note',
] as const;

export function figuresCsv({ figures, others }: FiguresReport): string {
  const { from, to } = figures;
  const row = (figure: FigureView): object => ({ ...figure, from, to });
  return written(
    [
      ...figures.figures.map((figure) => ({ system: 'Revisit', ...row(figure) })),
      ...others.figures.map((figure) => ({ ...row(figure), name: figure.theirName })),
    ],
    FIGURE_COLUMNS,
  );
}
