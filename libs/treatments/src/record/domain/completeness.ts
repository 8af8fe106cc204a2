import type { Market } from '#catalogue';
import { FIELD_COUNT, LATER_FIELDS, RECORD_ITEMS, type RecordCode } from './record-demands.js';
import type { Demand, RecordItem } from './record-item.js';

/** What a treatment's record has, as far as the 22 fields ask for it. */
export interface RecordFacts {
  readonly kind: 'full' | 'touch-up';
  readonly on: string;
  readonly record: {
    readonly identityChecked: string | null;
    readonly historyConfirmed: boolean;
    readonly anaesthesia: string | null;
    readonly immediateReaction: string | null;
    readonly aftercareVersion: string | null;
    readonly reviewChoice: string | null;
    readonly photosBefore: string | null;
    readonly windowShown: boolean;
    readonly gpLetter: string | null;
  };
  readonly injections: readonly {
    readonly area: string;
    readonly muscle: string | null;
    readonly x: number | null;
    readonly y: number | null;
    readonly depth: string | null;
    readonly needle: string | null;
    readonly lotId: string;
    readonly volumeMl: number | null;
  }[];
  readonly lots: readonly {
    readonly id: string;
    readonly gtin: string | null;
    readonly serial: string | null;
  }[];
  /** Areas off label without the patient's consent to that. */
  readonly offLabelWithoutConsent: readonly string[];
  /** Areas injected before their earliest day that no prescriber decided on. */
  readonly earlyUndecided: readonly string[];
  /** Null: the treatment rests on no consultation. */
  readonly consultation: {
    readonly isSigned: boolean;
    readonly prescriberId: string | null;
    readonly faceToFaceOn: string | null;
    readonly consents: readonly {
      readonly kind: string;
      readonly covers: readonly string[];
      readonly costAmount: number | null;
    }[];
    readonly severity: readonly { readonly area: string }[];
    readonly screening: readonly { readonly questionId: string; readonly answeredOn: string | null }[];
    /** Questions that decide something for what is injected and have no fresh answer. */
    readonly unanswered: readonly string[];
  } | null;
}

export interface MissingItem {
  readonly field: number;
  readonly code: RecordCode;
  readonly text: string;
  readonly where: string;
  /** Whether the treatment cannot be signed without it. */
  readonly blocks: boolean;
  /** Areas, lots or questions it is missing for; empty: for the treatment as a whole. */
  readonly of: readonly string[];
}

export interface Completeness {
  readonly fields: readonly {
    readonly field: number;
    readonly state: 'complete' | 'missing' | 'later' | 'not-asked';
  }[];
  readonly missing: readonly MissingItem[];
}

/** Questions with a field of their own; the others are the medical history (field 4). */
const OWN_FIELD: Readonly<Record<string, RecordCode>> = {
  other_toxin: 'prior_toxin_unanswered',
  pregnancy: 'pregnancy_unanswered',
  breastfeeding: 'breastfeeding_unanswered',
  body_image: 'body_image_unanswered',
};

const WHOLE: readonly string[] = [''];
const when = (isMissing: boolean): readonly string[] => (isMissing ? WHOLE : []);

/** What the record lacks of the 22 fields in this market, and what that means for signing. */
export function completeness(facts: RecordFacts, market: Market): Completeness {
  const lacks = lacking(facts);
  const asked: readonly RecordItem[] = RECORD_ITEMS;
  const demandOf = (item: RecordItem): Demand =>
    item.notForTouchUps && facts.kind === 'touch-up' ? 'not-asked' : item.demand[market];
  const missing = RECORD_ITEMS.flatMap((item): MissingItem[] => {
    const demand = demandOf(item);
    const of = lacks[item.code];
    if (demand === 'not-asked' || of.length === 0) return [];
    const { field, code, text, where } = item;
    return [{ field, code, text, where, blocks: demand === 'blocks', of: of.filter((one) => one !== '') }];
  });
  const fields = Array.from({ length: FIELD_COUNT }, (_, index) => {
    const field = index + 1;
    const items = asked.filter((item) => item.field === field);
    if (LATER_FIELDS.includes(field)) return { field, state: 'later' as const };
    if (items.length > 0 && items.every((item) => demandOf(item) === 'not-asked'))
      return { field, state: 'not-asked' as const };
    return {
      field,
      state: missing.some((item) => item.field === field) ? ('missing' as const) : ('complete' as const),
    };
  });
  return { fields, missing };
}

/** What each item is missing for; one empty name stands for the treatment as a whole. */
function lacking(facts: RecordFacts): Readonly<Record<RecordCode, readonly string[]>> {
  const { record, injections, consultation } = facts;
  const areasWhere = (isMissing: (point: RecordFacts['injections'][number]) => boolean): string[] => [
    ...new Set(injections.filter(isMissing).map(({ area }) => area)),
  ];
  const open = consultation?.unanswered ?? [];
  const unanswered = (code: RecordCode): readonly string[] =>
    when(consultation === null || open.some((questionId) => OWN_FIELD[questionId] === code));
  const isHistory = (questionId: string): boolean => OWN_FIELD[questionId] === undefined;
  const isOfToday = consultation?.screening
    .filter(({ questionId, answeredOn }) => isHistory(questionId) && answeredOn !== null)
    .every(({ answeredOn }) => answeredOn === facts.on);
  const consents = (consultation?.consents ?? []).filter(({ kind }) => kind === 'treatment');
  const untold = (topic: string): readonly string[] =>
    when(!consents.some(({ covers }) => covers.includes(topic)));
  const quoted = consents.some(({ costAmount }) => costAmount !== null);
  return {
    identity_unverified: when(record.identityChecked === null),
    prescriber_missing: when(!consultation?.prescriberId),
    face_to_face_missing: when(!consultation?.faceToFaceOn),
    consultation_unsigned: when(!consultation?.isSigned),
    history_unanswered: consultation ? open.filter(isHistory) : WHOLE,
    history_not_confirmed: when(!record.historyConfirmed && isOfToday !== true),
    prior_toxin_unanswered: unanswered('prior_toxin_unanswered'),
    pregnancy_unanswered: unanswered('pregnancy_unanswered'),
    breastfeeding_unanswered: unanswered('breastfeeding_unanswered'),
    body_image_unanswered: unanswered('body_image_unanswered'),
    severity_missing: areasWhere(({ area }) => !consultation?.severity.some((score) => score.area === area)),
    off_label_consent_missing: facts.offLabelWithoutConsent,
    consent_missing: when(consents.length === 0),
    risks_untold: untold('risks'),
    alternatives_untold: untold('alternatives'),
    no_treatment_untold: untold('no-treatment'),
    costs_untold: quoted ? [] : untold('costs'),
    pack_code_missing: facts.lots
      .filter(({ gtin, serial }) => gtin === null || serial === null)
      .map(({ id }) => id),
    dilution_unknown: areasWhere(({ volumeMl }) => volumeMl === null),
    injections_missing: when(injections.length === 0),
    muscle_missing: areasWhere(({ muscle }) => muscle === null),
    place_missing: areasWhere(({ x, y }) => x === null || y === null),
    depth_missing: areasWhere(({ depth }) => depth === null),
    needle_missing: areasWhere(({ needle }) => needle === null),
    anaesthesia_missing: when(record.anaesthesia === null),
    photos_missing: when(record.photosBefore === null),
    reaction_missing: when(record.immediateReaction === null),
    aftercare_missing: when(record.aftercareVersion === null),
    review_unoffered: when(record.reviewChoice === null),
    window_not_shown: when(!record.windowShown),
    early_reason_missing: facts.earlyUndecided,
    gp_letter_missing: when(record.gpLetter === null),
  };
}
