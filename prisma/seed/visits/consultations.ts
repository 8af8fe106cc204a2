import { indicationOf, type PublishedCatalogue } from '#catalogue';
import {
  clear,
  findingKey,
  safetyCheck,
  SCREENING,
  SCREENING_VERSION,
  type Answer,
  type Finding,
} from '#consultations';
import { type CalendarDate, textHash } from '#kernel';

import type { Booking } from './appointments.js';
import type { Chance } from '../chance.js';
import type { Clinic } from '../clinic/clinic.js';
import { pointsOf } from './face.js';
import type { Person } from '../clinic/people.js';
import type { Records } from '../rows.js';
import type { Lot } from '../clinic/stock.js';

export interface Charting {
  readonly chance: Chance;
  readonly records: Records;
  readonly clinic: Clinic;
  readonly catalogue: PublishedCatalogue;
  readonly lots: readonly Lot[];
}

/** What is given in one session. */
export interface Session {
  readonly product: string;
  readonly areas: readonly string[];
  readonly on: CalendarDate;
  /** The full treatment this completes, for a touch-up. */
  readonly completesId: string | null;
}

const CLEARANCE_DAYS = 180;
const CONSENT =
  'Botulinum toxin treatment: what it does, its risks, its alternatives, and doing nothing. Version 2026-01.';
const CONSENT_COVERS = ['risks', 'alternatives', 'no-treatment'];
/** Units the label gives in one point: the largest where it leaves a choice. */
export function unitsPerPoint(catalogue: PublishedCatalogue, product: string, area: string): number {
  const units = indicationOf(catalogue, product, area)?.unitsPerPoint.at(-1);
  if (units === undefined) throw new Error(`The label of ${product} says nothing of a point in ${area}`);
  return units;
}

/**
 * Writes the consultation of a kept visit: answers, the market's safety rules against them, decisions, consent and
 * clearance. Returns the clearance, or null when a rule forbids to treat.
 */
export function consult(
  { chance, records, clinic, catalogue }: Charting,
  person: Person,
  { id: appointmentId, place }: Booking,
  { product, areas, on }: Session,
): string | null {
  const { practitionerId } = place;
  const at = new Date(place.startsAt.getTime() + 3 * 60_000);
  const id = chance.id(at);
  const prescriberId = clinic.prescribers.includes(practitionerId)
    ? practitionerId
    : chance.one(clinic.prescribers);
  const answers = answersOf(person, on);
  const findings = safetyCheck({
    catalogue,
    market: clinic.plan.market,
    products: [product],
    areas,
    birthDate: person.birthDate,
    onDate: on,
    answers,
  });
  const blocked = findings.some(({ severity }) => severity === 'block');
  const row = {
    practitioner_id: practitionerId,
    location_id: place.locationId,
    appointment_id: appointmentId,
  };
  records.add('consultation', {
    id,
    patient_id: person.id,
    ...row,
    held_on: on,
    status: 'closed',
    catalogue_version: catalogue.release,
    version: 2,
    created_at: at,
  });
  for (const { questionId, value } of answers) {
    records.add('screening_answer', {
      id: chance.id(at),
      consultation_id: id,
      patient_id: person.id,
      question_id: questionId,
      questionnaire_version: SCREENING_VERSION,
      answer: { value },
      answered_on: on,
      recorded_by: practitionerId,
      created_at: at,
    });
  }
  for (const area of areas) {
    const units = unitsPerPoint(catalogue, product, area) * pointsOf(area).length;
    records.add('plan_item', { consultation_id: id, area_id: area, product_id: product, units });
    const [atRest, atContraction] = chance.one([
      [0, 2],
      [1, 2],
      [1, 3],
    ] as const);
    records.add('severity_score', {
      consultation_id: id,
      area_id: area,
      scale: 'wrinkle-4',
      at_rest: atRest,
      at_contraction: atContraction,
    });
  }
  for (const finding of findings) {
    const decider = finding.severity === 'prescriber-decision' ? prescriberId : practitionerId;
    addFinding(records, chance.id(at), id, finding, catalogue.release, blocked ? null : { decider, at });
  }
  const clearance = blocked
    ? { outcome: 'deferred', decidedOn: on, expiresOn: null }
    : clear({
        findings,
        decisions: findings
          .filter(({ severity }) => severity === 'prescriber-decision')
          .map((finding) => ({
            findingKey: findingKey(finding),
            proceed: true,
            reason: REASON,
            by: { staffId: prescriberId, isPrescriber: true },
          })),
        acknowledged: findings.map(findingKey),
        decidedOn: on,
        validDays: CLEARANCE_DAYS,
      });
  records.add('consultation_signature', {
    id,
    signed_at: new Date(at.getTime() + 8 * 60_000),
    signed_by: practitionerId,
    signed_name: clinic.nameOf.get(practitionerId) ?? '',
    signed_meaning: 'I assessed this patient as recorded',
  });
  const clearanceId = chance.id(at);
  records.add('clearance', {
    id: clearanceId,
    consultation_id: id,
    patient_id: person.id,
    outcome: clearance.outcome,
    reason: blocked ? 'A safety rule forbids treating today' : null,
    decided_on: on,
    expires_on: clearance.expiresOn,
    decided_by: practitionerId,
    prescriber_id: prescriberId,
    face_to_face_on: on,
    created_at: at,
  });
  if (blocked) return null;
  records.add('consent', {
    id: chance.id(at),
    consultation_id: id,
    patient_id: person.id,
    kind: 'treatment',
    area_id: null,
    text_version: '2026-01',
    text_hash: textHash(CONSENT),
    signed_name: person.name,
    signed_at: at,
    taken_by: practitionerId,
    text_id: consentText(records, chance, practitionerId, at),
    covers: [...CONSENT_COVERS, 'costs'],
    cost_amount: 140 + 70 * areas.length,
    cost_currency: clinic.plan.market === 'UK' ? 'GBP' : 'EUR',
  });
  return clearanceId;
}

/** The clinic's one text, kept when the first patient signs it. */
function consentText(records: Records, chance: Chance, createdBy: string, at: Date): string {
  const kept = records.of('consent_text')[0];
  if (kept) return String(kept['id']);
  const id = chance.id(at);
  records.add('consent_text', {
    id,
    kind: 'treatment',
    area_id: null,
    version: '2026-01',
    text: CONSENT,
    text_hash: textHash(CONSENT),
    covers: CONSENT_COVERS,
    created_by: createdBy,
    created_at: at,
  });
  return id;
}

const REASON = 'Discussed with the patient; benefit outweighs the risk at the label dose';

function addFinding(
  records: Records,
  id: string,
  consultationId: string,
  finding: Finding,
  release: number,
  decided: { readonly decider: string; readonly at: Date } | null,
): void {
  const decision =
    decided === null
      ? null
      : finding.severity === 'prescriber-decision'
        ? 'proceed'
        : finding.severity === 'acknowledge'
          ? 'acknowledged'
          : null;
  records.add('safety_finding', {
    id,
    consultation_id: consultationId,
    rule_code: finding.ruleCode,
    rule_version: release,
    severity: finding.severity,
    product_id: finding.product,
    because: String(finding.because['question'] ?? 'age'),
    evidence: finding,
    decision,
    decision_reason: decision === 'proceed' ? REASON : null,
    decided_by: decision === null ? null : decided?.decider,
    decided_at: decision === null ? null : decided?.at,
  });
}

/** Nothing of note but what is known of the person; a cold sore now and then would only defer the visit. */
function answersOf({ female, milkAllergy, remarks }: Person, on: CalendarDate): Answer[] {
  return SCREENING.map(({ id, unremarkable }): Answer => {
    if (id === 'cow_milk_allergy' && milkAllergy) return { questionId: id, value: 'yes', answeredOn: on };
    if (remarks.includes(id)) return { questionId: id, value: 'yes', answeredOn: on };
    if (id === 'pregnancy' && !female) return { questionId: id, value: 'not-applicable', answeredOn: on };
    return { questionId: id, value: unremarkable[0] ?? 'no', answeredOn: on };
  });
}
