import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** Areas a prescriber approved a touch-up in that one of these versions of a treatment was begun for. */
export type ReadApprovedAreas = (tx: Tx, treatmentIds: readonly string[]) => Promise<readonly string[]>;

/** Reviews are above treatments: what a prescriber approved there is asked for through this. */
@Injectable()
export class TouchUpApprovalsPort {
  #readAreas: ReadApprovedAreas = () => Promise.resolve([]);

  subscribe(readAreas: ReadApprovedAreas): void {
    this.#readAreas = readAreas;
  }

  areas(tx: Tx, treatmentIds: readonly string[]): Promise<readonly string[]> {
    return this.#readAreas(tx, treatmentIds);
  }
}
