import type { GroupHorizonView, ReturnGroupsView } from '../../http/return-groups.dto.js';
import type { ReturnCohortView } from '../../http/return-rate.dto.js';
import { curvesFigure, MOST_CURVES, type NamedCurve } from './curves.js';
import { html, type Html } from './html.js';
import { count, days, interval, percent, words } from './words.js';

export const horizonTable = (horizons: readonly GroupHorizonView[]): Html =>
  html`<table>
    <caption>
      By each horizon; clustered limits take treatments of one patient as dependent; “with departures” lets
      death, moving away and opting out of contact rule a return out.
    </caption>
    <thead>
      <tr>
        <th>Days</th>
        <th>Probability</th>
        <th>95 %</th>
        <th>Clustered</th>
        <th>N at risk</th>
        <th>With departures</th>
        <th>Matured only</th>
        <th>95 %</th>
      </tr>
    </thead>
    <tbody>
      ${horizons.map(
        (one) =>
          html`<tr>
            <td>${one.days}</td>
            <td>${percent(one.probability)}</td>
            <td>${interval(one.lower, one.upper)}</td>
            <td>${interval(one.clusteredLower, one.clusteredUpper)}</td>
            <td>${count(one.nAtRisk)}</td>
            <td>${percent(one.incidence)}</td>
            <td>
              ${percent(one.matured.proportion)}
              <span class="soft">(${count(one.matured.numerator)}/${count(one.matured.denominator)})</span>
            </td>
            <td>${interval(one.matured.lower, one.matured.upper)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

/** The curves and figures of a cut, and whether its groups differ. */
export function groupSection(
  groups: ReturnGroupsView,
  cut: string,
  nameOf: (value: string) => string,
  lastDay: number,
): Html {
  const told = groups.items
    .flatMap(({ values, figures }) =>
      figures === null ? [] : [{ name: nameOf(values[cut] ?? ''), figures }],
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const hidden = groups.items.length - told.length;
  const largest = told.toSorted((a, b) => b.figures.treatments - a.figures.treatments).slice(0, MOST_CURVES);
  const curves = largest.flatMap(({ name, figures }): NamedCurve[] =>
    figures.curve === null ? [] : [{ name, curve: figures.curve }],
  );
  const by = words(cut).toLowerCase();
  const middle =
    told[0]?.figures.horizons.find(({ days: horizon }) => horizon === 180) ??
    told[0]?.figures.horizons.at(-1);
  const { logRank, clusteredLogRank } = groups.comparison;
  return html`<h2>By ${by}</h2>
    ${curves.length === 0 ? html`` : curvesFigure(curves, lastDay, `Return curves by ${by}`, 'groups')}
    ${told.length > curves.length ? html`<p class="soft">The curves of the ${curves.length} with the most treatments.</p>` : html``}
    <table>
      <thead>
        <tr>
          <th>${words(cut)}</th>
          <th>Treatments</th>
          <th>Patients</th>
          <th>Median</th>
          <th>Back within ${middle?.days ?? ''} days</th>
          <th>Clustered 95 %</th>
          <th>N at risk</th>
        </tr>
      </thead>
      <tbody>
        ${told.map(({ name, figures }) => {
          const one = figures.horizons.find((horizon) => horizon.days === middle?.days);
          return html`<tr>
            <td>${name}</td>
            <td>${count(figures.treatments)}</td>
            <td>${count(figures.patients)}</td>
            <td>${days(figures.median.days)}</td>
            <td>${percent(one?.probability)}</td>
            <td>${interval(one?.clusteredLower, one?.clusteredUpper)}</td>
            <td>${count(one?.nAtRisk)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${hidden > 0 ? html`<p class="soft">${hidden} ${hidden === 1 ? 'group is' : 'groups are'} not told: too few patients, or one could subtract.</p>` : html``}
    ${testLine('Whether the curves differ, treatments of one patient taken as dependent: robust log-rank', clusteredLogRank)}
    ${testLine('Taken as independent: log-rank', logRank)}`;
}

const testLine = (
  says: string,
  test: { readonly chiSquare: number; readonly degreesOfFreedom: number; readonly p: number } | null,
): Html =>
  test === null
    ? html``
    : html`<p>
        ${says} χ² = ${test.chiSquare.toFixed(2)} on
        ${test.degreesOfFreedom}${test.degreesOfFreedom === 1 ? ' degree' : ' degrees'} of freedom, p
        ${probability(test.p)}.
      </p>`;

const probability = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${p.toFixed(4)}`);

/** The darker, the more are back; what is not final yet is in italics with “…” behind it, so that it shows without colour. */
export function triangle(cohorts: readonly ReturnCohortView[]): Html {
  const horizons = cohorts.find(({ cells }) => cells.length > 0)?.cells.map((cell) => cell.days) ?? [];
  return html`<table class="triangle">
    <caption>
      Share of each cohort’s treatments followed by a return so far;
      <i>italics…</i
      >: not all have been watched that long.
    </caption>
    <thead>
      <tr>
        <th>Treated in</th>
        <th>Treatments</th>
        ${horizons.map((horizon) => html`<th>${horizon} days</th>`)}
        <th>Still open</th>
      </tr>
    </thead>
    <tbody>
      ${cohorts.map(({ cohort, cells, figures, suppressed }) =>
        suppressed || figures === null
          ? html`<tr>
              <td>${cohort}</td>
              <td class="small" colspan="${horizons.length + 2}">
                not told: too few patients, or one could subtract
              </td>
            </tr>`
          : html`<tr>
              <td>${cohort}</td>
              <td>${count(figures.treatments)}</td>
              ${cells.map(({ returned, watched, complete }) => {
                const share = returned / figures.treatments;
                return watched === 0
                  ? html`<td>–</td>`
                  : html`<td
                      class="cell${complete ? '' : ' young'}"
                      style="background:rgba(0,114,178,${(share * 0.45).toFixed(3)})"
                    >
                      ${percent(share)}${complete ? '' : '…'}
                    </td>`;
              })}
              <td>${count(figures.open)}</td>
            </tr>`,
      )}
    </tbody>
  </table>`;
}
