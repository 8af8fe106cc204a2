import { record } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId } from '#kernel';
import { Injectable, Logger } from '@nestjs/common';

import { EmergencyAccessOff, NoEmergencyAccess, PatientNotHere } from '../domain/privacy.errors.js';
import { PatientRowsRepository } from '../rows/patient-rows.repository.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import { EmergenciesRepository } from './emergencies.repository.js';
import type {
  EmergencyPage,
  EmergencyRecord,
  EmergencyView,
  FindEmergencies,
  OpenRecord,
} from './http/emergency.dto.js';

const NOT_SHOWN: ReadonlySet<string> = new Set([
  'audit_event',
  'idempotency_key',
  'access_export',
  'emergency_access',
  'erasure',
  'legal_hold',
]);

/** Breaking the glass: a record is opened without permission, with a reason, for minutes, and the office looks at it after. */
@Injectable()
export class EmergenciesService {
  readonly #log = new Logger('Emergency');

  constructor(
    private readonly database: Database,
    private readonly emergencies: EmergenciesRepository,
    private readonly settings: SettingsRepository,
    private readonly patients: PatientRowsRepository,
  ) {}

  /** @throws EmergencyAccessOff, PatientNotHere */
  async open(actor: RequestActor, patientId: string, { reason }: OpenRecord): Promise<EmergencyView> {
    const view = await this.database.write(actor, async (tx) => {
      const { emergencyAccess, emergencyMinutes } = await this.settings.read(tx);
      if (!emergencyAccess) throw new EmergencyAccessOff();
      if (!(await this.patients.knows(tx, patientId))) throw new PatientNotHere();
      const endsAt = new Date(tx.now.getTime() + emergencyMinutes * 60_000);
      const opened = await this.emergencies.open(tx, patientId, actor.staffId, reason, endsAt);
      await record(tx, { action: 'emergency.open', entityId: opened.id, patientId });
      return opened;
    });
    this.#log.warn({
      event: 'emergency.open',
      emergency: view.id,
      clinic: actor.clinicId,
      staff: actor.staffId,
    });
    return view;
  }

  /** The whole record, read only, while an opening of one's own stands. @throws NoEmergencyAccess, PatientNotHere */
  record(actor: RequestActor, patientId: string): Promise<EmergencyRecord> {
    return this.database.read(actor, async (tx) => {
      if (!(await this.patients.knows(tx, patientId))) throw new PatientNotHere();
      const standing = await this.emergencies.standing(tx, patientId, actor.staffId);
      if (standing === null) throw new NoEmergencyAccess();
      const found = await this.patients.find(tx, patientId);
      if (!found) throw new PatientNotHere();
      await record(tx, { action: 'emergency.read', entityId: standing, patientId });
      const shown = [...found.rows].filter(([table]) => !NOT_SHOWN.has(table));
      return { patientId, record: Object.fromEntries(shown.map(([table, rows]) => [table, [...rows]])) };
    });
  }

  find(actor: RequestActor, { unreviewed = false, limit, after }: FindEmergencies): Promise<EmergencyPage> {
    const cursor = readCursor(after, [isId]);
    return this.database.read(actor, async (tx) => {
      const rows = await this.emergencies.list(
        tx,
        cursor === null ? null : String(cursor[0]),
        unreviewed,
        limit,
      );
      return pageOf(rows, limit, ({ id }) => [id]);
    });
  }

  /** The office looked at it; a second look changes nothing. @throws PatientNotHere */
  review(actor: RequestActor, id: string): Promise<EmergencyView> {
    return this.database.write(actor, async (tx) => {
      await this.emergencies.review(tx, id, actor.staffId);
      const view = await this.emergencies.read(tx, id);
      if (!view) throw new PatientNotHere();
      await record(tx, { action: 'emergency.review', entityId: id, patientId: view.patientId });
      return view;
    });
  }
}
