import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import type { ReturnCurveView } from '../../http/return-groups.dto.js';
import { Html, html } from './html.js';

/** A named curve; the band is its 95 % interval. */
export interface NamedCurve {
  readonly name: string;
  readonly curve: ReturnCurveView;
}

// Okabe & Ito's colours, told apart by the colour-blind; dashes tell them apart in black and white.
const STROKES = [
  { colour: '#0072b2', dash: '' },
  { colour: '#d55e00', dash: '7 3' },
  { colour: '#009e73', dash: '2 3' },
  { colour: '#cc79a7', dash: '10 3 2 3' },
  { colour: '#56677a', dash: '4 2' },
  { colour: '#8a6d00', dash: '14 4' },
] as const;
export const MOST_CURVES = STROKES.length;
const [WIDTH, HEIGHT] = [760, 340];

interface Point {
  readonly day: number;
  readonly back: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Return curves as SVG with title, description and a legend; the interval is shaded where one curve stands alone. */
export function curvesFigure(
  curves: readonly NamedCurve[],
  lastDay: number,
  title: string,
  id: string,
): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = curves
    .slice(0, MOST_CURVES)
    .map(({ name, curve }, i) => ({ name, points: pointsOf(curve, lastDay), ...stroke(i) }));
  const [alone] = drawn.length === 1 ? drawn : [];
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 30,
    marginLeft: 48,
    marginBottom: 42,
    style: { fontSize: '12px', fontFamily: 'inherit' },
    x: {
      domain: [0, lastDay],
      label: 'Days after the treatment',
      ticks: ticksTo(lastDay),
      tickFormat: String,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: [0, 1],
      label: 'Patients back',
      tickFormat: (share: number) => `${Math.round(share * 100)} %`,
      ticks: 5,
      grid: true,
      labelArrow: 'none',
    },
    marks: [
      Plot.ruleY([0]),
      ...(alone
        ? [
            Plot.areaY(alone.points, {
              x: 'day',
              y1: 'lower',
              y2: 'upper',
              curve: 'step-after',
              fill: alone.colour,
              fillOpacity: 0.16,
            }),
          ]
        : []),
      ...drawn.map(({ points, colour, dash }) =>
        Plot.line(points, {
          x: 'day',
          y: 'back',
          curve: 'step-after',
          stroke: colour,
          strokeWidth: 2,
          ...(dash === '' ? {} : { strokeDasharray: dash }),
        }),
      ),
    ],
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title ${id}-description`);
  const said = drawn.map(
    ({ name, points }) => `${name}: ${percent(points.at(-1)?.back ?? 0)} back by day ${lastDay}`,
  );
  const inner = svg.outerHTML.replace(
    />/,
    html`><title id="${id}-title">${title}</title><desc id="${id}-description">${said.join('; ')}.</desc>`
      .text,
  );
  return html`<div class="figure">${new Html(inner)}${drawn.length > 1 ? legend(drawn) : html``}</div>`;
}

const stroke = (i: number) => STROKES[i % STROKES.length] ?? STROKES[0];
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function legend(
  drawn: readonly { readonly name: string; readonly colour: string; readonly dash: string }[],
): Html {
  return html`<ul class="legend">
    ${drawn.map(
      ({ name, colour, dash }) =>
        html`<li>
          <svg width="34" height="10" aria-hidden="true">
            <line
              x1="1"
              x2="33"
              y1="5"
              y2="5"
              stroke="${colour}"
              stroke-width="2.5"
              stroke-dasharray="${dash}"
            /></svg
          >${name}
        </li>`,
    )}
  </ul>`;
}

/** The steps up to the last day, and the level they leave off at drawn to there while anybody is watched. */
function pointsOf({ days, probability, lower, upper }: ReturnCurveView, lastDay: number): Point[] {
  const points = days.flatMap((day, i) =>
    day > lastDay
      ? []
      : [{ day, back: probability[i] ?? 0, lower: lower[i] ?? null, upper: upper[i] ?? null }],
  );
  const last = points.at(-1);
  return last && last.day < lastDay ? [...points, { ...last, day: lastDay }] : points;
}

function ticksTo(lastDay: number): number[] {
  const step = lastDay <= 400 ? 30 : Math.ceil(lastDay / 12 / 30) * 30;
  return Array.from({ length: Math.floor(lastDay / step) + 1 }, (_, i) => i * step);
}
