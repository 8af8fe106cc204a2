import type { ClinicFiguresView, FigureView, OtherSystemsView } from '../../figures/http/figures.dto.js';
import { html, type Html } from './html.js';
import { count, interval, percent, words } from './words.js';

const UNSAID: Record<string, string> = {
  'nothing-to-count': 'nothing to count',
  'period-not-over': 'the time after the period is still to come',
  'too-few-patients': 'too few patients to be told',
};

const figureRow = (figure: FigureView, name: string): Html =>
  html`<tr>
    <td>${name}</td>
    <td>${percent(figure.value)}</td>
    <td>${interval(figure.lower, figure.upper)}</td>
    <td>${interval(figure.exactLower, figure.exactUpper)}</td>
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
        <th>95 % Wilson</th>
        <th>exact</th>
        <th>of</th>
        <th class="word">counted</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;

/** `ofWhom` says whose figures they are, where the page says another thing of what stands above. */
export const figuresSection = ({ figures, from, to }: ClinicFiguresView, ofWhom: Html = html``): Html =>
  html`<h2>Figures from ${from} to ${to}</h2>
    ${ofWhom} ${figureTable(figures.map((figure) => figureRow(figure, words(figure.name))))}`;

export const othersSection = ({ figures, from, to }: OtherSystemsView): Html =>
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
