import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Asked, Told } from '../asked.js';
import { share } from '../domain/figure.js';
import { figureSays } from '../domain/figure-definitions.js';
import { tallyFunnel, tallyWindows, type OutcomeOf } from '../domain/own-windows.js';
import { WindowFiguresQueries } from './window-figures.queries.js';

/** The figures that count repeat-visit windows: who came within their own, and the recall funnel. */
@Injectable()
export class WindowFigures {
  constructor(private readonly queries: WindowFiguresQueries) {}

  /** `outcomeOf` says what became of treatments. */
  async inWindow(tx: Tx, asked: Asked, outcomeOf: OutcomeOf): Promise<Told> {
    const { period } = asked;
    const windows = await this.queries.closed(tx, asked);
    const { closed, patients, ...parts } = tallyWindows(windows, outcomeOf, period.asOf);
    const said = { name: 'in-window', definition: figureSays.inWindow(period), unit: 'windows', parts };
    return { figure: share({ ...said, asOf: period.asOf }, parts.onTime, closed), patients };
  }

  async funnel(tx: Tx, asked: Asked, outcomeOf: OutcomeOf): Promise<Told[]> {
    const { period } = asked;
    const windows = await this.queries.opened(tx, asked);
    const found = tallyFunnel(windows, outcomeOf);
    const { due, contacted, reached, booked, attended, patients, patientsBooked } = found;
    const said = { asOf: period.asOf, unit: 'windows' };
    const ofDue = { n: due, patients };
    const ofBooked = { n: booked, patients: patientsBooked };
    const steps = [
      ['funnel-contacted', figureSays.funnelContacted(period), contacted, ofDue, { reached }],
      ['funnel-booked', figureSays.funnelBooked(period), booked, ofDue, {}],
      ['funnel-attended', figureSays.funnelAttended(period), attended, ofBooked, {}],
    ] as const;
    return steps.map(([name, definition, x, of, parts]) => ({
      figure: share({ ...said, name, definition, parts }, x, of.n),
      patients: of.patients,
    }));
  }
}
