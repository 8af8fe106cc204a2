import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from '../../courses/cycles.reader.js';
import type { ReportActor } from '../../report-frame.js';
import type { Asked, Told } from '../asked.js';
import { share } from '../domain/figure.js';
import { figureSays } from '../domain/figure-definitions.js';
import { outcomesOf, tallyFunnel, tallyWindows } from '../domain/own-windows.js';
import { WindowFiguresQueries } from './window-figures.queries.js';

/** The figures that count repeat-visit windows: who came within their own, and the recall funnel. */
@Injectable()
export class WindowFigures {
  constructor(
    private readonly queries: WindowFiguresQueries,
    private readonly cycles: CyclesReader,
  ) {}

  async inWindow(tx: Tx, actor: ReportActor, asked: Asked): Promise<Told> {
    const { period } = asked;
    const windows = await this.queries.closed(tx, asked);
    const outcomeOf = await this.#outcomes(tx, actor, period.asOf, windows.length);
    const { closed, patients, ...parts } = tallyWindows(windows, outcomeOf, period.asOf);
    const said = { name: 'in-window', definition: figureSays.inWindow(period), unit: 'windows', parts };
    return { figure: share({ ...said, asOf: period.asOf }, parts.onTime, closed), patients };
  }

  async funnel(tx: Tx, actor: ReportActor, asked: Asked): Promise<Told[]> {
    const { period } = asked;
    const windows = await this.queries.opened(tx, asked);
    const outcomeOf = await this.#outcomes(tx, actor, period.asOf, windows.length);
    const { due, contacted, reached, booked, attended, patients } = tallyFunnel(windows, outcomeOf);
    const said = { asOf: period.asOf, unit: 'windows' };
    const steps = [
      ['funnel-contacted', figureSays.funnelContacted(period), contacted, due, { reached }],
      ['funnel-booked', figureSays.funnelBooked(period), booked, due, {}],
      ['funnel-attended', figureSays.funnelAttended(period), attended, booked, {}],
    ] as const;
    return steps.map(([name, definition, x, n, parts]) => ({
      figure: share({ ...said, name, definition, parts }, x, n),
      patients,
    }));
  }

  /** What became of treatments; nothing is read where nothing is asked. */
  async #outcomes(
    tx: Tx,
    actor: ReportActor,
    asOf: CalendarDate,
    asked: number,
  ): Promise<ReturnType<typeof outcomesOf>> {
    if (asked === 0) return () => null;
    const { columns, values } = await this.cycles.read(tx, actor, { scope: 'same-area', asOf }, ['area'], {});
    return outcomesOf(columns, values);
  }
}
