import type { ClinicFiguresView, FigureView, OtherSystemsView } from '../../figures/http/figures.dto.js';
import type { GroupHorizonView, ReturnGroupsView } from '../../http/return-groups.dto.js';
import type { ReturnCohortView } from '../../http/return-rate.dto.js';
import type { FiguresReport, ReturnReport } from '../report-content.js';
import { curvesFigure, MOST_CURVES, type NamedCurve } from './curves.js';
import { html, Html } from './html.js';
import { STYLE } from './style.js';
import { count, days, interval, percent, words } from './words.js';

const SCOPES: Record<string, string> = {
  'same-area': 'back for the same area',
  'any-area': 'back for any area',
};

/** The printable report of return rates, whole in one file. */
export function returnPage(report: ReturnReport): string {
  const { clinic, rate, whole, groups, cut, nameOf, filters } = report;
  const figures = whole.items[0]?.figures ?? null;
  const lastDay = figures?.horizons.at(-1)?.days ?? 365;
  const title = 'Do our patients come back?';
  return page(`${clinic} · return rates · ${rate.asOf}`, [
    head(title, clinic, rate.asOf, [SCOPES[rate.scope] ?? rate.scope, ...filters]),
    figures === null
      ? html`<p class="lead">
          ${whole.items.length === 0 ? 'There is no treatment to count.' : 'Too few patients to be told.'}
        </p>`
      : html`<p class="lead">
            ${count(figures.treatments)} treatments of ${count(figures.patients)} patients:
            ${count(figures.returned)} followed by a return, ${count(figures.open)} still watched,
            ${count(figures.left)} ended because the patient died or moved away. Half are back by
            ${days(figures.median.days)}.
          </p>
          <ul class="headline">
            ${figures.horizons.map(
              (one) =>
                html`<li>
                  <b>${percent(one.probability)}</b
                  ><span>back within ${one.days} days<br />95 %: ${interval(one.lower, one.upper)}</span>
                </li>`,
            )}
          </ul>
          <h2>Return probability</h2>
          ${figures.curve === null ? html`` : curvesFigure([{ name: 'All treatments', curve: figures.curve }], lastDay, 'Share of treatments followed by a return, with its 95 % interval', 'all')}
          ${horizonTable(figures.horizons)}`,
    groups === null || cut === null ? html`` : groupSection(groups, cut, nameOf, lastDay),
    html`<h2>Cohorts by ${rate.cohortBy}</h2>
      ${triangle(rate.cohorts)}`,
    figuresSection(report.figures),
    othersSection(report.others),
    definitions([
      ...Object.entries(whole.definitions).map(([name, says]) => [words(name), says] as const),
      ...(groups === null ? [] : [['Comparison', groups.comparison.definition] as const]),
      ...report.figures.figures.map(({ name, definition }) => [words(name), definition] as const),
    ]),
  ]);
}

/** The printable page of a period’s figures. */
export function figuresPage({ clinic, figures, others, filters }: FiguresReport): string {
  return page(`${clinic} · figures · ${figures.asOf}`, [
    head('The clinic’s figures', clinic, figures.asOf, [`${figures.from} to ${figures.to}`, ...filters]),
    figuresSection(figures),
    othersSection(others),
    definitions(figures.figures.map(({ name, definition }) => [words(name), definition] as const)),
  ]);
}

const page = (title: string, parts: readonly Html[]): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${parts}</main>
        <footer>
          Every figure as known at the end of the day it stands on, at each location. A dash says that a
          figure cannot be told, and is not 0.
        </footer>
      </body>
    </html> `.text;

const head = (title: string, clinic: string, asOf: string, said: readonly string[]): Html =>
  html`<header>
    <h1>${title}</h1>
    <p class="soft">${clinic} · as of ${asOf} · ${said.join(' · ')}</p>
  </header>`;

const horizonTable = (horizons: readonly GroupHorizonView[]): Html =>
  html`<table>
    <caption>
      By each horizon; clustered limits take treatments of one patient as dependent; “with departures” lets
      death and moving away rule a return out.
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

function groupSection(
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
  const { logRank } = groups.comparison;
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
    ${logRank === null ? html`` : html`<p>Whether the curves differ: log-rank χ² = ${logRank.chiSquare.toFixed(2)} on ${logRank.degreesOfFreedom} degrees of freedom, p ${probability(logRank.p)}.</p>`}`;
}

const probability = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${p.toFixed(4)}`);

/** The darker, the more are back; what is not final yet is in italics with “…” behind it, so that it shows without colour. */
function triangle(cohorts: readonly ReturnCohortView[]): Html {
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

const UNSAID: Record<string, string> = {
  'nothing-to-count': 'nothing to count',
  'period-not-over': 'the time after the period is still to come',
  'not-kept': 'not recorded',
  'too-few-patients': 'too few patients to be told',
};

const figureRow = (figure: FigureView, name: string): Html =>
  html`<tr>
    <td>${name}</td>
    <td>${percent(figure.value)}</td>
    <td>${interval(figure.lower, figure.upper)}</td>
    <td>${figure.numerator === null ? '' : `${count(figure.numerator)} / ${count(figure.denominator)}`}</td>
    <td class="word soft">
      ${figure.unsaid === null ? figure.unit : (UNSAID[figure.unsaid] ?? figure.unsaid)}
    </td>
  </tr>`;

const figureTable = (rows: readonly Html[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th>Figure</th>
        <th>Value</th>
        <th>95 %</th>
        <th>of</th>
        <th class="word">counted</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;

const figuresSection = ({ figures, from, to }: ClinicFiguresView): Html =>
  html`<h2>Figures from ${from} to ${to}</h2>
    ${figureTable(figures.map((figure) => figureRow(figure, words(figure.name))))}`;

const othersSection = ({ figures, from, to }: OtherSystemsView): Html =>
  html`<h2>In the words of other systems</h2>
    <p class="soft">
      The same data, ${from} to ${to}, as other systems count it, to compare with what you had; read the note
      before the number.
    </p>
    ${figureTable(figures.map((figure) => figureRow(figure, `${figure.system}: ${figure.theirName}`)))}
    <dl>
      ${[...Map.groupBy(figures, ({ system }) => system)].map(
        ([system, [one]]) =>
          html`<dt>${system}</dt>
            <dd>${one?.note ?? ''}</dd>`,
      )}
    </dl>`;

const definitions = (all: readonly (readonly [string, string])[]): Html =>
  html`<h2>What each figure says</h2>
    <dl>
      ${all.map(
        ([name, says]) =>
          html`<dt>${name}</dt>
            <dd>${says}</dd>`,
      )}
    </dl>`;
