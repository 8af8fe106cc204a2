import type { StaffKind, TestClinic } from '#identity/testing';
import { newId } from '#kernel';

import type { Answer, TestApi } from './test-api.js';

interface Question {
  readonly id: string;
  readonly answers: readonly string[];
}

export interface Finding {
  readonly key: string;
  readonly ruleCode: string;
  readonly severity: string;
  readonly version: string;
  readonly sources: readonly string[];
  readonly product: string | null;
}

export interface Consultation extends Record<string, unknown> {
  readonly id: string;
  readonly comesTo: string;
  readonly findings: readonly Finding[];
  readonly clearance: { readonly id: string } | null;
}

export interface Planned {
  readonly area: string;
  readonly product: string;
  readonly units: number;
}

/** A clinic's prescriber at work, request by request; walk-ins at one location. */
export class Charting {
  /** Requests sent so far. */
  requests = 0;

  private constructor(
    private readonly api: TestApi,
    readonly clinic: TestClinic,
    readonly locationId: string,
  ) {}

  static async at(api: TestApi, clinic: TestClinic): Promise<Charting> {
    const locationId = newId();
    await api.db.admin.query(
      `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, 'Charting room', 'Europe/London')`,
      [clinic.clinicId, locationId],
    );
    return new Charting(api, clinic, locationId);
  }

  send<Body = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
    { as = 'prescriber', headers = {} }: { as?: StaffKind; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    this.requests += 1;
    const who = { token: this.clinic.token[as] };
    return this.api.send<Body>(
      who,
      method,
      `/v1/${url}`,
      body === undefined ? { headers } : { body, headers },
    );
  }

  async patient(given: object = {}): Promise<string> {
    const registration = {
      givenName: 'Zoë',
      familyName: 'Núñez',
      birthDate: '1984-03-12',
      notADuplicate: true,
      ...given,
    };
    const { body } = await this.send('POST', 'patients', registration, { as: 'receptionist' });
    return String(body['id']);
  }

  /** Planned, screened and scored in one request; whatever is not named is answered unremarkably. */
  async assess(
    patientId: string,
    plan: readonly Planned[],
    said: Record<string, string> = {},
  ): Promise<Consultation> {
    const asked = await this.send<{ questions: Question[] }>('GET', 'screening-questionnaire');
    const answers = asked.body.questions.map(({ id, answers: [first] }) => ({
      questionId: id,
      value: said[id] ?? first,
    }));
    const severity = plan.map(({ area }) => ({ area, scale: 'wrinkle-4', atRest: 1, atContraction: 3 }));
    const begun = { patientId, locationId: this.locationId, plan, answers, severity };
    const { body } = await this.send<Consultation>('POST', 'consultations', begun);
    return body;
  }

  /** Assessed, consented and cleared. */
  async cleared(patientId: string, plan: readonly Planned[]): Promise<{ id: string; clearanceId: string }> {
    const { id } = await this.assess(patientId, plan);
    const consent = {
      kind: 'treatment',
      textVersion: '2026-10',
      text: 'I was told of risks, alternatives and of doing nothing, and I agree.',
      covers: ['risks', 'alternatives', 'no-treatment'],
      cost: { amount: 350, currency: 'GBP' },
      signedName: 'Zoë Núñez',
    };
    await this.send('POST', `consultations/${id}/consents`, consent);
    const { body } = await this.send<Consultation>('POST', `consultations/${id}/clear`, {});
    return { id, clearanceId: body.clearance?.id ?? '' };
  }

  /** A lot received with a scanned pack. */
  async lot(product = 'ona', number = `L-${product}`): Promise<string> {
    const lot = { product, vialUnits: 100, number, expiresOn: '2090-06-30' };
    const { body } = await this.send('POST', 'lots', lot, { as: 'practitioner' });
    return String(body['id']);
  }
}

/** What every market wants in the record of a signed treatment, and everything else the 22 fields ask for. */
export const WHOLE_RECORD = {
  identityChecked: 'photo-id',
  historyConfirmed: true,
  anaesthesia: 'none',
  immediateReaction: 'none',
  aftercareVersion: '2026-10',
  reviewChoice: 'offered',
  photosBefore: 'taken',
  windowShown: true,
  gpLetter: 'declined',
};

const points = (
  area: string,
  muscle: string,
  places: readonly (readonly [side: string, x: number, y: number])[],
) =>
  places.map(([side, x, y]) => ({
    area,
    muscle,
    side,
    x,
    y,
    depth: 'intramuscular',
    needle: '32G 4 mm',
    product: 'ona',
    units: 4,
  }));

/** The label's sixteen points of glabella, forehead and crow's feet, four units of ona each. */
export const UPPER_FACE = [
  ...points('glabella', 'corrugator supercilii', [
    ['midline', 0.5, 0.36],
    ['left', 0.46, 0.34],
    ['left', 0.43, 0.33],
    ['right', 0.54, 0.34],
    ['right', 0.57, 0.33],
  ]),
  ...points('forehead', 'frontalis', [
    ['midline', 0.5, 0.22],
    ['left', 0.42, 0.22],
    ['left', 0.35, 0.24],
    ['right', 0.58, 0.22],
    ['right', 0.65, 0.24],
  ]),
  ...points('lateral_canthal', 'orbicularis oculi (lateral)', [
    ['left', 0.25, 0.4],
    ['left', 0.24, 0.43],
    ['left', 0.25, 0.46],
    ['right', 0.75, 0.4],
    ['right', 0.76, 0.43],
    ['right', 0.75, 0.46],
  ]),
];

export const UPPER_FACE_PLAN: readonly Planned[] = [
  { area: 'glabella', product: 'ona', units: 20 },
  { area: 'forehead', product: 'ona', units: 20 },
  { area: 'lateral_canthal', product: 'ona', units: 24 },
];
