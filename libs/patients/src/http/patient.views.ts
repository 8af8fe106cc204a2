import type { CalendarDate } from '#kernel';

import { HealthFactView, PriorToxinView } from '../health/http/health.views.js';
import { EmergencyContact, GeneralPractitioner, QuietHours } from './contact.dto.js';

export type PatientStatus = 'active' | 'deceased' | 'transferred' | 'merged';

export class PatientSummary {
  id!: string;

  /** @example 1042 */
  number!: number;

  givenName!: string;
  familyName!: string;
  preferredName!: string | null;
  birthDate!: string;
  phone!: string | null;
  email!: string | null;

  status!: PatientStatus;
}

export class PatientView extends PatientSummary {
  sex!: string | null;
  statusOn!: string | null;

  /** Of a merged record: the patient under whom its history is read. */
  mergedIntoId!: string | null;

  contactChannels!: string[];
  language!: string | null;
  quietHours!: QuietHours | null;
  doNotContact!: boolean;
  doNotContactReason!: string | null;
  emergencyContact!: EmergencyContact | null;
  generalPractitioner!: GeneralPractitioner | null;
  note!: string | null;

  /** Also the ETag. */
  version!: number;

  /** Those in force, of records merged into this one too; null for who may not read charts. */
  healthFacts!: HealthFactView[] | null;

  /** Of records merged into this one too; null for who may not read charts. */
  priorToxins!: PriorToxinView[] | null;
}

export class PatientPage {
  items!: PatientSummary[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class PatientChangeView {
  /** The version it made. */
  version!: number;

  /** @example change */
  verb!: string;

  at!: Date;
  byId!: string | null;
  byName!: string | null;
  reason!: string | null;

  /** The changed fields as they were … */
  before!: Record<string, unknown>;

  /** … and as they became. */
  after!: Record<string, unknown>;
}

export class PatientChangePage {
  items!: PatientChangeView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

/** What a list of patients to call needs. */
export interface PatientContact {
  readonly id: string;
  readonly number: number;
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredName: string | null;
  readonly birthDate: CalendarDate;
  readonly phone: string | null;
  readonly email: string | null;
  readonly status: PatientStatus;
  readonly statusOn: CalendarDate | null;
  readonly mergedIntoId: string | null;
  readonly doNotContact: boolean;
  readonly contactChannels: readonly string[];
  readonly language: string | null;
  readonly quietHours: Readonly<QuietHours> | null;
}

/** What other contexts ask of a patient. */
export interface Patient {
  readonly id: string;
  readonly birthDate: CalendarDate;
  readonly status: PatientStatus;
  readonly doNotContact: boolean;
}
