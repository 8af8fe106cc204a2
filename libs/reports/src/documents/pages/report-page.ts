import type { FiguresReport, ReturnReport } from '../report-content.js';
import { curvesFigure } from './curves.js';
import { figuresSection, othersSection } from './figure-tables.js';
import { html, Html } from './html.js';
import { groupSection, horizonTable, triangle } from './return-tables.js';
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
            ${count(figures.left)} ended because the patient died or moved away; after
            ${count(figures.optedOut)} the patient asked not to be contacted. Half are back by
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
    figuresSection(report.figures, ofWhom(report)),
    othersSection(report.others),
    definitions([
      ...onceEach(whole.definitions),
      ...(groups === null ? [] : [['Comparison', groups.comparison.definition] as const]),
      ...report.figures.figures.map(({ name, definition }) => [words(name), definition] as const),
    ]),
  ]);
}

/** The returns above may be of one product or area, or of more years; these never are. */
const ofWhom = ({ whose, rate: { filter } }: ReturnReport): Html =>
  html`<p class="soft">
    ${whose.length === 0 ? 'Figures of the whole clinic' : `Figures of ${whose.join(' and ')}`}${filter.product === null && filter.area === null ? '' : ', whatever the product and area'}.
  </p>`;

/** The printable page of a period’s figures. */
export function figuresPage({ clinic, figures, others, whose }: FiguresReport): string {
  return page(`${clinic} · figures · ${figures.asOf}`, [
    head('The clinic’s figures', clinic, figures.asOf, [`${figures.from} to ${figures.to}`, ...whose]),
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

/** What is said alike of every horizon is printed for the first. */
function onceEach(says: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const kinds = Map.groupBy(Object.entries(says), ([name]) => name.replace(/-\d+$/, ''));
  return [...kinds].flatMap(([kind, [first, ...alike]]) => {
    if (!first) return [];
    const others = alike.map(([name]) => name.slice(kind.length + 1)).join(', ');
    const name = alike.length === 0 ? words(kind) : `${words(first[0])} days, and alike ${others}`;
    return [[name, first[1]] as const];
  });
}

const definitions = (all: readonly (readonly [string, string])[]): Html =>
  html`<h2>What each figure says</h2>
    <dl>
      ${all.map(
        ([name, says]) =>
          html`<dt>${name}</dt>
            <dd>${says}</dd>`,
      )}
    </dl>`;
